import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import { operations } from '../../../schemas/operations.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { registerFsp, saveTestNetwork } from '../../../test/support/market.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { saveNode } from '../../grid/index.ts'
// The run is carried out by its own slice; a market test may start it.
import { runWaiting } from '../../planning/demand/run-demand.ts'
import { addDemandRun, demandRun } from '../../planning/index.ts'

const { db, url } = await createTestDatabase('server')
await saveTestNetwork(db)
await saveNode(db, {
  nodeId: 'dark',
  name: 'Unknown St',
  kind: 'secondary',
  parentId: 'pri',
  licenceArea: 'LPN',
  easting: 551_000,
  northing: 184_000,
  ratingWinterKva: null,
  ratingSummerKva: null,
})
const clock = new SimulatedClock(Instant.parse('2026-01-15T10:00:00Z'))
const server = await startTestServer(url, clock)
const planner = await server.person('priya', 'planner')
const engineer = await server.person('erin', 'flexibility-engineer')

/**
 * 10,000 cars that all charge at home as these profiles say: 100 W each on a winter weekday from 17:00 to 18:00 and 90 W until 18:30, 10 W
 * otherwise. `sec` has 760 kW in winter (800 kVA × 0.95) and 684 kW in summer (720 kVA × 0.95), and no other load on record.
 */
const kinds = ['winter weekday', 'winter weekend', 'summer weekday', 'summer weekend']
const times = Array.from(
  { length: 48 },
  (_, n) => `${String(Math.floor(n / 2)).padStart(2, '0')}:${n % 2 ? '30' : '00'}`,
)
const carW = (kind: string, time: string) => {
  if (kind !== 'winter weekday') return 10
  return { '17:00': 100, '17:30': 100, '18:00': 90 }[time] ?? 10
}
const files = {
  areas: 'code,borough,easting,northing,cars\na,Camden,531000,184000,10000\nb,Camden,551000,184000,10\n',
  growth: 'area,2026,2027\na,0.1,1\nb,0.1,1\n',
  'off-street': 'area,share\na,1\n',
  profiles: `archetype,dayKind,time,meanW,chargingW\n${kinds.flatMap((kind) => times.map((time) => `home,${kind},${time},${carW(kind, time)},7000`)).join('\n')}\n`,
} as const

const ids = new Map<string, string>()
for (const [kind, text] of Object.entries(files)) {
  const params = { kind: kind as keyof typeof files }
  const { body } = await planner.ask(operations.importDemandEdition, { params, text })
  ids.set(kind, body.edition.editionId)
}
const id = (kind: keyof typeof files) => ids.get(kind) ?? ''
const { body: started } = await planner.ask(operations.startNetworkRun, {
  body: {
    title: 'Growth',
    areas: id('areas'),
    growth: id('growth'),
    offStreet: id('off-street'),
    profiles: id('profiles'),
    toYear: 2027,
  },
})
await runWaiting(server.context)

const asked = {
  runId: started.runId as string,
  nodeId: 'sec',
  year: 2027,
  season: 'winter' as const,
  reinforcement: { reinforcementGbp: 100_000, lifeYears: 20, discountRate: 0 },
  title: 'Almeida St, January',
  product: 'A',
  validFrom: '2027-01-01',
  validTo: '2027-01-31',
  ceilingAvailabilityGbpPerMwH: '10.00',
  ceilingUtilisationGbpPerMwh: '200.00',
  gateClosesAt: '2026-12-01T12:00:00Z',
}
const draft = (change: object = {}) => engineer.ask(operations.draftDemandTender, { body: { ...asked, ...change } })

