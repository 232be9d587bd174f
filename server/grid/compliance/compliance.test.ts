import { Instant, LocalDate } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { operations } from '../../../schemas/operations.ts'
import { overviewSites, saveImpliedLimits, saveProfile } from '../index.ts'
import { startGrid } from '../test/support/grid-day.ts'
import { eveningLimits, type TestSite } from '../test/support/site.ts'
import { sharesOfAll } from './subjects.ts'

test('NM02 an FU over its demand profile is a breach that is recorded and alarmed, and clears', async () => {
  const grid = await startGrid(Instant.parse('2026-01-15T17:00:00Z'))
  await grid.go(5)
  expect(await grid.connection()).toMatchObject({
    state: 'compliant',
    limitW: 100_000,
    limitSource: 'profile',
    hubId: grid.site.hubId,
    import: { importW: 80_000, stale: false, quality: 'good' },
    nodePath: [{ nodeId: 'gsp' }, { nodeId: 'pri' }, { nodeId: 'sec' }],
  })
  grid.setLoad(grid.site.hubId, [60_000, 30_000, 45_000])
  await grid.go(2)
  expect(await grid.connection()).toMatchObject({ state: 'breach', openAlarms: 1 })
  expect(await grid.alarms()).toMatchObject([
    {
      kind: 'limit-breach',
      state: 'unacknowledged',
      priority: 'high',
      message: 'Islington imports 135.0 kW, 35.0 kW over the limit of 100.0 kW of its profile.',
    },
  ])
  grid.setLoad(grid.site.hubId, [60_000, 0, 20_000])
  await grid.go(10)
  expect(await grid.connection()).toMatchObject({ state: 'compliant' })
  expect(await grid.alarms()).toMatchObject([{ state: 'cleared-unacknowledged' }])
  const { items } = (
    await grid.operator.ask(operations.listBreaches, { query: { connectionId: grid.site.connectionId } })
  ).body
  expect(items).toMatchObject([
    // Over since 17:06, so a breach from 17:07; from 17:08 the load is below the limit.
    { start: '2026-01-15T17:07:00Z', limitW: 100_000, limitSource: 'profile', peakExcessW: 35_000 },
  ])
  expect(items[0].excessWh).toBeCloseTo(35_000 / 60)
  const day = (await grid.operator.ask(operations.readConnectionDay, { params: { id: grid.site.connectionId } })).body
  expect(day.limits.map((s: { limitW: number }) => s.limitW)).toEqual([170_000, 100_000, 170_000])
  expect(day.load).toHaveLength(18)
  expect(day.load[7]).toEqual({ at: '2026-01-15T17:07:00Z', importW: 135_000, quality: 'good' })
  expect(day.breaches).toHaveLength(1)
})

test('NM02 an FU that does not follow its dispatch is in breach of the limit that this implies, until the dispatch ends', async () => {
  const start = Instant.parse('2026-01-15T12:00:00Z')
  const grid = await startGrid(start)
  const fuId = crypto.randomUUID()
  await saveImpliedLimits(grid.db, [
    {
      fuId,
      connectionId: grid.site.connectionId,
      from: start.plusSeconds(900),
      to: start.plusSeconds(2700),
      limitW: 50_000,
      turnDownW: 30_000,
      instructionId: crypto.randomUUID(),
    },
  ])
  grid.setLoad(grid.site.hubId, [60_000, 40_000, 25_000])
  await grid.go(16)
  // By hand: 50 kW for the FU and 60 kW of the building. The FSP has two minutes to turn down, and a breach takes 60 s more.
  expect(await grid.connection()).toMatchObject({
    state: 'compliant',
    turnDownW: 30_000,
    limitW: 110_000,
    limitSource: 'dispatch',
    limitsApplying: [
      { limitW: 110_000, source: 'dispatch' },
      { limitW: 170_000, source: 'profile' },
      { limitW: 228_000, source: 'asc' },
    ],
  })
  expect(await grid.alarms()).toEqual([])
  await grid.go(4)
  expect(await grid.connection()).toMatchObject({ state: 'breach' })
  await grid.go(3)
  // The breach of the site explains that of its FU, whose alarm is suppressed.
  expect(await grid.alarms()).toMatchObject([
    { source: { type: 'connection' }, message: expect.stringContaining('125.0 kW, 15.0 kW over') },
  ])
  const hidden = await grid.operator.ask(operations.listAlarms, { query: { state: 'suppressed' } })
  expect(hidden.body.items).toMatchObject([
    { source: { type: 'fu', id: fuId }, message: expect.stringContaining('65.0 kW, 15.0 kW over') },
  ])
  await grid.go(30)
  expect(await grid.alarms()).toMatchObject([{ state: 'cleared-unacknowledged' }, { state: 'cleared-unacknowledged' }])
  const day = (await grid.operator.ask(operations.readConnectionDay, { params: { id: grid.site.connectionId } })).body
  expect(day.breaches).toMatchObject([
    { limitSource: 'dispatch', limitW: 50_000, fuId, end: '2026-01-15T12:45:00Z' },
    // From 12:45 the limit is 170 kW again: five minutes below 98 % of it.
    {
      limitSource: 'dispatch',
      limitW: 110_000,
      fuId: null,
      start: '2026-01-15T12:18:00Z',
      end: '2026-01-15T12:50:00Z',
    },
  ])
  expect(day.turnDowns).toEqual([
    { from: '2026-01-15T12:15:00Z', to: '2026-01-15T12:45:00Z', turnDownW: 30_000, state: 'ended' },
  ])
  expect(day.limits[1]).toEqual({
    from: '2026-01-15T12:15:00Z',
    to: '2026-01-15T12:45:00Z',
    limitW: 110_000,
    source: 'dispatch',
  })
})

