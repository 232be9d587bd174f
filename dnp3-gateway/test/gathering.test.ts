import { describe, expect, test } from 'vitest'
import { Flag } from '../dnp3/index.ts'
import { hubIdOf, monitorMap, startRig } from './support/rig.ts'

describe('NM01 gathering', () => {
  test('NM01 the powers of a hub’s feeders reach the DNO with quality, unit and time, before time moves on', async () => {
    await using rig = await startRig()
    await rig.pass(0)
    // The first poll brings events as well: that the hub has begun to measure.
    const readings = rig.dno.readings().filter((r) => r.deviceTime === null)
    expect(readings).toHaveLength(26)
    const watts = readings.filter((r) => r.quantity === 'active-power')
    expect(watts).toHaveLength(6)
    expect(watts.filter((r) => r.feeder === 1).reduce((sum, r) => sum + (r.value ?? 0), 0)).toBeCloseTo(30_000, 1)
    expect(new Set(readings.map((r) => r.quality))).toEqual(new Set(['good']))
    expect(new Set(readings.map((r) => r.receivedTime))).toEqual(new Set(['2026-01-15T06:00:00.000Z']))
    const l2 = (quantity: string) =>
      readings.find((r) => r.feeder === 2 && r.phase === 'L2' && r.quantity === quantity)?.value ?? 0
    expect(l2('voltage') * l2('current')).toBeCloseTo(Math.hypot(l2('active-power'), l2('reactive-power')), 0)
    expect(readings.filter((r) => r.quantity === 'temperature')).toMatchObject([{ feeder: 0, unit: 'degC' }])
  })

  test('NM01 every point that the hubs return is stored once, however many polls there are', async () => {
    await using rig = await startRig({ hubs: 30, hub: { powerDeadbandW: 1_000 } })
    for (let minute = 0; minute < 5; minute++) {
      await rig.pass(60)
      rig.feedersW['2'] = 60_000 + 9_000 * minute
    }
    for (const [hubId, points] of rig.hubs.pointsAnsweredByHub()) expect(rig.dno.readings(hubId)).toHaveLength(points)
    expect(rig.dno.readings().some((r) => r.deviceTime !== null)).toBe(true)
    expect(rig.dno.repeated).toBe(0)
    const counters = rig.gateway.counters()
    expect(counters).toMatchObject({ hubs: 30, hubsOnline: 30, failedPolls: 0, waiting: 0 })
    expect(counters.delivered).toBe(rig.hubs.pointsAnswered())
    // Thirty hubs are more than one slot holds: the last five are polled half a second later, once less by now.
    expect(counters.polls).toBe(25 * 11 + 5 * 10)
  })

  test('changes between integrity polls arrive with the event poll, stamped by the device', async () => {
    await using rig = await startRig({ hub: { powerDeadbandW: 1_000 } })
    await rig.pass(10)
    rig.hubs.hub(hubIdOf(1)).measure({ '1': 50_000, '2': 60_000 }, rig.clock.now())
    const before = rig.dno.readings().length
    await rig.pass(20)
    const events = rig.dno.readings().slice(before)
    expect(events.map((r) => r.quantity)).toEqual(['active-power', 'active-power', 'active-power'])
    expect(new Set(events.map((r) => r.deviceTime))).toEqual(new Set(['2026-01-15T06:00:10.000Z']))
    expect(new Set(events.map((r) => r.receivedTime))).toEqual(new Set(['2026-01-15T06:00:30.000Z']))
  })

  test('scale and unit come from the point map, and flags become quality', async () => {
    const pointMap = monitorMap([1, 2]).map((p) => (p.quantity === 'voltage' ? { ...p, scale: 0.001 } : p))
    await using rig = await startRig({ assignment: { pointMap } })
    const hub = rig.hubs.hub(hubIdOf(1))
    hub.setFlags(0, Flag.online | Flag.overRange)
    hub.setFlags(4, Flag.commLost)
    hub.setFlags(8, Flag.online | Flag.localForced)
    await rig.pass(0)
    const voltage = (phase: string) =>
      rig.dno.readings().find((r) => r.feeder === 1 && r.phase === phase && r.quantity === 'voltage')
    expect(voltage('L1')).toMatchObject({ unit: 'V', quality: 'questionable' })
    expect(voltage('L1')?.value).toBeCloseTo(0.24, 2)
    expect(voltage('L2')?.quality).toBe('bad')
    expect(voltage('L3')?.quality).toBe('questionable')
  })

  test('polled values within their dead band are omitted every other time, events never', async () => {
    const pointMap = monitorMap([1, 2]).map((p) => (p.quantity === 'active-power' ? { ...p, deadBand: 2_000 } : p))
    await using rig = await startRig({ assignment: { pointMap }, hub: { powerDeadbandW: 500 } })
    await rig.pass(0)
    const powersIn = async (seconds: number) => {
      const before = rig.dno.readings().length
      await rig.pass(seconds)
      return rig.dno
        .readings()
        .slice(before)
        .filter((r) => r.quantity === 'active-power').length
    }
    expect(await powersIn(60)).toBe(0)
    expect(await powersIn(60)).toBe(6)
    rig.feedersW['1'] = 33_000
    // Three events; as polled values they are within the dead band.
    expect(await powersIn(60)).toBe(3)
    const { delivered, leftOut } = rig.gateway.counters()
    expect(leftOut).toBe(12)
    expect(delivered + leftOut).toBe(rig.hubs.pointsAnswered())
  })

  test('a point that the map lacks is counted, and the known points are still stored', async () => {
    await using rig = await startRig({ assignment: { pointMap: monitorMap([1]) } })
    await rig.pass(60)
    expect(rig.dno.report(hubIdOf(1))).toMatchObject({ unmappedPoints: 24, polls: 3 })
    expect(rig.dno.report(hubIdOf(1))?.unmapped).toEqual(Array.from({ length: 12 }, (_, i) => `g30:${12 + i}`))
    expect(rig.dno.readings().filter((r) => r.deviceTime === null)).toHaveLength(2 * 14)
  })
})

