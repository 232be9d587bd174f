import { Instant, LocalDate } from '@js-joda/core'
import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../schemas/operations.ts'
import { periodStarts } from '../../schemas/vocabulary/time.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../test/support/dispatch.ts'
import { awardContracts, registerFsp, type TestFsp } from '../../test/support/market.ts'
import { saveNode } from '../grid/index.ts'
import { membersOn } from '../market/index.ts'

// Ten thousand homes: 20 LV feeders with 500 homes each, five FUs of 100 homes behind each feeder. A charger is rated for 7 kW; an FU
// promises 1 kW a home, 100 kW.
const [feeders, unitsOfFeeder, homesOfUnit, promisedW] = [20, 5, 100, 100_000]
const homes = Array.from({ length: feeders * unitsOfFeeder * homesOfUnit }, (_, i) => {
  const mpan = `14${String(i).padStart(11, '0')}`
  return { mpan, unit: Math.floor(i / homesOfUnit), feeder: `lv-${Math.floor(i / (unitsOfFeeder * homesOfUnit))}` }
})
const csv = (heading: string, rows: string[]) => `${[heading, ...rows].join('\n')}\n`

/** No step asks for one home after the other: that would take minutes. */
const longestStepS = 60

let rig: DispatchRig
let fsp: TestFsp
const fuIds: string[] = []

beforeAll(async () => {
  rig = await startDispatchRig(Instant.parse('2026-01-14T09:00:00Z'))
  fsp = await registerFsp(rig.server, rig.engineer, 'Home Charging Ltd', rig.control)
  const common = {
    licenceArea: 'LPN' as const,
    easting: 1,
    northing: 1,
    ratingWinterKva: 5_000,
    ratingSummerKva: 5_000,
  }
  for (let i = 0; i < feeders; i++)
    await saveNode(rig.db, { nodeId: `lv-${i}`, name: `Way ${i}`, kind: 'feeder', parentId: 'sec', ...common })
})

async function timed<T>(work: () => Promise<T>): Promise<T> {
  const started = performance.now()
  const made = await work()
  expect((performance.now() - started) / 1_000).toBeLessThan(longestStepS)
  return made
}

test('10,000 homes get connections, authority and FUs from files', async () => {
  const planner = await rig.server.person('petra', 'planner')
  const connections = csv(
    'mpans,nodeId,name,customer,address,ascKva',
    homes.map(({ mpan, feeder }, i) => `${mpan},${feeder},House ${i},Household,${i} Long Road,23`),
  )
  const made = await timed(() => planner.ask(operations.importConnections, { text: connections }))
  expect(made.body).toMatchObject({ state: 'imported', created: 10_000 })
  const letters = csv(
    'mpan,from,givenBy,reference',
    homes.map(({ mpan }, i) => `${mpan},2026-01-01,customer-letter,Sign-up ${i}`),
  )
  const applied = await timed(() => fsp.client.ask(operations.importAuthorities, { text: letters }))
  expect(applied.body).toMatchObject({ state: 'imported', created: 10_000 })
  const [{ applicationId }] = (await fsp.client.ask(operations.listAuthorities, { query: { limit: 1 } })).body.items
  const decide = { params: { id: applicationId }, body: { decision: 'approve' } } as const
  const decided = await timed(() => rig.engineer.ask(operations.decideOnAuthorityApplication, decide))
  expect(decided.body).toEqual({ applicationId, decided: 10_000, left: [], leftCount: 0 })
  for (let unit = 0; unit < feeders * unitsOfFeeder; unit++) {
    const nodeId = `lv-${Math.floor(unit / unitsOfFeeder)}`
    const body = { name: `Homes ${unit}`, nodeId, maxTurnDownW: promisedW }
    fuIds.push((await fsp.client.ask(operations.registerFlexibleUnit, { body })).body.fuId)
  }
  const ders = csv(
    'name,kind,mpan,ratedW,consentReference,consentFrom,fuId',
    homes.map(({ mpan, unit }, i) => `Charger,ev-charging,${mpan},7000,Sign-up ${i},2026-01-01,${fuIds[unit]}`),
  )
  const registered = await timed(() => fsp.client.ask(operations.importDers, { text: ders }))
  expect(registered.body).toMatchObject({ state: 'imported', created: 10_000 })
  const again = await timed(() => fsp.client.ask(operations.importDers, { text: ders }))
  expect(again.body).toMatchObject({ created: 0, changed: 0, unchanged: 10_000 })
  const members = await timed(() => membersOn(rig.server.context.db, fuIds, LocalDate.parse(rigDay)))
  expect(fuIds.map((fuId) => members.get(fuId))).toEqual(fuIds.map(() => ({ ders: 100, ratedW: 700_000 })))
}, 300_000)

