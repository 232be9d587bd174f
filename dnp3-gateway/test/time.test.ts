/** Hubs whose clock is set by one procedure or the other, and the times that their events bear. */
import { PassThrough } from 'node:stream'
import { Instant } from '@js-joda/core'
import { describe, expect, test } from 'vitest'
import { createLog } from '../../platform/log/index.ts'
import { FunctionCode } from '../dnp3/index.ts'
import { caseOf, type Device, type DeviceRequest, startDevice } from './support/device.ts'
import { start, startRig } from './support/rig.ts'

/** Empty answers: all is well, the time is needed, the function is not supported (IIN2.0), the object is unknown (IIN2.1). */
const well = 'c0 81 00 00'
const needsTime = 'c0 81 10 00'
const notSupported = 'c0 81 10 01'
const unknownObject = 'c0 81 10 02'
const refusals: readonly unknown[] = [notSupported, unknownObject]

/** A hub that needs the time until a write of a variation of g50 is accepted. */
async function startClock(answers: Partial<Record<'record' | 'measure' | 'v1' | 'v3', string>>) {
  const set: { variation: number; timeMs: number }[] = []
  const refused: DeviceRequest[] = []
  const answer = (request: DeviceRequest): string => {
    const { code, objects } = request
    if (code === FunctionCode.recordCurrentTime) return answers.record ?? notSupported
    if (code === FunctionCode.delayMeasure) return answers.measure ?? notSupported
    if (code !== FunctionCode.write || !objects.startsWith('32')) return set.length > 0 ? well : needsTime
    const variation = Number.parseInt(objects.slice(2, 4), 16)
    const given = answers[`v${variation}` as 'v1' | 'v3'] ?? unknownObject
    if (given === well) set.push({ variation, timeMs: Buffer.from(objects.slice(8), 'hex').readUIntLE(0, 6) })
    return given
  }
  const device = await startDevice((request) => {
    const given = answer(request)
    if (refusals.includes(given)) refused.push(request)
    return given
  })
  return { device, set, refused }
}

async function rigOf(device: Device, responseTimeoutMs = 3_000) {
  const stream = new PassThrough()
  const written: string[] = []
  stream.on('data', (chunk) => written.push(...String(chunk).trim().split('\n')))
  const log = createLog('gateway', 'info', stream)
  const link = { responseTimeoutMs }
  const rig = await startRig({ assignment: { port: device.port }, gateway: { log, link } })
  const warnings = () => written.map((line) => JSON.parse(line)).filter(({ level }) => level >= 40)
  return { rig, warnings }
}

const delay = String(caseOf('delay-of-no-milliseconds'))

