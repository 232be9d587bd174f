import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { eq, sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import { operationGroups, operations } from '../../../schemas/operations.ts'
import type { Operation } from '../../../schemas/vocabulary/operation.ts'
import { seedPlans } from '../../../seeds/plans.ts'
import type { Client, TestCall } from '../../../test/support/client.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { startTestServer, type TestServer } from '../../../test/support/server.ts'
import { customer } from '../../access/customers/tables.ts'
import { saveTestNetwork, saveTestSite } from '../../grid/test/support/site.ts'
import { customerSite } from '../../market/customers/tables.ts'
import { planSite } from './engine/plan.ts'
import { runWaitingPlans } from './index.ts'
import { planAsset, planMeterHistory, planRun } from './tables.ts'

const at = Instant.parse('2026-01-15T09:00:00Z')
const customerId = randomUUID()
const strangerId = randomUUID()

let server: TestServer
let carl: Client
let cora: Client
let stranger: Client
let planner: Client
let ownSite: string
/** A site of the other customer, who has no run to apply with. */
let othersSite: string

beforeAll(async () => {
  const { db, url } = await createTestDatabase('server')
  await saveTestNetwork(db)
  server = await startTestServer(url, new SimulatedClock(at))
  await db.insert(customer).values([
    { customerId, name: 'Royal Mail' },
    { customerId: strangerId, name: 'Another' },
  ])
  ownSite = (await saveTestSite(db, at, { name: 'Islington' })).connectionId
  othersSite = (await saveTestSite(db, at, { name: 'Camden' })).connectionId
  await db.insert(customerSite).values([
    { customerId, connectionId: ownSite, since: at },
    { customerId: strangerId, connectionId: othersSite, since: at },
  ])
  const person = (username: string, of: string) =>
    server.account({ username, fullName: username, roles: ['customer'], customerId: of })
  carl = await person('carl', customerId)
  cora = await person('cora', customerId)
  stranger = await person('sue', strangerId)
  planner = await server.person('priya', 'planner')
})

const ids = {
  van: randomUUID(),
  post: randomUUID(),
  group: randomUUID(),
  site: randomUUID(),
  tariff: randomUUID(),
  scenario: randomUUID(),
}

const forms = {
  van: { kind: 'ev-type', name: 'Large van', content: { usableKwh: 50, kwhPerMile: 0.5, acKw: 10 } },
  post: { kind: 'charge-point-type', name: 'Post', content: { kw: 10 } },
  group: {
    kind: 'group',
    name: 'Early round',
    content: {
      days: [0],
      leaves: '07:00',
      returns: '16:00',
      milesPerDay: 20,
      count: 2,
      evTypeId: ids.van,
      chargePointTypeId: ids.post,
    },
  },
  site: { kind: 'site', name: 'Islington', content: { ascKva: 20, powerFactor: 1, assumedPeakKw: 5 } },
  tariff: { kind: 'tariff', name: 'Day rate', content: { pencePerKwh: 20 } },
  scenario: {
    kind: 'scenario',
    name: 'Two vans',
    content: {
      siteId: ids.site,
      groupIds: [ids.group],
      chargePoints: [{ chargePointTypeId: ids.post, count: 2 }],
      tariffId: ids.tariff,
    },
  },
} as const

const save = (client: Client, assetId: string, body: object, version: string | null = null) =>
  client.ask(operations.savePlanAsset, { params: { assetId }, body: body as never, version })

async function run(scenario: string, scenarioId: string = ids.scenario): Promise<string> {
  const { body } = await carl.ask(operations.runPlan, { body: { scenarioId, scenario: scenario as never } })
  return body.runId
}

describe('assets', () => {
  test('people of a customer share them, and those of another customer see none', async () => {
    for (const [name, form] of Object.entries(forms)) {
      const saved = await save(carl, ids[name as keyof typeof ids], form)
      expect([saved.status, saved.body.name]).toEqual([200, form.name])
    }
    const seen = (await cora.ask(operations.listPlanAssets, { query: { kind: 'ev-type' } })).body
    expect(seen).toMatchObject([
      { assetId: ids.van, kind: 'ev-type', changedBy: 'carl', content: { usableKwh: 50, dcKw: null } },
    ])
    expect((await stranger.ask(operations.listPlanAssets)).body).toEqual([])
    expect((await stranger.ask(operations.readPlanAsset, { params: { assetId: ids.van } })).status).toBe(404)
    expect((await save(stranger, ids.van, forms.van)).status).toBe(409)
  })

  test('of two people who edit one at once the second is told who was faster, and nothing is lost', async () => {
    const { etag } = (await carl.ask(operations.readPlanAsset, { params: { assetId: ids.tariff } })).body
    const body = (capacityPencePerKvaDay: number) => ({
      ...forms.tariff,
      content: { pencePerKwh: 20, capacityPencePerKvaDay },
    })
    expect((await save(cora, ids.tariff, body(3), etag)).status).toBe(200)
    const late = await save(carl, ids.tariff, body(4), etag)
    expect([late.status, late.body.detail]).toEqual([
      412,
      expect.stringContaining('The asset Day rate was changed by cora'),
    ])
    const now = (await carl.ask(operations.readPlanAsset, { params: { assetId: ids.tariff } })).body
    expect(now.content.capacityPencePerKvaDay).toBe(3)
  })

  test('what is used stays; a reference to nothing, or to an asset of another kind, is named', async () => {
    const { etag } = (await carl.ask(operations.readPlanAsset, { params: { assetId: ids.van } })).body
    const removal = await carl.ask(operations.removePlanAsset, { params: { assetId: ids.van }, version: etag })
    expect([removal.status, removal.body.detail]).toEqual([409, expect.stringContaining('used by Early round')])
    const content = { ...forms.group.content, evTypeId: ids.post, chargePointTypeId: randomUUID() }
    const refused = await save(carl, randomUUID(), { ...forms.group, name: 'Late round', content })
    expect(refused.status).toBe(422)
    expect(refused.body.errors.map(({ field }: { field: string }) => field)).toEqual([
      'content.evTypeId',
      'content.chargePointTypeId',
    ])
    const spare = randomUUID()
    const saved = await save(carl, spare, { ...forms.van, name: 'Spare' })
    expect(
      (await carl.ask(operations.removePlanAsset, { params: { assetId: spare }, version: saved.body.etag })).status,
    ).toBe(204)
    expect((await carl.ask(operations.readPlanAsset, { params: { assetId: spare } })).status).toBe(404)
  })

  test('the database itself hides the rows of other customers from a call', async () => {
    const { db } = server.context
    await db.transaction(async (tx) => {
      await tx.execute(sql`select set_config('ringmain.customer', ${strangerId}, true)`)
      for (const table of [planAsset, planMeterHistory, planRun]) expect(await tx.select().from(table)).toEqual([])
    })
    expect((await db.select().from(planAsset)).length).toBeGreaterThan(0)
  })
})

describe('background load', () => {
  const upload = (assetId: string, text: string, client = carl) =>
    client.ask(operations.uploadMeterHistory, { params: { assetId }, query: {}, text })
  const read = (assetId: string) => carl.ask(operations.readSiteBackground, { params: { assetId } })

  test('who does not know it is told where to find it; a stated peak counts at all times, and so does twice a yearly mean', async () => {
    const assetId = randomUUID()
    const { body } = await save(carl, assetId, { kind: 'site', name: 'Unknown', content: {} })
    const refused = await read(assetId)
    expect([refused.status, refused.body.detail]).toEqual([
      409,
      expect.stringContaining('Upload half-hourly meter readings'),
    ])
    await save(carl, assetId, { kind: 'site', name: 'Unknown', content: { kwhPerYear: 87_600 } }, body.etag)
    // 87,600 kWh in 8,760 h are 10 kW in the mean.
    expect((await read(assetId)).body).toMatchObject({ source: 'yearly', peakKw: 20 })
    expect((await read(ids.site)).body).toMatchObject({ source: 'assumed', peakKw: 5 })
  })

  test('a file is taken as a whole, with its gaps named, or not at all, with its rows named', async () => {
    const assetId = randomUUID()
    await save(carl, assetId, { kind: 'site', name: 'Metered', content: {} })
    const bad = await upload(assetId, 'period_start,kwh\n2026-01-05T00:10:00Z,2\n2026-01-05T00:30:00Z,-1\n')
    expect([bad.status, bad.body.errors.map(({ field }: { field: string }) => field)]).toEqual([
      422,
      ['line 2, period_start', 'line 3, kwh'],
    ])
    expect((await read(assetId)).status).toBe(409)
    // Monday 5 January 2026: 00:00 is 2 kWh, 00:30 is an empty cell, 01:00 is missing, 01:30 is 3 kWh.
    const good = await upload(
      assetId,
      'period_start,kwh\n2026-01-05T00:00:00Z,2\n2026-01-05T00:30:00Z,\n2026-01-05T01:30:00Z,3\n',
    )
    expect(good.body).toMatchObject({
      source: 'history',
      peakKw: 6,
      knownHalfHours: 2,
      gaps: [{ from: '2026-01-05T00:30:00Z', to: '2026-01-05T01:30:00Z', halfHours: 2 }],
      filledHalfHours: 334,
    })
    expect(good.body.weekKw.slice(0, 4)).toEqual([4, 6, 6, 6])
    expect((await upload(assetId, 'period_start,kwh\n2026-01-05T00:00:00Z,2\n', stranger)).status).toBe(404)
    expect((await upload(ids.van, 'period_start,kwh\n2026-01-05T00:00:00Z,2\n')).status).toBe(409)
  })
})

describe('runs', () => {
  test('SPT01 SPT02 SPT03 SPT05 scenarios are run beside the requests, kept with their inputs, and compared', async () => {
    const runs = [await run('base'), await run('unmanaged'), await run('least-peak')]
    const [base = '', unmanaged = ''] = runs
    expect((await carl.ask(operations.readPlanRun, { params: { id: base } })).body.state).toBe('waiting')
    const early = await carl.ask(operations.comparePlanRuns, { query: { runs: runs.join(',') } })
    expect([early.status, early.body.detail]).toEqual([409, expect.stringContaining('is not finished yet')])
    await runWaitingPlans(server.context, at)
    const { body } = await carl.ask(operations.comparePlanRuns, { query: { runs: runs.join(',') } })
    // Two vans of 10 kW beside 5 kW; 20 kWh in the 318 half-hours at the site; 20 kWh at 20 p.
    expect(body.runs).toMatchObject([
      { scenario: 'base', peakKw: 5, chargingGbpPerWeek: '0.00', isEnough: true, differsByFirst: { peakKw: 0 } },
      {
        scenario: 'unmanaged',
        peakKw: 25,
        extraKva: 5,
        isEnough: false,
        chargingGbpPerWeek: '4.00',
        differsByFirst: { peakKw: 20, chargingGbpPerWeek: '4.00' },
      },
      {
        scenario: 'least-peak',
        peakKw: 5.126,
        isEnough: true,
        chargingGbpPerWeek: '4.00',
        differsByFirst: { capacityKva: 0.126 },
      },
    ])
    const kept = (await cora.ask(operations.readPlanRun, { params: { id: unmanaged } })).body
    expect(await planSite(kept.input)).toEqual(kept.result)
    expect(kept).toMatchObject({ state: 'finished', queuedBy: 'carl', engine: 'site-plan 1', name: 'Two vans' })
    expect((await stranger.ask(operations.readPlanRun, { params: { id: unmanaged } })).status).toBe(404)
    expect((await stranger.ask(operations.listPlanRuns)).body).toEqual([])
  })

  test('a run is cancelled by its customer alone, has no result, and is not planned', async () => {
    const id = await run('unmanaged')
    expect((await stranger.ask(operations.cancelPlanRun, { params: { id } })).status).toBe(404)
    const cancelled = await cora.ask(operations.cancelPlanRun, { params: { id } })
    expect(cancelled.body).toMatchObject({ state: 'cancelled', progress: null, finishedAt: at.toString() })
    await runWaitingPlans(server.context, at)
    expect((await carl.ask(operations.readPlanRun, { params: { id } })).body).toMatchObject({
      state: 'cancelled',
      result: null,
    })
    const csv = await carl.ask(operations.exportPlanRun, { params: { id } })
    expect([csv.status, csv.body.detail]).toEqual([409, expect.stringContaining('was cancelled')])
    expect((await carl.ask(operations.cancelPlanRun, { params: { id } })).status).toBe(409)
  })

  test('a run whose server died is planned by another; one that ends two servers fails', async () => {
    const { db } = server.context
    const left = (attempts: number) => ({
      state: 'running' as const,
      aliveAt: at.minusSeconds(120),
      progress: 0.1,
      attempts,
    })
    const [once, twice] = [await run('base'), await run('base')]
    await db.update(planRun).set(left(1)).where(eq(planRun.runId, once))
    await db.update(planRun).set(left(2)).where(eq(planRun.runId, twice))
    await runWaitingPlans(server.context, at)
    const read = async (id: string) => (await carl.ask(operations.readPlanRun, { params: { id } })).body
    expect(await read(once)).toMatchObject({ state: 'finished', progress: 1, failure: null })
    expect(await read(twice)).toMatchObject({ state: 'failed', failure: expect.stringContaining('stopped, twice') })
  })

  test('SPT06 journeys that cannot be made are named with the nearest that can', async () => {
    const [group, scenario] = [randomUUID(), randomUUID()]
    await save(carl, group, {
      ...forms.group,
      name: 'Far round',
      content: { ...forms.group.content, days: [1], milesPerDay: 90 },
    })
    await save(carl, scenario, {
      ...forms.scenario,
      name: 'Far',
      content: { ...forms.scenario.content, groupIds: [group] },
    })
    const runId = await run('unmanaged', scenario)
    await runWaitingPlans(server.context, at)
    const { result } = (await carl.ask(operations.readPlanRun, { params: { id: runId } })).body
    expect(result.impossible).toMatchObject([
      { group: 'Far round', vehicles: 2, day: 1, leaves: '07:00', reason: 'battery', missingKwh: 5, possibleMiles: 80 },
    ])
    expect(result.impossible[0].advice).toContain('80 miles')
  })

  test('SPT04 without a profile the constrained scenario is refused with what is missing', async () => {
    const { status, body } = await carl.ask(operations.runPlan, {
      body: { scenarioId: ids.scenario, scenario: 'profile' },
    })
    expect([status, body.detail]).toEqual([409, expect.stringContaining('profile is needed')])
  })

  test('of runs that are asked for in one instant, the list begins with the one asked for last', async () => {
    const asked: string[] = []
    for (let i = 0; i < 6; i++) asked.push(await run('base'))
    const { body } = await carl.ask(operations.listPlanRuns, { query: { scenarioId: ids.scenario } })
    expect(body.slice(0, 6).map(({ runId }: { runId: string }) => runId)).toEqual(asked.toReversed())
    await runWaitingPlans(server.context, at)
  })

  test('a run is exported as CSV and, to the same bytes each time, as PDF', async () => {
    const runId = await run('least-peak')
    await runWaitingPlans(server.context, at)
    const csv = (await carl.ask(operations.exportPlanRun, { params: { id: runId } })).body as string
    const lines = csv.trim().split('\r\n')
    expect(lines).toHaveLength(337)
    expect(lines[0]).toBe('day,from,site_kw,background_kw,charging_kw,solar_kw,battery_kw,Early round_kw')
    const pdf = async () => (await carl.ask(operations.exportPlanRunPdf, { params: { id: runId } })).body
    expect((await pdf()).slice(0, 5)).toBe('%PDF-')
    expect(await pdf()).toEqual(await pdf())
  })

  test('SPT07 a run becomes an application, which the DNO decides on, and whose state the customer sees', async () => {
    const runId = await run('unmanaged')
    await runWaitingPlans(server.context, at)
    const body = { runId, validFrom: '2027-01-01', validTo: '2027-12-31', marginPercent: 10 }
    const made = await carl.ask(operations.applyByPlan, { params: { id: ownSite }, body })
    expect(made).toMatchObject({ status: 200, body: { state: 'applied', note: expect.stringContaining('Two vans') } })
    // Monday 00:00 to 01:00: 25 kW with 10 % are 27.5, in whole kW 28; otherwise 5.5, that is 6.
    expect(made.body.limits).toEqual({
      weekday: [
        { from: '00:00', limitW: 28_000 },
        { from: '01:00', limitW: 6_000 },
      ],
      weekend: [{ from: '00:00', limitW: 6_000 }],
    })
    const { profileId } = made.body
    const inbox = (await planner.ask(operations.listProfiles, { query: { state: 'applied' } })).body
    expect(inbox).toContainEqual(expect.objectContaining({ profileId, source: 'site-planning', appliedBy: 'carl' }))
    expect((await planner.ask(operations.assessProfile, { params: { id: profileId } })).status).toBe(200)
    const version = (await planner.ask(operations.readProfile, { params: { id: profileId } })).body.revision
    const reason = 'The substation is replaced in May.'
    await planner.ask(operations.rejectProfile, { params: { id: profileId }, body: { reason }, version })
    const { versions } = (await carl.ask(operations.readOwnSite, { params: { id: ownSite } })).body
    expect(versions).toContainEqual(expect.objectContaining({ profileId, state: 'rejected', reason }))
    expect((await carl.ask(operations.readPlanRun, { params: { id: runId } })).body.profileId).toBe(profileId)
    expect((await stranger.ask(operations.applyByPlan, { params: { id: ownSite }, body })).status).toBe(404)
  })
})

test('the demo has a customer with assets and two scenarios that are run; seeding again adds nothing, nor beside one of that name', async () => {
  const { db } = server.context
  await seedPlans(server.context, [])
  expect((await db.select().from(planRun)).filter(({ name }) => name === 'Fourteen vans')).toEqual([])
  await db.update(customer).set({ name: 'Another carrier' }).where(eq(customer.customerId, customerId))
  for (let times = 0; times < 2; times++) await seedPlans(server.context, [])
  await runWaitingPlans(server.context, at)
  const runs = (await db.select().from(planRun)).filter(({ name }) => name === 'Fourteen vans')
  expect(runs.map(({ state, scenario }) => [state, scenario]).toSorted()).toEqual([
    ['finished', 'least-peak'],
    ['finished', 'unmanaged'],
  ])
  for (const { result } of runs) expect([result?.impossible, result?.missingAtEndKwh]).toEqual([[], 0])
})

describe('FM40: what is another customer’s does not exist', () => {
  const asset = { params: { assetId: ids.site } }
  const named: Record<string, (runId: string) => TestCall> = {
    readPlanAsset: () => asset,
    readSiteBackground: () => asset,
    uploadMeterHistory: () => ({ ...asset, query: {}, text: 'period_start,kwh\n2026-01-05T00:00:00Z,2\n' }),
    runPlan: () => ({ body: { scenarioId: ids.scenario, scenario: 'base' } }),
    readPlanRun: (id) => ({ params: { id } }),
    exportPlanRun: (id) => ({ params: { id } }),
    exportPlanRunPdf: (id) => ({ params: { id } }),
    comparePlanRuns: (id) => ({ query: { runs: `${id},${id}` } }),
    applyByPlan: (runId) => ({
      params: { id: othersSite },
      body: { runId, validFrom: '2027-01-01', validTo: '2027-12-31' },
    }),
  }
  /** Tested above, by what a list shows and by the version of an asset. */
  const elsewhere = ['cancelPlanRun', 'listPlanAssets', 'listPlanRuns', 'savePlanAsset', 'removePlanAsset']
  let runId: string

  beforeAll(async () => {
    runId = await run('least-peak')
    await runWaitingPlans(server.context, at)
  })

  test('every operation of site planning says here what keeps customers apart', () => {
    const all = [...Object.keys(operationGroups.planAssets), ...Object.keys(operationGroups.planRuns), 'applyByPlan']
    expect(all.toSorted()).toEqual([...Object.keys(named), ...elsewhere].toSorted())
  })

  test.each(Object.entries(named))('%s', async (name, callOf) => {
    const stated = operations[name as keyof typeof operations] as Operation
    expect((await stranger.ask(stated, callOf(runId))).status).toBe(404)
    const ownCall = name === 'applyByPlan' ? { ...callOf(runId), params: { id: ownSite } } : callOf(runId)
    expect((await carl.ask(stated, ownCall)).status).toBe(200)
  })
})
