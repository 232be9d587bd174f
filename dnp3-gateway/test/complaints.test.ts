/** Hubs that answer, but with what nobody understands or with complaints: only that is lost, and they stay online. */
import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { createLog } from '../../platform/log/index.ts'
import { FunctionCode } from '../dnp3/index.ts'
import { caseOf, type Device, startDevice } from './support/device.ts'
import { hubIdOf, type Rig, startRig } from './support/rig.ts'

const hubId = hubIdOf(1)
/** An empty answer without indications. */
const nothing = 'c0 81 00 00'
/** The class headers of an integrity poll. */
const integrity = '3c02063c03063c04063c0106'

/** A hub that answers integrity polls with a case and everything else with an empty answer, and its gateway. */
async function answering(name: string) {
  const device = await startDevice(({ code, objects }) =>
    code === FunctionCode.read && objects === integrity ? caseOf(name) : nothing,
  )
  return { device, ...(await gatewayOf(device)) }
}

async function gatewayOf(device: Device): Promise<{ rig: Rig; lines: () => Record<string, unknown>[] }> {
  const stream = new PassThrough()
  const written: string[] = []
  stream.on('data', (chunk) => written.push(String(chunk)))
  const log = createLog('gateway', 'info', stream)
  const rig = await startRig({ assignment: { port: device.port }, gateway: { log } })
  return {
    rig,
    lines: () =>
      written
        .join('')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
  }
}

const statusOf = (rig: Rig) => rig.gateway.hubs().find((hub) => hub.hubId === hubId)

/** What the server has got: the values by feeder, phase and quantity. */
const valuesOf = (rig: Rig) =>
  Object.fromEntries(rig.dno.readings(hubId).map((r) => [`${r.feeder} ${r.phase} ${r.quantity}`, r.value]))

/** Index 0 of a monitor is the voltage of L1, index 1 its current. */
const voltage = '1 L1 voltage'
const current = '1 L1 current'

describe('an answer that holds more than is understood', () => {
  test.each([
    ['time-object-among-analogs', { [voltage]: 1, [current]: 2 }, 0],
    ['unknown-group-after-an-event', { [voltage]: 5 }, 1],
    ['empty-string-after-analogs', { [voltage]: 1, [current]: 2 }, 0],
    ['empty-string-before-analogs', { [voltage]: 1, [current]: 2 }, 0],
    ['unknown-variation-after-an-event', { [voltage]: 5 }, 1],
    ['unknown-group-of-known-size-before-a-value', { [voltage]: 7 }, 0],
    ['unknown-group-in-the-first-of-two', { [voltage]: 7 }, 1],
    ['value-beside-a-parameter-error', { [voltage]: 7 }, 0],
    ['value-beside-an-unknown-object-bit', { [voltage]: 7 }, 0],
  ])('%s: the rest of it is kept and confirmed, and the hub is online', async (name, values, confirms) => {
    const { device, rig } = await answering(name)
    await using _device = device
    await using _rig = rig
    await rig.pass(60)
    await rig.pass(1)
    expect(valuesOf(rig)).toEqual(values)
    expect(statusOf(rig)).toMatchObject({ link: 'online', failedPolls: 0, malformedFrames: 0 })
    const polls = device.requests.filter(({ objects }) => objects === integrity).length
    expect(device.confirms.length).toBe(confirms * polls)
  })
})

