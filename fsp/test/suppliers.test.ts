import { eq } from 'drizzle-orm'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createLog } from '../../platform/log/index.ts'
import type { DepotSeed } from '../../schemas/fsp/depots.ts'
import { feederOperations } from '../../schemas/fsp/feeders.ts'
import { type FeedState, fspFeedOperations } from '../../schemas/fsp/feeds/feeds.ts'
import { readDepots } from '../../seeds/index.ts'
import { keyFrom } from '../index.ts'
import { startChargePointSimulator, suppliedFeeds } from '../simulator/index.ts'
import { vehicleReading } from '../vehicles/tables.ts'
import { feedKeys, type Rig, depot as rigDepot, startRig } from './support/rig.ts'

const seeds = await readDepots()

/** A depot with a cable of the building and one of the charge points, and three vans. */
const depot: DepotSeed = {
  ...rigDepot,
  evs: 3,
  feeders: [
    { feeder: 1, role: 'building' },
    { feeder: 2, role: 'ev' },
  ],
  chargePoints: [{ model: 'alfen-eve-single', count: 3, feeder: 2 }],
}

describe('simulated suppliers', () => {
  test('J3, J4 deliver the current of each cable and the vehicles’ state of charge to the feeds that describe them', async () => {
    // Vans are back from their rounds, and charge.
    const { rig, world } = await startSupplied('2026-01-15T17:32:00Z', 0)
    await rig.pass(8)
    const { body } = await rig.depotApi(feederOperations.readFeederLoads)
    const powers = world().depots[0]?.feedersW ?? {}
    expect(powers['2']).toBeGreaterThan(6_000)
    // A clamp says hundredths of an ampere: 3 · 230 V · 0.005 A = 3.45 W of the charge points, times 0.95 of the building.
    expect(body.feeders).toMatchObject([
      { feeder: 1, uses: ['building'], isDerived: true, isStale: false },
      { feeder: 2, uses: ['ev'], isDerived: true, isStale: false },
    ])
    expect(Math.abs(body.feeders[0].loadW - (powers['1'] ?? 0))).toBeLessThanOrEqual(3.28)
    expect(Math.abs(body.feeders[1].loadW - (powers['2'] ?? 0))).toBeLessThanOrEqual(3.46)
    const { decision } = await rig.depotState()
    expect(decision?.siteLoadAt).toBe('2026-01-15T17:40:00Z')
    expect(decision?.siteLoadW).toBeCloseTo(body.feeders[0].loadW + body.feeders[1].loadW, 6)

    const readings = await rig.db.select().from(vehicleReading).where(eq(vehicleReading.vehicleId, 'YARD-001'))
    // Every two minutes from the registration on, and more each time, since the van charges.
    expect(readings.length).toBeGreaterThanOrEqual(4)
    const shares = readings.toSorted((a, b) => a.at.compareTo(b.at)).map(({ socPercent }) => socPercent)
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect(shares.at(-1)).toBeLessThanOrEqual(100)
    expect((await feeds(rig)).map(({ feedId, freshness }) => [feedId, freshness])).toEqual([
      ['site-load-yard', 'green'],
      ['telematics', 'green'],
    ])
  })

  test('Q3 fail when they are asked to: what does not come is filled in later, what has another form is kept in quarantine', async () => {
    const { rig } = await startSupplied('2026-01-15T17:32:00Z', 0.5)
    await rig.pass(60)
    const [siteLoad, telematics] = await feeds(rig)
    // With seed 7 both kinds of fault occur within the hour.
    expect(siteLoad?.quarantinedRecords).toBeGreaterThan(0)
    expect(telematics?.quarantinedRecords).toBeGreaterThan(0)
    const { body: faults } = await rig.depotApi(fspFeedOperations.listFeedFaults, { params: { feedId: 'telematics' } })
    expect(faults[0]).toMatchObject({
      kind: 'drift',
      record: { unit: 'unit-yard-001', soc: expect.stringMatching(/ %$/) },
    })
    expect(telematics?.lastFailureAt).not.toBeNull()
  })
})

async function feeds(rig: Rig): Promise<FeedState[]> {
  return (await rig.depotApi(fspFeedOperations.listDepotFeeds)).body
}

async function startSupplied(start: string, faultShare: number) {
  const { models, evTypes } = seeds
  const rig = await startRig(start, { first: { depots: [depot], models, evTypes, hasTelematics: true } })
  const simulator = await startChargePointSimulator({
    depots: [depot],
    models,
    evTypes,
    ocppUrl: rig.fsp.ocppUrl,
    keys: { of: (identity) => keyFrom('the secret of the test', identity), changed: () => undefined },
    fspUrl: rig.fsp.url,
    siteLoadKey: feedKeys['site-load'],
    suppliers: { key: feedKeys.deliveries, faultShare },
    seed: 7,
    host: '127.0.0.1',
    port: 0,
    clock: rig.clock,
    log: createLog('simulator', 'silent'),
  })
  onTestFinished(() => simulator.close())
  for (const [feedId, body] of suppliedFeeds([depot], simulator.url)) {
    const saved = await rig.depotApi(fspFeedOperations.saveDepotFeed, { params: { feedId }, body, version: null })
    expect(saved.status).toBe(200)
  }
  return { rig, world: () => simulator.world() }
}