test('NM03 a profile about to expire and one expired raise their alarms; the fallback limit applies', async () => {
  const grid = await startGrid(Instant.parse('2026-12-03T10:30:00Z'))
  await grid.go(1)
  const kinds = async () => (await grid.alarms()).map((a) => [a.kind, a.priority, a.state])
  expect(await kinds()).toEqual([['profile-expiring', 'medium', 'unacknowledged']])
  await grid.clock.advanceTo(Instant.parse('2026-12-03T10:35:00Z'))
  grid.clock.jumpTo(Instant.parse('2026-12-26T00:00:00Z'))
  await grid.go(61)
  await grid.logIn()
  expect(await kinds()).toContainEqual(['profile-expiring', 'high', 'unacknowledged'])
  grid.clock.jumpTo(Instant.parse('2027-01-01T00:00:00Z'))
  grid.setLoad(grid.site.hubId, [60_000, 50_000, 20_000])
  await grid.go(61)
  await grid.logIn()
  expect(await kinds()).toContainEqual(['profile-expired', 'high', 'unacknowledged'])
  expect(await kinds()).toContainEqual(['profile-expiring', 'high', 'cleared-unacknowledged'])
  const found = await grid.connection()
  expect(found).toMatchObject({
    limitW: 120_000,
    limitSource: 'fallback',
    state: 'breach',
    profile: { state: 'expired' },
  })
  await saveProfile(grid.db, {
    connectionId: grid.site.connectionId,
    version: 2,
    state: 'approved',
    fallbackLimitW: null,
    limits: eveningLimits,
    validFrom: LocalDate.parse('2027-01-01'),
    validTo: LocalDate.parse('2027-12-31'),
  })
  await grid.go(60)
  expect((await kinds()).filter(([kind, , state]) => kind === 'profile-expired' && state === 'unacknowledged')).toEqual(
    [],
  )
}, 120_000)

test('NM06 a hub that is silent for longer than its time-out is flagged, and clears by itself', async () => {
  const grid = await startGrid(Instant.parse('2026-01-15T10:00:00Z'), ['Islington', 'Whitechapel'])
  await grid.go(5)
  grid.setLoad(grid.site.hubId, null)
  await grid.go(3)
  expect(await grid.alarms()).toEqual([])
  await grid.go(1)
  expect(await grid.alarms()).toMatchObject([
    {
      kind: 'communication-failure',
      source: { type: 'hub', id: grid.site.hubId },
      message: 'Islington hub has sent no measurement since 10:05 GMT on 15 Jan 2026.',
    },
  ])
  const hubs = (await grid.operator.ask(operations.listHubs)).body
  expect(hubs.map((h: { communicationFailure: boolean }) => h.communicationFailure)).toEqual([true, false])
  grid.setLoad(grid.site.hubId, [60_000, 0, 20_000])
  await grid.go(1)
  expect(await grid.alarms()).toMatchObject([{ state: 'cleared-unacknowledged' }])
  expect(await grid.connection()).toMatchObject({ state: 'compliant' })
})