test('a tender is drafted from a run in one step: the node, its windows and W, with the working that it keeps', async () => {
  const { status, body } = await draft()
  expect({ status, detail: body.detail }).toEqual({ status: 200, detail: undefined })
  const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday']
  // 1,000 − 760 kW; the half-hour at 900 kW is in the same window.
  expect(body).toMatchObject({
    state: 'draft',
    createdBy: 'erin',
    direction: 'turn-down',
    zoneNodeId: 'sec',
    windows: [{ weekdays, from: '17:00', to: '18:30', requiredW: 240_000 }],
  })
  const { body: run } = await planner.ask(operations.readDemandRun, { params: { id: asked.runId } })
  const { runId, runTitle, runDigest, isSynthetic, season, requirement } = body.demand
  expect({ runId, runTitle, runDigest, isSynthetic, season }).toEqual({
    runId: asked.runId,
    runTitle: 'Growth',
    runDigest: run.digest,
    isSynthetic: false,
    season: 'winter',
  })
  // 2027 has 104 winter weekdays that are not bank holidays: each 1.5 h × 0.24 MW × £10, and 0.31 MWh × £200.
  expect(requirement.costs).toEqual({
    availabilityGbp: '374.40',
    utilisationGbp: '6448.00',
    flexibilityGbp: '6822.40',
    reinforcementGbp: '5000.00',
  })
  const listed = await engineer.ask(operations.listTenders, { query: { demandRunId: asked.runId } })
  expect(listed.body.items.map(({ tenderId }: { tenderId: string }) => tenderId)).toEqual([body.tenderId])
  const none = await engineer.ask(operations.listTenders, { query: { demandRunId: randomUUID() } })
  expect(none.body.items).toEqual([])
})

test('its drafter cannot award it, and an FSP that reads it does not see the working', async () => {
  const { body } = await draft({ title: 'For all to see', gateClosesAt: '2026-01-15T11:00:00Z' })
  const params = { id: body.tenderId }
  expect((await engineer.ask(operations.publishTender, { params })).status).toBe(200)
  const fsp = await registerFsp(server, engineer, 'Depot Charging Ltd', {
    controlApi: {
      baseUrl: 'http://127.0.0.1:9/control',
      tokenEndpoint: 'http://127.0.0.1:9/token',
      clientId: 'dno',
      clientSecret: 'long enough',
      scope: 'control',
    },
  })
  const seen = await fsp.client.ask(operations.readTender, { params })
  expect(seen.body).toMatchObject({ windows: body.windows, demand: null })
  const ofRun = await fsp.client.ask(operations.listTenders, { query: { demandRunId: asked.runId } })
  expect(ofRun.body.items).toEqual([])
  await clock.advanceTo(Instant.parse('2026-01-15T11:01:00Z'))
  const evaluated = await engineer.ask(operations.evaluateTender, { params })
  expect(evaluated.status).toBe(200)
  const { body: read } = await engineer.ask(operations.readTender, { params })
  const award = await engineer.ask(operations.awardTender, { params, version: String(read.version) })
  expect(award.body.type).toContain('second-person-needed')
})

test('where no tender can follow from a run it is refused with the reason, and nothing is stored', async () => {
  const count = async () => (await engineer.ask(operations.listTenders)).body.items.length
  const before = await count()
  const refusals = [
    [
      { season: 'summer', validFrom: '2027-05-01', validTo: '2027-05-31' },
      409,
      'stays within the headroom in summer 2027',
    ],
    [{ season: 'summer' }, 422, 'must be in summer, whose windows are asked for: 2027-01-01 is not'],
    [{ validTo: '2027-04-01' }, 422, 'must be in winter, whose windows are asked for: 2027-04-01 is not'],
    [{ year: 2026 }, 422, 'not 2026'],
    [{ year: 2040, validFrom: '2040-01-01', validTo: '2040-01-31' }, 409, 'The run has no year 2040'],
    [{ nodeId: 'dark' }, 409, 'The headroom of Unknown St is unknown'],
    [{ nodeId: 'nowhere' }, 404, 'no demand to a node nowhere'],
    [{ runId: randomUUID() }, 404, 'There is no run of EV demand'],
    [{ product: 'ZZ' }, 422, 'product'],
  ] as const
  for (const [change, status, words] of refusals) {
    const { body, ...answer } = await draft(change)
    expect({ change, status: answer.status, detail: body.detail }).toEqual({
      change,
      status,
      detail: expect.stringContaining(words),
    })
  }
  const by = { at: clock.now(), requestedBy: 'priya', requestedAt: clock.now() }
  const waiting = await addDemandRun(db, {
    ...by,
    runId: randomUUID(),
    kind: 'network',
    title: 'Later',
    record: {},
    isSynthetic: false,
  })
  expect((await draft({ runId: waiting.runId })).body.detail).toContain('The run Later is waiting')
  expect(await count()).toBe(before)

  await db.update(demandRun).set({ isSynthetic: true }).where(eq(demandRun.runId, asked.runId))
  expect((await draft()).body.detail).toContain('rests on data that were made up')
  expect(await count()).toBe(before)
  expect((await draft({ allowSynthetic: true })).body.demand.isSynthetic).toBe(true)
})
