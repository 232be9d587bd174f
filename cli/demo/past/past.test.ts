import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Instant, LocalDate } from '@js-joda/core'
import { pino } from 'pino'
import { beforeAll, describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import { operations } from '../../../schemas/operations.ts'
import { sumGbp } from '../../../schemas/vocabulary/money.ts'
import { askedQuarters, meteredQuarters } from '../../../seeds/lived-in/deliveries.ts'
import { readNorthbank } from '../../../seeds/lived-in/northbank.ts'
import { type RunningServer, startServer } from '../../../server/app/index.ts'
import { atEnd } from '../../../test/support/cleanup.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { logInAs } from '../../system/people.ts'
import type { PortalClient } from '../../system/portal-client.ts'
import { areAnswered, publishTender, unawardedTenders } from '../market.ts'
import { pastCalendar, settledAt } from './calendar.ts'
import { pastSecret } from './company.ts'
import { declineTenders } from './decline.ts'
import { livePast } from './past.ts'

const now = Instant.parse('2026-01-15T12:00:00Z')
const log = pino({ level: 'silent' })
const { db, url } = await createTestDatabase('server')
const folder = await mkdtemp(join(tmpdir(), 'ringmain-past-'))
atEnd(() => rm(folder, { recursive: true }))
const options = { databases: { serverUrl: url }, dataFolder: folder, now, log }

/** What a newcomer finds, in figures that a second run must not change. */
async function counts() {
  const tables = ['fsp', 'flexible_unit', 'tender', 'contract', 'instruction', 'statement', 'statement_line', 'dispute']
  const more = ['meter_reading', 'breach', 'alarm', 'hub', 'audit_entry']
  const found: Record<string, number> = {}
  for (const table of [...tables, ...more]) {
    const [row] = await db.$client.unsafe(`select count(*)::int as n from ${table}`)
    found[table] = row?.['n']
  }
  return found
}

describe('the calendar of the past', () => {
  test.each([
    ['2026-01-15', '2025-11', '2025-12', '2026-01', '2026-01-14'],
    ['2026-01-05', '2025-11', '2025-12', '2026-01', '2026-01-04'],
    // On the first four days of a month the month before is not settled yet.
    ['2026-01-04', '2025-10', '2025-11', '2025-12', '2025-12-31'],
    ['2026-01-01', '2025-10', '2025-11', '2025-12', '2025-12-31'],
  ])('on %s settles %s and %s, and %s runs until %s', (today, earlier, later, month, until) => {
    const given = Instant.parse(`${today}T12:00:00Z`)
    const calendar = pastCalendar(given)
    expect(calendar.months.map(String)).toEqual([earlier, later])
    expect(String(calendar.running.month)).toBe(month)
    expect(String(calendar.running.until)).toBe(until)
    expect(settledAt(calendar.months[1]).isBefore(calendar.breachAt)).toBe(true)
    expect(calendar.breachAt.isBefore(calendar.quietAt)).toBe(true)
  })
})

describe('what units deliver', () => {
  test('lowers their meters by most of what they are asked, and by a third on the day that is disputed', async () => {
    const { sites } = await readNorthbank()
    const [site] = sites
    if (!site) throw new Error('there is no site')
    const shareOn = (day: string) => {
      const date = LocalDate.parse(day)
      const asked = askedQuarters(site, date)
      const metered = new Map(meteredQuarters(site, date, true).map(({ at, energyWh }) => [at.toString(), energyWh]))
      const before = asked[0]?.minusSeconds(900).toString() ?? ''
      const [first, last] = [metered.get(before) ?? 0, metered.get(asked[0]?.toString() ?? '') ?? 0]
      return { quarters: asked.length, share: ((first - last) * 4) / site.unit.turnDownW }
    }
    // A Tuesday of the second week: asked for 17:00 to 19:00, and short.
    expect(shareOn('2025-12-09')).toMatchObject({ quarters: 8 })
    expect(shareOn('2025-12-09').share).toBeLessThan(0.6)
    expect(askedQuarters(site, LocalDate.parse('2025-12-25'))).toEqual([])
    // Before its contract a unit is asked for nothing, so that its first baselines are those of usual days.
    const before = meteredQuarters(site, LocalDate.parse('2025-12-09'), false)
    const after = meteredQuarters(site, LocalDate.parse('2025-12-09'), true)
    const lowered = before.filter(({ energyWh }, i) => energyWh > (after[i]?.energyWh ?? 0))
    expect(lowered.map(({ at }) => at.toString().slice(11, 16))).toEqual([
      '17:00',
      '17:15',
      '17:30',
      '17:45',
      '18:00',
      '18:15',
      '18:30',
      '18:45',
    ])
  })
})

describe('a new demo', () => {
  let [clerk, operator, engineer]: (PortalClient | undefined)[] = []
  let server: RunningServer
  beforeAll(async () => {
    expect(await livePast(options)).toBe(true)
    server = await startServer({
      databaseUrl: url,
      host: '127.0.0.1',
      port: 0,
      role: 'api',
      environment: 'demo',
      secretKeyFile: join(folder, 'server.key'),
      clock: new SimulatedClock(now),
      log,
    })
    atEnd(() => server.close())
    ;[clerk] = await logInAs(server.url, 'settlement')
    ;[operator] = await logInAs(server.url, 'operator')
    ;[engineer] = await logInAs(server.url, 'flexibility-engineer')
  }, 240_000)

  test('has two settled months, one line disputed, and a draft of the month that runs', async () => {
    const statements = (await clerk?.api.all(operations.listStatements, {})) ?? []
    const shown = statements.map(({ product, month, state }) => `${month} ${product} ${state}`)
    expect(shown.toSorted()).toEqual([
      '2025-11 A issued',
      '2025-11 C issued',
      '2025-12 A issued',
      '2025-12 C approved',
      '2026-01 A draft',
    ])
    for (const { statementId, checkedBy, approvedBy, state } of statements) {
      if (state === 'issued') expect(checkedBy).not.toBe(approvedBy)
      const found = await clerk?.api.call(operations.readStatement, { params: { id: statementId } })
      expect(sumGbp(found?.lines.map(({ amountGbp }) => amountGbp) ?? [])).toBe(found?.totalGbp)
      expect(Number(found?.totalGbp)).toBeGreaterThan(0)
    }
    for (const month of ['2025-11', '2025-12']) {
      const delivered = statements.find((each) => each.month === month && each.product === 'A')?.deliveredWh ?? 0
      const asked = await db.$client`select sum(turn_down_w) / 4 as wh from instruction
        where product = 'A' and to_char(from_at, 'YYYY-MM') = ${month}`
      expect(delivered / Number(asked[0]?.['wh'])).toBeGreaterThan(0.75)
    }
    const disputed = statements.find(({ product, month }) => product === 'A' && month === '2025-12')
    const params = { id: disputed?.statementId ?? '' }
    const disputes = await clerk?.api.all(operations.listDisputes, { params })
    expect(disputes).toMatchObject([{ state: 'open', raisedBy: expect.any(String) }])
    const statement = await clerk?.api.call(operations.readStatement, { params })
    const line = statement?.lines.find(({ number }) => number === disputes?.[0]?.lineNumber)
    expect(line?.deliveryRatio).toBeLessThan(0.6)
    // On each day of December the window has 8 quarter-hours, of each of the two units.
    expect(statement?.lines).toHaveLength(31 * 8 * 2)
  })

  test('has contracts, of which those of A come from awarded tenders', async () => {
    const contracts = (await engineer?.api.all(operations.listContracts, {})) ?? []
    expect(contracts.map(({ fuName, product, turnDownW }) => [fuName, product, turnDownW]).toSorted()).toEqual([
      ['Clerkenwell compressors', 'A', 80_000],
      ['Essex Road dryers', 'C', 30_000],
      ['Howick Place chillers', 'A', 45_000],
    ])
    const tenders = (await engineer?.api.all(operations.listTenders, {})) ?? []
    expect(tenders.map(({ state, title }) => [state, title]).toSorted()).toEqual([
      ['awarded', 'Evening peak at Clerkenwell Cold Store'],
      ['awarded', 'Evening peak at Howick Place Data Hall'],
    ])
  })

  test('has a breach that is over, a shelved alarm and a standing one of monitors that went quiet', async () => {
    const breaches = (await operator?.api.all(operations.listBreaches, {})) ?? []
    // 118 % of 200 kVA × 0.95 = 190 kW is 224.2 kW: 34.2 kW too much for twelve minutes on the evening two days before.
    expect(breaches).toMatchObject([{ connectionName: 'Essex Road Laundry', limitW: 190_000, end: expect.any(String) }])
    expect(breaches[0]?.peakExcessW).toBeCloseTo(34_200, 6)
    expect(breaches[0]?.start.slice(0, 13)).toBe('2026-01-13T17')
    const quiet = async (state: 'open' | 'shelved') =>
      ((await operator?.api.all(operations.listAlarms, { query: { state } })) ?? [])
        .filter(({ kind }) => kind === 'communication-failure')
        .map(({ source, shelfReason }) => [source.name, shelfReason ?? null])
    expect(await quiet('open')).toEqual([['Howick Place Data Hall incomer', null]])
    expect(await quiet('shelved')).toEqual([['Essex Road Laundry incomer', expect.stringContaining('meter operator')]])
  })

  test('goes on with tenders that an earlier start published, for which its past company declines once', async () => {
    if (!engineer) throw new Error('there is no engineer')
    const span = { validFrom: LocalDate.parse('2026-02-01'), validTo: LocalDate.parse('2026-02-28') }
    const window = { from: '17:00', to: '19:00', requiredW: 40_000 }
    const title = 'Evening peak from 2026-02-01, Hurst GSP'
    const term = { ...span, gateClosesAt: now.plusSeconds(1_800) }
    const id = await publishTender(engineer, term, { title, product: 'A', zoneNodeId: 'lpn-hurst', window })
    expect(await unawardedTenders(engineer, 'A')).toEqual([id])
    expect(await unawardedTenders(engineer, 'B')).toEqual([])
    const secret = await pastSecret(folder, log)
    for (const _ of ['first', 'second']) await declineTenders(server, engineer, secret, [id])
    const responses = await engineer.api.all(operations.listTenderResponses, { params: { id } })
    expect(responses).toMatchObject([{ fspName: 'Northbank Flexibility', bid: 'declined' }])
    expect(await areAnswered(engineer, [id])).toBe(true)
    await engineer.api.call(operations.withdrawTender, { params: { id } })
    expect(await unawardedTenders(engineer, 'A')).toEqual([])
  })

  test('says of its instructions that they were made up', async () => {
    const reasons = await db.$client`select distinct reason, state from instruction`
    expect([...reasons]).toEqual([{ reason: 'synthetic: made up for the demo, never sent', state: 'ended' }])
  })

  test('has the same past after another start that finds it half-way, and none is added to a demo with a present', async () => {
    const before = await counts()
    expect(await livePast(options)).toBe(true)
    const { audit_entry: _, ...after } = await counts()
    expect(before).toMatchObject(after)
    await db.$client`update fsp set company_name = 'Somebody else'`
    expect(await livePast(options)).toBe(false)
  })
})
