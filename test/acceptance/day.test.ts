import { LocalDate } from '@js-joda/core'
import { beforeAll, expect, inject, test } from 'vitest'
import { rehearseDay } from '../../cli/day/run.ts'
import type { DaySummary } from '../../cli/day/summary.ts'
import { createLog } from '../../platform/log/index.ts'
import { readDepots } from '../../seeds/index.ts'

/** The rehearsal of `ringmain day`, with one small depot in place of nine. */
async function rehearse(seed: number): Promise<Omit<DaySummary, 'wallMs'>> {
  const depots = (await readDepots()).depots.filter((each) => each.depotId === 'bexleyheath')
  const { wallMs, ...summary } = await rehearseDay({
    day: LocalDate.parse('2026-01-15'),
    seed,
    depots,
    progress: () => undefined,
    log: createLog('day', process.env['RINGMAIN_TEST_LOG'] ?? 'silent'),
  })
  expect(wallMs).toBeGreaterThan(0)
  return summary
}

let [first, again]: (Omit<DaySummary, 'wallMs'> | undefined)[] = []

beforeAll(async () => {
  const before = process.env['DATABASE_URL']
  process.env['DATABASE_URL'] = inject('adminUrl')
  try {
    first = await rehearse(7)
    again = await rehearse(7)
  } finally {
    if (before === undefined) delete process.env['DATABASE_URL']
    else process.env['DATABASE_URL'] = before
  }
}, 400_000)

test('a rehearsed day holds every check that is made on it from outside', () => {
  expect(first?.checks.map((check) => [check.name, check.ok, check.detail])).toEqual(
    first?.checks.map((check) => [check.name, true, check.detail]),
  )
  expect(first?.checks.map((check) => check.name)).toEqual([
    'measurements stored = points answered by the hubs',
    'issued = due, no duplicate, none late',
    'lines sum to statement 2026-01-A-0001',
    'metered energy agrees with hub energy minus site load',
  ])
  expect(first).toMatchObject({ depots: 1, hubs: 1, dispatch: { A: { due: 8, issued: 8, acknowledged: 8 } } })
  expect(first?.energyTurnedDownWh).toBeGreaterThan(1_000)
})

test('two rehearsals of the same day and seed agree in every figure', () => {
  expect(again).toEqual(first)
})
