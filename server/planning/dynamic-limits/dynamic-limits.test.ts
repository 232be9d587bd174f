import { Instant, LocalDate } from '@js-joda/core'
import { expect, test } from 'vitest'
import { operations } from '../../../schemas/operations.ts'
import type { DynamicDay } from '../../../schemas/planning/dynamic-limits.ts'
import { periodStarts } from '../../../schemas/vocabulary/time.ts'
import type { Client } from '../../../test/support/client.ts'
import { type DispatchRig, startDispatchRig } from '../../../test/support/dispatch.ts'
import { registerUnit } from '../../../test/support/market.ts'
import { agreed } from '../../../test/support/second-person.ts'
import { saveTestSite } from '../../grid/test/support/site.ts'
import { ownForecast } from '../load-model/tables.ts'
import { issueTomorrow } from './jobs.ts'

const start = Instant.parse('2026-01-14T12:00:00Z')

interface Scene {
  rig: DispatchRig
  planner: Client
  /** The rig's site, and another at the same node. */
  sites: [string, string]
}

/** A rig with two sites at `sec`: 800 kVA × 0.95 = 760 kW, by day 170 kW each, 100 kW from 16:00 to 20:00 (ASC 228 kW). */
async function startScene(at = start): Promise<Scene> {
  const rig = await startDispatchRig(at)
  const planner = await rig.server.person('priya', 'planner')
  const { connectionId: own } = await registerUnit(rig.fsp.client, 'Yard', rig.mpan)
  const { connectionId: other } = await saveTestSite(rig.db, at)
  return { rig, planner, sites: [own, other] }
}

async function switchOn({ rig, planner }: Scene, id: string, floorW: number, topNodeId = 'sec', isOn = true) {
  const params = { id }
  const { revision } = (await planner.ask(operations.readDynamicTerms, { params })).body
  const colleague = await rig.server.person(`paul-${crypto.randomUUID().slice(0, 8)}`, 'planner')
  const asked = planner.ask(operations.saveDynamicTerms, {
    params,
    body: { isOn, floorW, topNodeId },
    version: revision,
  })
  await agreed(colleague, asked)
}

/** A load of a node, W, as a forecast uploaded for every quarter-hour of a day. */
async function uploadLoad({ planner }: Scene, day: string, loadW: number, nodeId = 'sec') {
  const lines = periodStarts(LocalDate.parse(day), 'PT15M').map((from) => `${nodeId},${from},${loadW}`)
  const text = `node_id,period_start,load_w\n${lines.join('\n')}\n`
  expect(await planner.ask(operations.uploadLoads, { text })).toMatchObject({ status: 200 })
}

/** The median of a connection for a day, the same at all times, as the nightly run would have stored it. */
async function expectImport({ rig }: Scene, id: string, day: string, medianW: number) {
  const flat = (watts: number) => Array.from({ length: 48 }, () => watts)
  await rig.db.insert(ownForecast).values({
    placeKind: 'connection',
    placeId: id,
    day: LocalDate.parse(day),
    lead: 2,
    version: 1,
    issuedAt: rig.clock.now(),
    medianW: flat(medianW),
    lowW: flat(0),
    highW: flat(0),
    widthFactor: 1,
  })
}

const dayOf = async ({ planner }: Scene, id: string, day: string): Promise<DynamicDay> =>
  (await planner.ask(operations.readDynamicLimits, { params: { id, day } })).body
const issue = ({ planner }: Scene, day: string) => planner.ask(operations.issueDynamicLimits, { params: { day } })
const at = (day: DynamicDay, from: string) => day.periods.find((period) => period.from === from)

