import { setTimeout } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { hubIdOf, type Rig, start, startRig } from './support/rig.ts'

const hubId = hubIdOf(1)

/** How long real sockets may take on a busy machine. */
const patience = { timeout: 10_000 }

function statusOf(rig: Rig, id = hubId) {
  return rig.gateway.hubs().find((hub) => hub.hubId === id)
}

/** Lets sockets have their say after every second. */
async function passSlowly(rig: Rig, seconds: number) {
  for (let s = 0; s < seconds; s++) {
    await rig.pass(1)
    await setTimeout(2)
  }
}

describe('FM22 a hub that reboots', () => {
  test('FM22 causes no false spike: values not measured yet are bad, its restart is cleared and everything is read again', async () => {
    await using rig = await startRig()
    await rig.pass(60)
    const before = rig.dno.readings().length
    const hub = rig.hubs.hub(hubId)
    const connections = hub.relay?.connections ?? 0
    await hub.reboot()
    await vi.waitFor(async () => {
      await rig.pass(1)
      expect(hub.relay?.connections).toBeGreaterThan(connections)
    }, patience)
    await rig.clock.advanceTo(start.plusSeconds(119))
    const after = rig.dno.readings().slice(before)
    expect(after.length).toBeGreaterThanOrEqual(26)
    expect(new Set(after.map((r) => r.quality))).toEqual(new Set(['bad']))
    expect(statusOf(rig)).toMatchObject({ restarts: 2, link: 'online' })
    const seen = rig.dno.readings().length
    await rig.pass(1)
    const recovered = rig.dno.readings().slice(seen)
    expect(new Set(recovered.map((r) => r.quality))).toEqual(new Set(['good']))
    const watts = recovered.filter((r) => r.quantity === 'active-power' && r.feeder === 2)
    expect(watts.reduce((sum, r) => sum + (r.value ?? 0), 0)).toBeCloseTo(60_000, 1)
    await rig.pass(300)
    expect(statusOf(rig)).toMatchObject({ restarts: 2 })
  })
})

describe('FM23 a hub whose event buffer overflows', () => {
  test('FM23 is noted as a gap, and everything is read again', async () => {
    await using rig = await startRig({ hub: { powerDeadbandW: 1, maxEventsPerClass: 10 } })
    await rig.pass(10)
    const hub = rig.hubs.hub(hubId)
    for (let i = 1; i <= 5; i++) hub.measure({ '1': i * 1_000, '2': i * 2_000 }, rig.clock.now())
    const before = rig.dno.readings().length
    // Ten powers are left of thirty, and the temperature has changed as well.
    await rig.pass(20)
    expect(hub.outstation.eventCounters.discarded).toBeGreaterThan(0)
    expect(rig.dno.readings().slice(before)).toHaveLength(11 + 26)
    await rig.pass(30)
    expect(rig.dno.report(hubId)).toMatchObject({ eventGaps: 1 })
    await rig.pass(120)
    expect(statusOf(rig)).toMatchObject({ eventGaps: 1 })
  })
})

describe('FM24 a hub whose clock drifts', () => {
  test('FM24 both times are kept, a drift over 2 s is measured and reported, and the clock is set', async () => {
    await using rig = await startRig({ hub: { powerDeadbandW: 1_000 }, gateway: { link: { driftCheckMs: 60_000 } } })
    await rig.pass(60)
    expect(statusOf(rig)).toMatchObject({ clockDriftMs: 0 })
    const hub = rig.hubs.hub(hubId)
    hub.drift(-5_000)
    await rig.pass(10)
    hub.measure({ '1': 90_000, '2': 60_000 }, rig.clock.now())
    await rig.pass(20)
    expect(rig.dno.readings().at(-1)).toMatchObject({
      deviceTime: '2026-01-15T06:01:05.000Z',
      receivedTime: '2026-01-15T06:01:30.000Z',
    })
    await rig.pass(30)
    expect(rig.dno.report(hubId)).toMatchObject({ clockDriftMs: -5_000 })
    expect(hub.outstation.time()).toBe(rig.clock.now().toEpochMilli())
    await rig.pass(60)
    expect(rig.dno.report(hubId)).toMatchObject({ clockDriftMs: 0 })
  })
})