test('the FUs of 10,000 homes are contracted, optimised and dispatched', async () => {
  const second = await rig.server.person('sid', 'flexibility-engineer')
  const gateClosesAt = rig.clock.now().plusSeconds(1).toString()
  const offers = fuIds.map((fuId) => ({ client: fsp.client, fuId, turnDownW: promisedW }))
  const contracts = await timed(() =>
    awardContracts(rig.engineer, second, offers, { gateClosesAt, zoneNodeId: 'sec' }, () =>
      rig.clock.advanceTo(rig.clock.now().plusSeconds(1)),
    ),
  )
  expect(contracts).toHaveLength(100)
  await rig.engineer.ask(operations.setTargetLevel, { params: { nodeId: 'sec' }, body: { targetW: 1_000_000 } })
  // Six megawatts over the target from 17:00 to 18:00: sixty of the hundred FUs.
  const values = periodStarts(LocalDate.parse(rigDay), 'PT15M').map((at) =>
    at.toString().slice(11, 13) === '17' ? 7_000_000 : 500_000,
  )
  const load = { params: { nodeId: 'sec', day: rigDay }, body: { resolution: 'PT15M' as const, values } }
  expect((await rig.engineer.ask(operations.saveLoadForecast, load)).status).toBe(200)
  const run = await timed(() => rig.engineer.ask(operations.optimise, { body: { tradingDay: rigDay, product: 'A' } }))
  const sec = run.body.nodes.find(({ nodeId }: { nodeId: string }) => nodeId === 'sec')
  expect(sec.periods).toHaveLength(4)
  expect(sec.periods[0]).toMatchObject({ needW: 6_000_000, shortfallW: 0 })
  for (const fuId of fuIds) {
    const select = { params: { fuId, day: rigDay }, body: { kind: 'optimised' as const } }
    await rig.engineer.ask(operations.selectDispatchSchedule, select)
  }
  // A quarter-hour's instructions go half an hour before it.
  await rig.clock.advanceTo(Instant.parse(`${rigDay}T16:29:30Z`))
  rig.startJobs()
  await timed(() => rig.clock.advanceTo(Instant.parse(`${rigDay}T16:32:00Z`)))
  const { body } = await fsp.client.ask(operations.listInstructions, { query: { day: rigDay, limit: 500 } })
  expect(body.items.map(({ state }: { state: string }) => state)).toEqual(Array(60).fill('acknowledged'))
  const ordered = (body.items as { intervals: { from: string; turnDownW: number }[] }[]).flatMap(
    (each) => each.intervals,
  )
  expect(new Set(ordered.map(({ from }) => from))).toEqual(new Set([`${rigDay}T17:00:00Z`]))
  expect(ordered.reduce((sum, { turnDownW }) => sum + turnDownW, 0)).toBe(6_000_000)
  // Nobody states how an FU shares its turn-down among the homes, so no home gets a limit from it.
  expect(await rig.db.$client`select 1 from implied_limit`).toHaveLength(0)
}, 300_000)
