import { expect, test } from 'vitest'
import { depotPlanOperations } from '../../schemas/fsp/depot-plan.ts'
import { fspFeedOperations } from '../../schemas/fsp/feeds/feeds.ts'
import { registerGroups } from '../../schemas/fsp/registers/index.ts'
import { saveFeed, siteLoadFeed } from './support/feeds.ts'
import { type Rig, startRig } from './support/rig.ts'

const { depots } = registerGroups
const building = { channel: 'meter', depotId: 'yard', feeder: 1, use: 'building', sign: 1 }

/** States that the cable of the charge points carries 40 A a phase. */
async function rateCable(rig: Rig): Promise<void> {
  const params = { key: 'yard' }
  const { data } = (await rig.depotApi(depots.read, { params })).body
  const feeders = [{ feeder: 1, role: 'ev', mpan: null, ratedA: 40 }]
  const { status } = await rig.depotApi(depots.put, { params, body: { data: { ...data, feeders } }, version: '1' })
  expect(status).toBe(200)
}

async function measure(rig: Rig, powerW: number): Promise<void> {
  const record = { timestamp: rig.clock.now().toString(), device: 'meter', power_w: powerW }
  const params = { feedId: 'meters' }
  const { body } = await rig.depotApi(fspFeedOperations.pushFeedRecords, { params, body: { records: [record] } })
  expect(body).toMatchObject({ taken: 1, kept: 0 })
}

test('J4 what a feed measures besides vehicles on their cable is taken off its rating; once it is old a fifth more is', async () => {
  const rig = await startRig()
  await rateCable(rig)
  const format = { kind: 'site-load', powerW: 'power_w', channels: [building] }
  expect((await saveFeed(rig, 'meters', siteLoadFeed({ format }))).status).toBe(200)
  const unit = rig.chargePoint('yard-01')
  await unit.boot()
  await unit.plugIn(1, 'yard-001')
  // 13,800 W are 20 A in each of three phases: 20 of 40 A are left, whatever phase the socket is on.
  await measure(rig, 13_800)
  await rig.pass(1)
  expect(unit.limits(1).at(-1)).toBe(20)
  const explained = async () => (await rig.depotApi(depotPlanOperations.explainDepot)).body
  expect(await explained()).toMatchObject({
    otherLoads: [{ of: 'feeder-1', otherLoadW: 13_800, basis: 'measured' }],
    sockets: [{ limitA: 20, boundBy: expect.stringMatching(/^feeder-1/) }],
  })
  // 16,560 W are 24 A, and a restart does not forget them.
  await rig.pass(11)
  expect(unit.limits(1).at(-1)).toBe(16)
  await rig.restart()
  await rig.pass(1)
  expect((await explained()).otherLoads).toEqual([{ of: 'feeder-1', otherLoadW: 16_560, basis: 'stale' }])
})

test('J4 a clamp on the incomer tells what the building takes of the cable, since charge points meter themselves', async () => {
  const rig = await startRig()
  await rateCable(rig)
  const format = { kind: 'site-load', powerW: 'power_w', channels: [{ ...building, use: 'incomer' }] }
  expect((await saveFeed(rig, 'meters', siteLoadFeed({ format }))).status).toBe(200)
  const unit = rig.chargePoint('yard-01')
  await unit.boot()
  const transactionId = await unit.plugIn(1, 'yard-001')
  await unit.meter(1, transactionId, 0, 4_600)
  // 18,400 W less the 4,600 W of the vehicle are 20 A in each of three phases.
  await measure(rig, 18_400)
  await rig.pass(1)
  expect((await rig.depotApi(depotPlanOperations.explainDepot)).body).toMatchObject({
    otherLoads: [{ of: 'feeder-1', otherLoadW: 13_800, basis: 'measured' }],
    sockets: [{ limitA: 20, boundBy: expect.stringMatching(/^feeder-1/) }],
  })
})