test('the limits of the next day are issued each evening from forecast headroom, and are in force and sent the day after', async () => {
  const scene = await startScene()
  const { rig, sites } = scene
  for (const id of sites) await switchOn(scene, id, 20_000)
  // 700 kW are expected at the node, of which 60 kW are theirs: 760 − (700 − 60) = 120 kW are left for both.
  await uploadLoad(scene, '2026-01-15', 700_000)
  for (const id of sites) await expectImport(scene, id, '2026-01-15', 30_000)
  await issueTomorrow(rig.server.context, Instant.parse('2026-01-14T17:20:00Z'))
  expect((await dayOf(scene, sites[0], '2026-01-15')).version).toBe(0)
  await issueTomorrow(rig.server.context, Instant.parse('2026-01-14T18:20:00Z'))
  await issueTomorrow(rig.server.context, Instant.parse('2026-01-14T19:20:00Z'))
  const day = await dayOf(scene, sites[0], '2026-01-15')
  expect(day).toMatchObject({ version: 1, issuedBy: 'dynamic-limits', floorW: 20_000, share: 'equal' })
  expect(day.periods).toHaveLength(48)
  const noon = '2026-01-15T12:00:00Z'
  expect(at(day, noon)).toMatchObject({ limitW: 60_000, reason: 'shared', nodeId: 'sec', roomW: 120_000 })

  await rig.clock.advanceTo(Instant.parse('2026-01-15T11:59:00Z'))
  rig.startJobs()
  await rig.clock.advanceTo(Instant.parse('2026-01-15T12:01:00Z'))
  const planner = await rig.server.person('pia', 'planner')
  const { body } = await planner.ask(operations.readConnection, { params: { id: sites[0] } })
  expect(body).toMatchObject({ limitW: 60_000, limitSource: 'dynamic' })
  expect(body.limitsApplying).toEqual([
    { limitW: 60_000, source: 'dynamic' },
    { limitW: 170_000, source: 'profile' },
    { limitW: 228_000, source: 'asc' },
  ])
  const chart = (
    await planner.ask(operations.readConnectionDay, { params: { id: sites[0] }, query: { day: '2026-01-15' } })
  ).body
  expect(chart.limits).toEqual([
    { from: '2026-01-15T00:00:00Z', to: '2026-01-16T00:00:00Z', limitW: 60_000, source: 'dynamic' },
  ])
  // Its FSP has it as a standing limit, and the floor as what it falls to without contact.
  expect(rig.control.limits.at(-1)).toMatchObject({
    connectionId: sites[0],
    failSafeW: 20_000,
    intervals: [expect.objectContaining({ importLimitW: 60_000 })],
  })
})

test('a limit that is not known is none, with the reason, and never 0; the load of who has none stays with the node', async () => {
  const scene = await startScene()
  const { planner, sites } = scene
  const day = '2026-01-15'
  await switchOn(scene, sites[0], 20_000)
  await switchOn(scene, sites[1], 20_000, 'pri')
  await issue(scene, day)
  expect(at(await dayOf(scene, sites[0], day), `${day}T12:00:00Z`)).toMatchObject({
    limitW: null,
    reason: 'node-not-forecast',
    nodeId: 'sec',
    roomW: null,
  })
  expect((await planner.ask(operations.readConnection, { params: { id: sites[0] } })).body.limitSource).toBe('profile')
  await uploadLoad(scene, day, 700_000)
  await issue(scene, day)
  expect(at(await dayOf(scene, sites[0], day), `${day}T12:00:00Z`)).toMatchObject({ reason: 'connection-not-forecast' })
  expect(at(await dayOf(scene, sites[1], day), `${day}T12:00:00Z`)).toMatchObject({
    reason: 'node-not-forecast',
    nodeId: 'pri',
  })
  await expectImport(scene, sites[0], day, 30_000)
  const issued = await issue(scene, day)
  // The other site has no limit of this kind: 760 − (700 − 30) = 90 kW are for this one.
  const mine = await dayOf(scene, sites[0], day)
  expect(mine.version).toBe(3)
  expect(at(mine, `${day}T12:00:00Z`)).toMatchObject({ limitW: 90_000, reason: 'shared', roomW: 90_000 })
  expect(issued.body).toMatchObject({ connections: 2, periods: { shared: 48, 'node-not-forecast': 48 } })
})