test('NM06 a silent gateway is one alarm, and a hub that stays silent after its return has its own', async () => {
  const names = Array.from({ length: 20 }, (_, n) => `Site ${n}`)
  const grid = await startGrid(Instant.parse('2026-01-15T10:00:00Z'), names)
  await grid.go(5)
  for (const { hubId } of grid.sites) grid.setLoad(hubId, null)
  await grid.go(10)
  expect(await grid.alarms()).toMatchObject([
    { kind: 'communication-failure', priority: 'critical', source: { type: 'gateway', id: 'gateway-1' } },
  ])
  const [first, ...others] = grid.sites
  for (const { hubId } of others) grid.setLoad(hubId, [1_000, 0, 0])
  await grid.go(2)
  const open = (await grid.alarms()).filter((a) => a.state === 'unacknowledged')
  expect(open).toMatchObject([{ source: { type: 'hub', id: first?.hubId } }])
})

test('NM06 a hub that had failed before its gateway is explained by it, and is shown again when the gateway is back', async () => {
  const grid = await startGrid(Instant.parse('2026-01-15T10:00:00Z'), ['One', 'Two', 'Three'])
  const [one, ...others] = grid.sites as [TestSite, ...TestSite[]]
  const shown = async () => (await grid.alarms()).filter((a) => a.state === 'unacknowledged').map((a) => a.source.id)
  grid.setLoad(one.hubId, null)
  await grid.go(5)
  expect(await shown()).toEqual([one.hubId])
  for (const { hubId } of others) grid.setLoad(hubId, null)
  await grid.go(5)
  expect(await shown()).toEqual(['gateway-1'])
  const suppressed = (await grid.operator.ask(operations.listAlarms, { query: { state: 'suppressed' } })).body.items
  expect(suppressed).toMatchObject([{ source: { id: one.hubId }, suppressed: true }])
  for (const { hubId } of others) grid.setLoad(hubId, [1_000, 0, 0])
  await grid.go(1)
  expect(await shown()).toEqual([one.hubId])
})

test('FM28 a stale measurement makes the state unknown; its value is shown as stale, never as now', async () => {
  const grid = await startGrid(Instant.parse('2026-01-15T10:00:00Z'))
  await grid.go(5)
  grid.setLoad(grid.site.hubId, null)
  await grid.go(5)
  const sites = await overviewSites(grid.db, grid.clock.now())
  expect(sites).toMatchObject([
    { state: 'unknown', import: { importW: 80_000, at: '2026-01-15T10:05:00Z', stale: true } },
  ])
})

test('FM12 a null value or one of bad quality makes the import unknown; 0 W is a value', async () => {
  const grid = await startGrid(Instant.parse('2026-01-15T10:00:00Z'))
  grid.setLoad(grid.site.hubId, [60_000, null, 20_000])
  await grid.go(2)
  expect(await grid.connection()).toMatchObject({ state: 'unknown', import: null })
  grid.setLoad(grid.site.hubId, [0, 0, 0])
  await grid.go(1)
  expect(await grid.connection()).toMatchObject({ state: 'compliant', import: { importW: 0 } })
})

test('the history of a connection, of the fleet, and the report of a month agree with what was seen', async () => {
  const grid = await startGrid(Instant.parse('2026-01-15T17:00:00Z'), ['Islington', 'Camden'])
  const [islington, camden] = grid.sites as [TestSite, TestSite]
  await grid.go(9)
  grid.setLoad(islington.hubId, [60_000, 30_000, 45_000])
  grid.setLoad(camden.hubId, null)
  await grid.go(21)
  await grid.go(3)
  const query = { from: '2026-01-15', to: '2026-01-15' }
  const history = async (id: string) =>
    (await grid.operator.ask(operations.readConnectionCompliance, { params: { id }, query })).body
  expect(await history(islington.connectionId)).toEqual([
    { tradingDay: '2026-01-15', compliantS: 11 * 60, atRiskS: 0, breachS: 23 * 60, unknownS: 0 },
  ])
  expect(await history(camden.connectionId)).toMatchObject([{ compliantS: 13 * 60, unknownS: 21 * 60 }])
  const fleet = (await grid.operator.ask(operations.readFleetCompliance, { query })).body
  expect(fleet).toMatchObject([{ compliantS: 24 * 60, breachS: 23 * 60, unknownS: 21 * 60 }])
  const { lines } = (await grid.operator.ask(operations.readComplianceReport, { params: { month: '2026-01' } })).body
  expect(lines).toMatchObject([
    { name: 'Camden', breaches: 0, peakExcessW: null },
    { name: 'Islington', watchedS: 34 * 60, breaches: 1, peakExcessW: 35_000, breachShare: 23 / 34 },
  ])
  expect(lines[1].maxHalfHourW).toBeCloseTo((10 * 80_000 + 20 * 135_000) / 30)
  const file = await grid.operator.ask(operations.downloadComplianceCsv, { params: { month: '2026-01' } })
  expect(file.body.split('\r\n')).toHaveLength(4)
  const pdf = await grid.operator.ask(operations.downloadCompliancePdf, { params: { month: '2026-01' } })
  expect(pdf.headers.get('content-type')).toBe('application/pdf')
  expect(pdf.body.startsWith('%PDF-1.3')).toBe(true)
  expect((await grid.operator.ask(operations.downloadCompliancePdf, { params: { month: '2026-01' } })).body).toBe(
    pdf.body,
  )
  expect(
    await grid.operator.ask(operations.readFleetCompliance, { query: { from: '2026-01-16', to: '2026-01-15' } }),
  ).toMatchObject({ status: 422 })
  expect(await grid.operator.ask(operations.readComplianceReport, { params: { month: '2026-13' } })).toMatchObject({
    status: 422,
  })
})

