import { type Instant, LocalDate } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { beforeAll, expect, inject, test } from 'vitest'
import { rehearseDay, StoppedRehearsal } from '../../cli/day/run.ts'
import type { DaySummary } from '../../cli/day/summary.ts'
import type { RunningSystem } from '../../cli/system/system.ts'
import { createLog } from '../../platform/log/index.ts'
import { readDepots } from '../../seeds/index.ts'
import { placement } from '../../server/app/scale-out/placement.ts'
import { refusals, tablesIn } from '../../tools/scale-out/statements.ts'
import { clusterRules, collectStatements } from '../support/cluster-rules.ts'
import { createTestDatabase } from '../support/database.ts'

/** In the text of what only this test asks, which is none of the product's statements. */
const byObserver = '/* by the observer of the test */'

/** What had been stored by an hour: of each kind how much, and the sum of its values. */
interface HourFigures {
  at: string
  polls: number
  stored: unknown[]
}

async function figuresAt({ server, gateway }: RunningSystem, at: Instant): Promise<HourFigures> {
  const stored = await server.context.db.execute(sql`${sql.raw(byObserver)}
    select 'measured ' || quantity as kind, count(*) as rows, sum(value)::numeric(20, 3) as total
      from measurement group by quantity
    union all select 'metered', count(*), sum(energy_wh)::numeric(20, 3) from meter_reading
    union all select 'instructed ' || product, count(*), sum(turn_down_w)::numeric(20, 3) from instruction group by product
    union all select 'submitted ' || kind, count(*), 0 from submitted_schedule group by kind
    order by kind`)
  return { at: at.toString(), polls: gateway.counters().polls, stored: [...stored] }
}

/** The rehearsal of `ringmain day`, with one small depot in place of nine, to its end or for so many hours. */
async function rehearse(seed: number, most = Number.POSITIVE_INFINITY) {
  const depots = (await readDepots()).depots.filter((each) => each.depotId === 'bexleyheath')
  const hours: HourFigures[] = []
  const summary = await rehearseDay({
    day: LocalDate.parse('2026-01-15'),
    seed,
    depots,
    progress: () => undefined,
    onHour: async (system, at) => void hours.push(await figuresAt(system, at)),
    isStopped: () => hours.length === most,
    log: createLog('day', process.env['RINGMAIN_TEST_LOG'] ?? 'silent'),
  }).catch((error) => {
    if (error instanceof StoppedRehearsal) return undefined
    throw error
  })
  return { summary, hours }
}

/** From 17:00 on the evening before, over the gates of the products, into the night in which a depot charges. */
const repeatedHours = 6

let statements: readonly string[] = []
let summary: DaySummary | undefined
let [hours, again]: HourFigures[][] = [[], []]

beforeAll(async () => {
  const before = process.env['DATABASE_URL']
  process.env['DATABASE_URL'] = inject('adminUrl')
  try {
    const collected = collectStatements()
    ;({ summary, hours } = await rehearse(7))
    statements = collected().filter((statement) => !statement.startsWith(byObserver))
    ;({ hours: again } = await rehearse(7, repeatedHours))
  } finally {
    if (before === undefined) delete process.env['DATABASE_URL']
    else process.env['DATABASE_URL'] = before
  }
}, 3_600_000)

test('a rehearsed day holds every check that is made on it from outside', () => {
  expect(summary?.checks.map((check) => [check.name, check.ok, check.detail])).toEqual(
    summary?.checks.map((check) => [check.name, true, check.detail]),
  )
  expect(summary?.checks.map((check) => check.name)).toEqual([
    'measurements stored = points answered by the hubs',
    'the feeds of every depot are fresh and were understood whole',
    'issued = due, no duplicate, none late',
    'product B: issued = due, no duplicate, none late',
    'product C: issued = due, no duplicate, none late',
    'lines sum to statement 2026-01-A-0001',
    'lines sum to statement 2026-01-A-0002',
    'lines sum to statement 2026-01-B-0001',
    'lines sum to statement 2026-01-B-0002',
    'lines sum to statement 2026-01-C-0001',
    'metered energy agrees with hub energy minus site load',
    'product A: energy instructed, metered and delivered agree',
    'product B: energy instructed, metered and delivered agree',
    'product C: energy instructed, metered and delivered agree',
    'metered energy of the homes agrees with what they drew',
    'the load of the homes fell by what they were instructed',
    'the load of the homes rose by what they were instructed to turn up',
  ])
  // A: the depot and an estate of homes, two hours each. B: at Barnsbury 2 + 3 hours, at Erith Road 2, and at
  // Cray Valley 2 hours of turn-up at noon, the vans of Highbury an hour, and the depot half an hour. C: two estates and the vans of
  // Eltham, an hour each.
  expect(summary).toMatchObject({
    depots: 1,
    hubs: 1,
    dispatch: {
      A: { due: 16, issued: 16, acknowledged: 16, late: 0, duplicates: 0 },
      B: { due: 42, issued: 42, acknowledged: 42, late: 0, duplicates: 0 },
      C: { due: 12, issued: 12, acknowledged: 12, late: 0, duplicates: 0 },
    },
  })
  expect(summary?.energyTurnedDownWh).toBeGreaterThan(1_000)
  const companies = ['Reference Flexibility Ltd', 'Hearth Flexibility Ltd']
  expect(summary?.statements.map(({ fsp, product }) => [product, fsp]).sort()).toEqual(
    [
      ...companies.flatMap((fsp) => [
        ['A', fsp],
        ['B', fsp],
      ]),
      ['C', companies[1]],
    ].sort(),
  )
  for (const { amountGbp } of summary?.statements ?? []) expect(Number(amountGbp)).toBeGreaterThan(0)
})

test('two rehearsals of the same day and seed agree in all that was stored, hour by hour into the night', () => {
  expect(again).toHaveLength(repeatedHours)
  expect(again).toEqual(hours?.slice(0, repeatedHours))
  for (const kind of ['measured active-power', 'metered', 'submitted cost', 'instructed B'])
    expect(again?.at(-1)?.stored).toContainEqual(
      expect.objectContaining({ kind, rows: expect.stringMatching(/^[1-9]/) }),
    )
})

/** Distributed tables that a rehearsed day has no need of: live readings, and what goes wrong with a hub. */
const unneeded = ['live_reading', 'hub_event']

test('no statement of a day is of a kind that a cluster is known to refuse', async () => {
  const rules = await clusterRules((await createTestDatabase('server')).db)
  const used = new Set<string>()
  for (const statement of statements) {
    for (const table of await tablesIn(statement, rules)) used.add(table)
    expect(await refusals(statement, rules), statement).toEqual([])
  }
  const distributed = placement.flatMap(({ place, tables }) => (place.kind === 'distributed' ? tables : []))
  expect(distributed.filter((table) => !used.has(table) && !unneeded.includes(table))).toEqual([])
})