test('a point that a changed map has is no longer named, and one that it still lacks is', async () => {
  await using rig = await startRig({ assignment: { pointMap: monitorMap([1]) } })
  await rig.pass(60)
  const map = monitorMap([1, 2]).filter((point) => point.index !== 13)
  rig.dno.hubs = rig.dno.hubs.map((hub) => ({ ...hub, pointMap: map }))
  await rig.pass(120)
  expect(rig.dno.report(hubIdOf(1))?.unmapped).toEqual(['g30:13'])
})

describe('the assignment', () => {
  test('adds, changes and removes hubs without a restart', async () => {
    await using rig = await startRig({ hubs: 3 })
    const all = rig.dno.hubs
    rig.dno.hubs = all.slice(0, 1)
    await rig.restartGateway()
    await rig.pass(60)
    expect(new Set(rig.dno.batches.map((b) => b.hubId))).toEqual(new Set([hubIdOf(1)]))
    rig.dno.hubs = [...all.slice(1), { ...(all[0] as (typeof all)[0]), integrityPollS: 20 }]
    await rig.pass(60)
    const [first, second] = [rig.dno.sequences(hubIdOf(1)).length, rig.dno.sequences(hubIdOf(2)).length]
    expect(second).toBeGreaterThan(0)
    await rig.pass(60)
    expect(rig.dno.sequences(hubIdOf(1)).length - first).toBe(3)
    rig.dno.hubs = all.slice(1)
    await rig.pass(60)
    const gone = rig.dno.sequences(hubIdOf(1)).length
    await rig.pass(120)
    expect(rig.dno.sequences(hubIdOf(1))).toHaveLength(gone)
    expect(rig.gateway.hubs().map((hub) => hub.hubId)).toEqual([hubIdOf(2), hubIdOf(3)])
  })

  test('is kept, so that a gateway that starts without its server still polls and spools', async () => {
    await using rig = await startRig()
    await rig.pass(60)
    const before = rig.dno.readings().length
    const port = await rig.dno.close()
    await rig.restartGateway({ serverUrl: `http://127.0.0.1:${port}` })
    await rig.pass(120)
    expect(rig.gateway.counters()).toMatchObject({ hubsOnline: 1, waiting: 3 * 26 })
    await rig.dno.open(port)
    await rig.pass(60)
    expect(rig.dno.readings()).toHaveLength(before + 4 * 26)
    expect(rig.dno.sequences(hubIdOf(1))).toEqual([1, 2, 3, 4, 5, 6])
  })

  test('is not sent again while it has not changed', async () => {
    await using rig = await startRig()
    await rig.pass(600)
    expect(rig.dno).toMatchObject({ assignments: 1, unchanged: 11 })
    expect(rig.gateway.counters()).toMatchObject({ hubsOnline: 1, failedPolls: 0 })
  })

  test('can name a point map that many hubs share', async () => {
    await using rig = await startRig({ hubs: 3, assignment: { pointMap: [], pointMapName: 'monitor' } })
    rig.dno.terms = { pointMaps: { monitor: monitorMap([1, 2]) } }
    await rig.pass(60)
    expect(rig.gateway.counters()).toMatchObject({ unmappedPoints: 0, delivered: 3 * (2 * 26 + 2) })
  })

  test('ends when the server has not renewed its lease, and resumes with the server’s next answer', async () => {
    await using rig = await startRig()
    rig.dno.leaseS = 180
    await rig.pass(60)
    const port = await rig.dno.close()
    // Asked for the last time a quarter of a lease after the start.
    await rig.pass(164)
    expect(rig.gateway.counters()).toMatchObject({ polls: 8, hubsOnline: 1 })
    await rig.pass(1)
    expect(rig.gateway.hubs()).toEqual([])
    await rig.dno.open(port)
    await rig.pass(120)
    expect(rig.gateway.counters()).toMatchObject({ hubsOnline: 1, waiting: 0 })
    const sequences = rig.dno.sequences(hubIdOf(1))
    expect(sequences).toEqual(sequences.map((_, i) => i + 1))
  })

  test('is requested four times in a lease, and an unchanged one renews it', async () => {
    await using rig = await startRig()
    rig.dno.leaseS = 60
    await rig.pass(60)
    const { unchanged } = rig.dno
    await rig.pass(600)
    expect(rig.dno.unchanged - unchanged).toBe(40)
    expect(rig.dno.assignments).toBe(1)
    expect(rig.gateway.counters()).toMatchObject({ hubsOnline: 1, failedPolls: 0, polls: 23 })
    expect(rig.dno.leasesEnded).toBe(0)
  })

  test('is returned by a gateway that stops', async () => {
    await using rig = await startRig()
    rig.dno.leaseS = 60
    await rig.pass(60)
    await rig.restartGateway()
    expect(rig.dno.leasesEnded).toBe(1)
  })
})