describe('FM25 a half-open connection', () => {
  test('FM25 times out, is dropped and opened again, and no other hub waits for it', async () => {
    const link = { responseTimeoutMs: 300, keepAliveMs: 100, linkTimeoutMs: 50 }
    await using rig = await startRig({ hubs: 2, gateway: { link } })
    await rig.pass(60)
    const { relay } = rig.hubs.hub(hubId)
    relay?.silence(true)
    await rig.pass(60)
    expect(statusOf(rig)).toMatchObject({ link: 'offline', failedPolls: 2 })
    expect(statusOf(rig, hubIdOf(2))).toMatchObject({ link: 'online', failedPolls: 0 })
    expect(rig.dno.sequences(hubIdOf(2))).toHaveLength(3)
    const connections = relay?.connections ?? 0
    // The keep-alive of the silent connection is real time; the waits between attempts are the clock's.
    await vi.waitFor(async () => {
      await rig.pass(60)
      expect(relay?.connections).toBeGreaterThan(connections)
    }, patience)
    relay?.silence(false)
    await rig.pass(60)
    expect(statusOf(rig)).toMatchObject({ link: 'online' })
  })

  test('FM25 an unreachable hub is tried less and less often, and its return is noticed', async () => {
    await using rig = await startRig({ gateway: { link: { reconnectMinMs: 1_000, reconnectMaxMs: 64_000 } } })
    await rig.pass(60)
    const { relay } = rig.hubs.hub(hubId)
    relay?.refuse(true)
    await rig.pass(30)
    const connections = relay?.connections ?? 0
    await passSlowly(rig, 128)
    // Waits of 1, 2, 4 … 64 s, each times a factor between ½ and 1.
    const attempts = (relay?.connections ?? 0) - connections
    expect(attempts).toBeGreaterThanOrEqual(6)
    expect(attempts).toBeLessThanOrEqual(9)
    expect(statusOf(rig)).toMatchObject({ link: 'offline' })
    relay?.refuse(false)
    await passSlowly(rig, 130)
    expect(statusOf(rig)).toMatchObject({ link: 'online' })
  })
})

describe('FM27 a hub that sends malformed frames', () => {
  const broken = Buffer.from('0564ff4401000a00ffff', 'hex')

  test('FM27 is counted and tolerated while there are few', async () => {
    await using rig = await startRig()
    await rig.pass(60)
    rig.hubs.hub(hubId).relay?.inject(broken)
    await vi.waitFor(() => expect(statusOf(rig)?.malformedFrames).toBe(1), patience)
    await rig.pass(60)
    expect(statusOf(rig)).toMatchObject({ link: 'online', failedPolls: 0, quarantinedUntilMs: null })
    expect(rig.dno.report(hubId)).toMatchObject({ malformedFrames: 1, quarantinedUntil: null })
  })

  test('FM27 is quarantined when they continue, left alone, and readmitted', async () => {
    await using rig = await startRig({ hubs: 2 })
    await rig.pass(60)
    const { relay } = rig.hubs.hub(hubId)
    for (let i = 0; i < 20; i++) relay?.inject(broken)
    await vi.waitFor(() => expect(statusOf(rig)?.malformedFrames).toBe(20), patience)
    await rig.pass(60)
    expect(rig.dno.report(hubId)).toMatchObject({ link: 'offline', quarantinedUntil: '2026-01-15T06:06:00.500Z' })
    const { polls } = statusOf(rig) ?? {}
    const connections = relay?.connections
    await rig.pass(239)
    expect(statusOf(rig)?.polls).toBe(polls)
    expect(relay?.connections).toBe(connections)
    expect(statusOf(rig, hubIdOf(2))).toMatchObject({ link: 'online', failedPolls: 0 })
    await rig.pass(61)
    expect(statusOf(rig)).toMatchObject({ link: 'online', quarantinedUntilMs: null, malformedFrames: 20 })
  })

  test('FM27 octets without any frame count as well', async () => {
    await using rig = await startRig()
    await rig.pass(60)
    rig.hubs.hub(hubId).relay?.inject(Buffer.alloc(12 * 292, 'GET / HTTP/1.1\r\n'))
    await vi.waitFor(async () => {
      await rig.pass(1)
      expect(statusOf(rig)?.quarantinedUntilMs).not.toBeNull()
    }, patience)
  })
})