test('the overview lists exceptions first', async () => {
  const grid = await startGrid(Instant.parse('2026-01-15T17:00:00Z'), ['A quiet', 'B silent', 'C near', 'D over'])
  const [, silent, near, over] = grid.sites as [TestSite, TestSite, TestSite, TestSite]
  grid.setLoad(silent.hubId, null)
  grid.setLoad(near.hubId, [97_000, 0, 0])
  grid.setLoad(over.hubId, [97_000, 9_000, 0])
  await grid.go(3)
  const sites = await overviewSites(grid.db, grid.clock.now())
  expect(sites.map((s) => [s.name, s.state])).toEqual([
    ['D over', 'breach'],
    ['C near', 'at-risk'],
    ['B silent', 'unknown'],
    ['A quiet', 'compliant'],
  ])
  const found = (await grid.operator.ask(operations.listConnections, { query: { search: 'near', limit: '1' } })).body
  expect(found).toMatchObject({ items: [{ name: 'C near', state: 'at-risk' }], nextCursor: null })
  const page = (await grid.operator.ask(operations.listConnections, { query: { limit: '3' } })).body
  const rest = (await grid.operator.ask(operations.listConnections, { query: { limit: '3', cursor: page.nextCursor } }))
    .body
  expect(await grid.operator.ask(operations.listConnections, { query: { cursor: 'nonsense' } })).toMatchObject({
    status: 400,
  })
  expect([...page.items, ...rest.items].map((s) => s.name)).toEqual(['A quiet', 'B silent', 'C near', 'D over'])
})

test('a fleet of ten thousand is judged in two halves: each connection once a minute, new ones too', async () => {
  const grid = await startGrid(Instant.parse('2026-01-15T17:00:00Z'), ['Islington', 'Camden'])
  const add = (from: number, to: number) =>
    grid.db.execute(sql`
      insert into connection (connection_id, name, customer, address, licence_area, node_id, asc_kva, power_factor)
      select md5('c' || n)::uuid, 'Site ' || n, '', '', 'LPN', 'gsp', 200, 0.95 from generate_series(${from}::int, ${to}::int) n`)
  await add(1, 10_000)
  await grid.go(1)
  const halves = await sharesOfAll(grid.db)
  expect(halves).toEqual([{ below: expect.any(String) }, { from: expect.any(String) }])
  await add(10_001, 10_100)
  for (const { hubId } of grid.sites) grid.setLoad(hubId, [60_000, 30_000, 45_000])
  await grid.go(3)
  // Passes at 17:00 and 17:01, then three more.
  const seconds = await grid.db.execute(sql`
    select compliant_s + at_risk_s + breach_s + unknown_s as watched, count(*)::int as connections
    from compliance_day group by 1 order by 1`)
  expect([...seconds]).toEqual([
    { watched: 180, connections: 100 },
    { watched: 300, connections: 10_002 },
  ])
  const { items } = (await grid.operator.ask(operations.listBreaches)).body
  expect(items.map((each: { connectionId: string }) => each.connectionId).toSorted()).toEqual(
    grid.sites.map(({ connectionId }) => connectionId).toSorted(),
  )
})