test('never below the floor, never above the agreed limit of the half-hour', async () => {
  const scene = await startScene()
  const day = '2026-01-15'
  const [id] = scene.sites
  await switchOn(scene, id, 20_000)
  await expectImport(scene, id, day, 30_000)
  await uploadLoad(scene, day, 900_000)
  await issue(scene, day)
  // 760 − (900 − 30) = −110 kW: what the contract guarantees stays.
  const scarce = await dayOf(scene, id, day)
  expect(at(scarce, `${day}T12:00:00Z`)).toMatchObject({ limitW: 20_000, reason: 'floor', roomW: -110_000 })
  await uploadLoad(scene, day, 100_000)
  await issue(scene, day)
  const ample = await dayOf(scene, id, day)
  expect(['12:00', '16:00', '20:00'].map((time) => at(ample, `${day}T${time}:00Z`)?.limitW)).toEqual([
    170_000, 100_000, 170_000,
  ])
  expect(at(ample, `${day}T12:00:00Z`)).toMatchObject({ reason: 'agreed', nodeId: null, roomW: null })
})

test.each([
  // Winter: 760 − (700 − 30) = 90 kW, less than is agreed on a Sunday. Summer, 720 kVA: 684 − (624 − 30) = 90 kW.
  ['2026-03-29', 46, 700_000],
  ['2026-10-25', 50, 624_000],
] as const)('FM02 on %s there are %i half-hours, each with its limit', async (day, count, loadW) => {
  const scene = await startScene(Instant.parse(`${LocalDate.parse(day).minusDays(1)}T12:00:00Z`))
  const [id] = scene.sites
  await switchOn(scene, id, 20_000)
  await expectImport(scene, id, day, 30_000)
  await uploadLoad(scene, day, loadW)
  await issue(scene, day)
  const { periods } = await dayOf(scene, id, day)
  expect(periods.map((period) => period.limitW)).toEqual(Array(count).fill(90_000))
  expect(periods.map((period) => period.from)).toEqual(periodStarts(LocalDate.parse(day), 'PT30M').map(String))
  expect(periods.at(-1)?.to).toBe(`${day}T${day === '2026-03-29' ? '23:00' : '00:00'}:00Z`.replace('25T00', '26T00'))
})

test('who changes the terms withdraws what was issued for later days, and nothing of a day that has begun', async () => {
  const evening = await startScene()
  const [id] = evening.sites
  const { rig } = evening
  await switchOn(evening, id, 20_000)
  for (const day of ['2026-01-15', '2026-01-16']) {
    await expectImport(evening, id, day, 30_000)
    await uploadLoad(evening, day, 700_000)
    await issue(evening, day)
  }
  await rig.clock.advanceTo(Instant.parse('2026-01-15T08:00:00Z'))
  // Sessions have ended overnight.
  const planner = await rig.server.person('pia', 'planner')
  const scene = { ...evening, planner }
  await switchOn(scene, id, 20_000, 'sec', false)
  expect(await dayOf(scene, id, '2026-01-15')).toMatchObject({
    version: 1,
    periods: expect.objectContaining({ length: 48 }),
  })
  expect(await dayOf(scene, id, '2026-01-16')).toMatchObject({ version: 2, periods: [] })
  expect(await issue(scene, '2026-01-15')).toMatchObject({
    status: 422,
    body: { detail: 'day must be one of the 7 days after 2026-01-15.' },
  })
  const params = { id }
  const body = { isOn: true, floorW: 1, topNodeId: 'elsewhere' }
  expect(await planner.ask(operations.saveDynamicTerms, { params, body, version: 2 })).toMatchObject({
    status: 422,
    body: { detail: 'topNodeId is neither the node of the connection nor one above it.' },
  })
  expect(await planner.ask(operations.saveDynamicTerms, { params, body, version: 1 })).toMatchObject({ status: 412 })
})