describe('FM24 a clock that one procedure cannot set', () => {
  test.each([
    ['refuses to record the moment', { measure: delay, v1: well }, 1, 1],
    ['records the moment and refuses the time of it', { record: well, measure: delay, v1: well }, 1, 1],
  ])('%s: it is set by the other, which is kept to from then on', async (_, answers, variation, refusals) => {
    const { device, set, refused } = await startClock(answers)
    await using _device = device
    const { rig, warnings } = await rigOf(device)
    await using _rig = rig
    await rig.pass(60)
    const [first] = set
    expect(first?.variation).toBe(variation)
    const stepMs = Math.abs((first?.timeMs ?? 0) - start.toEpochMilli())
    expect(stepMs).toBeLessThanOrEqual(60_000)
    expect(refused).toHaveLength(refusals)
    set.length = 0
    await rig.pass(60)
    expect(set).toHaveLength(1)
    expect(refused).toHaveLength(refusals)
    expect(warnings()).toEqual([])
  })

  test('and that neither sets is tried at growing intervals, with one warning', async () => {
    const { device, refused } = await startClock({})
    await using _device = device
    const { rig, warnings } = await rigOf(device)
    await using _rig = rig
    await rig.pass(1_800)
    // At once, after 10 minutes and after 20 more; each time by both procedures.
    expect(refused.map(({ code }) => code)).toHaveLength(6)
    expect(warnings()).toMatchObject([{ recovery: 'time-sync', code: 'refused' }])
    await rig.pass(7_200)
    // And after 40 and 80 more.
    expect(refused).toHaveLength(10)
    expect(warnings()).toHaveLength(1)
    expect(rig.gateway.hubs()).toMatchObject([{ link: 'online' }])
  })

  test('and that is off by an hour without asking for the time is tried as seldom', async () => {
    const behind = start.minusSeconds(3_600).toEpochMilli()
    const time = Buffer.alloc(6)
    time.writeUIntLE(behind, 0, 6)
    let tries = 0
    const device = await startDevice(({ code, objects }) => {
      if (code === FunctionCode.recordCurrentTime || code === FunctionCode.delayMeasure) {
        tries++
        return 'c0 81 00 01'
      }
      return objects.startsWith('3201') ? `c0 81 00 00 32 01 07 01 ${time.toString('hex')}` : well
    })
    await using _device = device
    const { rig, warnings } = await rigOf(device)
    await using _rig = rig
    await rig.pass(1_800)
    expect(tries).toBe(6)
    expect(warnings().filter(({ msg }) => msg.includes('recovery'))).toHaveLength(1)
    expect(rig.dno.report('00000000-0000-4000-8000-000000000001')?.clockDriftMs).toBeLessThan(-3_600_000)
  })
})

describe('a restart that cannot be cleared', () => {
  test('is tried at growing intervals, with one warning', async () => {
    let tries = 0
    const device = await startDevice(({ code }) => {
      if (code !== FunctionCode.write) return 'c0 81 80 00'
      tries++
      return 'c0 81 80 01'
    })
    await using _device = device
    const { rig, warnings } = await rigOf(device)
    await using _rig = rig
    await rig.pass(3_600)
    // At once and after 1, 2, 4, 8, 16 minutes, at the next poll after each.
    expect(tries).toBeGreaterThanOrEqual(5)
    expect(tries).toBeLessThanOrEqual(7)
    expect(warnings().filter(({ recovery }) => recovery === 'clear-restart')).toHaveLength(1)
  })
})

/** The reading that a hub's answer to its integrity polls becomes. */
async function readingOf(name: string) {
  await using device = await startDevice(({ objects }) => (objects.startsWith('3c0206') ? caseOf(name) : well))
  const { rig } = await rigOf(device)
  await using _rig = rig
  await rig.pass(60)
  return rig.dno.readings()[0]
}

describe('FM24 the time of an event', () => {
  // The event of g32v7 is read at the first poll, at 06:00; the two of relative time bear 05:59:59 (Annex A, group 51).
  test.each([
    ['event-of-1970', { deviceTime: null, timeFlag: 'replaced' }],
    ['event-of-2050', { deviceTime: null, timeFlag: 'replaced' }],
    ['event-three-minutes-ahead', { deviceTime: null, timeFlag: 'replaced' }],
    ['event-of-two-days-ago', { deviceTime: null, timeFlag: 'replaced' }],
    ['event-of-an-hour-ago', { deviceTime: '2026-01-15T05:00:00.000Z' }],
    ['synchronised-common-time', { deviceTime: '2026-01-15T06:00:59.000Z' }],
    ['unsynchronised-common-time', { deviceTime: '2026-01-15T06:00:59.000Z', timeFlag: 'unsynchronised' }],
    ['unsynchronised-common-time-of-1970', { deviceTime: null, timeFlag: 'replaced' }],
  ])('of the case %s is believed or flagged', async (name, expected) => {
    const reading = await readingOf(name)
    expect(reading).toMatchObject(expected)
    if (!('timeFlag' in expected)) expect(reading).not.toHaveProperty('timeFlag')
    expect(Instant.parse(reading?.receivedTime ?? '').isBefore(start)).toBe(false)
  })
})