describe('a hub that answers, but complains', () => {
  test('is logged by group and variation, once for each kind, and reported apart from one that does not answer', async () => {
    const { device, rig, lines } = await answering('unknown-group-after-an-event')
    await using _device = device
    await using _rig = rig
    await rig.pass(600)
    const said = lines().filter(({ msg }) => String(msg).includes('not understood'))
    expect(said).toMatchObject([{ hub: 'Hub 1', objects: ['g115v1'], octets: 6 }])
    expect(lines().filter(({ level }) => Number(level) >= 40)).toHaveLength(1)
    expect(rig.dno.report(hubId)).toMatchObject({ link: 'online', complaints: ['g115v1'], failedPolls: 0 })
  })

  test('is not quarantined, however often it does so', async () => {
    const { device, rig } = await answering('unknown-group-after-an-event')
    await using _device = device
    await using _rig = rig
    await rig.pass(60)
    for (let n = 0; n < 30; n++) {
      const event = String(caseOf('unsolicited-event-before-an-unknown-group'))
      device.say(event.replace(/^f0/, `f${(n % 16).toString(16)}`))
      await expect.poll(() => device.confirms.filter((confirm) => confirm.startsWith('d')).length).toBe(n + 1)
    }
    await rig.pass(60)
    expect(statusOf(rig)).toMatchObject({ link: 'online', quarantinedUntilMs: null, malformedFrames: 0 })
  })

  test('by a bit of its indications is named, also by one that the standard reserves', async () => {
    const device = await startDevice(() => 'c0 81 40 e4 1e 05 00 00 00 01 00 00 e0 40')
    await using _device = device
    const { rig, lines } = await gatewayOf(device)
    await using _rig = rig
    await rig.pass(300)
    const indications = [
      'IIN2.2 parameterError',
      'IIN2.5 configurationCorrupt',
      'IIN2.6',
      'IIN2.7',
      'IIN1.6 deviceTrouble',
    ]
    expect(lines().filter(({ msg }) => msg === 'hub answers, but complains')).toMatchObject([{ indications }])
    expect(rig.dno.report(hubId)).toMatchObject({ link: 'online', complaints: indications })
    expect(valuesOf(rig)).toEqual({ [voltage]: 7 })
  })

  test('and then does not is listed without a complaint', async () => {
    let away = false
    const device = await startDevice(() => (away ? null : caseOf('value-beside-a-parameter-error')))
    await using _device = device
    await using rig = await startRig({
      assignment: { port: device.port },
      gateway: { link: { responseTimeoutMs: 100 } },
    })
    await rig.pass(60)
    expect(statusOf(rig)).toMatchObject({ link: 'online', complaints: ['IIN2.2 parameterError'] })
    away = true
    await rig.pass(60)
    expect(statusOf(rig)).toMatchObject({ link: 'offline', complaints: [] })
  })

  test('and refuses classes altogether is read by the groups of its map, at growing intervals when that is refused too', async () => {
    const groups = '0100061e0006'
    let refusesGroups = false
    const device = await startDevice(({ code, objects }) => {
      if (code !== FunctionCode.read) return nothing
      if (objects === groups && !refusesGroups) return 'c0 81 00 00 1e 05 00 00 00 01 00 00 e0 40'
      return caseOf('nothing-but-a-refusal')
    })
    await using _device = device
    await using rig = await startRig({ assignment: { port: device.port } })
    await rig.pass(60)
    expect(valuesOf(rig)).toEqual({ [voltage]: 7 })
    expect(statusOf(rig)).toMatchObject({ link: 'online', complaints: ['IIN2.1 objectUnknown'] })
    refusesGroups = true
    device.requests.length = 0
    await rig.pass(3_600)
    // Refused first within a minute, then after 1, 2, 4, 8, 16 and 32 minutes.
    const tries = device.requests.filter(({ objects }) => objects === groups).length
    expect(tries).toBeGreaterThanOrEqual(5)
    expect(tries).toBeLessThanOrEqual(7)
  })

  test('and whose answer breaks off at an object of unknown size is read by group behind it', async () => {
    const device = await startDevice(({ code, objects }) => {
      if (code !== FunctionCode.read) return nothing
      // g115v1 before the voltage: its size is nowhere on the wire.
      return objects === integrity
        ? 'c0 81 00 00 73 01 00 00 00 41 1e 05 00 00 00 01 00 00 e0 40'
        : objects.endsWith('1e0006')
          ? caseOf('value-beside-a-parameter-error')
          : nothing
    })
    await using _device = device
    await using rig = await startRig({ assignment: { port: device.port } })
    await rig.pass(60)
    expect(valuesOf(rig)).toEqual({ [voltage]: 7 })
  })

  test('but contradicts itself is malformed as before', async () => {
    // A range that ends before it begins, behind an event.
    const device = await startDevice(() => 'e0 81 00 00 20 07 17 01 00 01 00 00 a0 40 00 68 e5 cf 8b 01 1e 05 00 09 03')
    await using _device = device
    await using rig = await startRig({ assignment: { port: device.port } })
    await rig.pass(60)
    expect(statusOf(rig)).toMatchObject({ link: 'offline' })
    expect(device.confirms).toEqual([])
    expect(valuesOf(rig)).toEqual({})
  })
})
