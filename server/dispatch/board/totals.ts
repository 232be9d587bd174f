import type { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import type { DispatchTotals } from '../../../schemas/dispatch/board.ts'
import type { Contract } from '../../../schemas/market/contracts.ts'
import type { DispatchSchedule } from '../../../schemas/market/schedules.ts'
import { dayEnd, dayStart, periodStarts } from '../../../schemas/vocabulary/time.ts'
import type { Product } from '../../../schemas/vocabulary/units.ts'
import {
  type ContractTerm,
  isContracted,
  issueOf,
  listContracts,
  listFlexibleUnits,
  listProducts,
  type ProductTimetable,
  termOf,
  ticksFor,
  timetablesOf,
} from '../../market/index.ts'
import { isStoppedAt, stopsIn } from '../emergency/index.ts'
import { countInstructions } from '../instructions/index.ts'
import { countMissed } from '../issuing/index.ts'
import { liveSchedules, valueAt } from '../schedules/index.ts'

/** A day's dispatch in figures, by product. */
export async function readTotalsByProduct(tx: Queryable, at: Instant, day: LocalDate) {
  const totals: (DispatchTotals & { product: Product })[] = []
  for (const product of await listProducts(tx)) totals.push({ product, ...(await readTotals(tx, at, day, product)) })
  return totals
}

/** A day's dispatch in figures, of all products. */
export async function readTotalsOfAll(tx: Queryable, at: Instant, day: LocalDate): Promise<DispatchTotals> {
  const sum: DispatchTotals = { due: 0, issued: 0, acknowledged: 0, refused: 0, unknown: 0, missed: 0, stopped: 0 }
  for (const own of await readTotalsByProduct(tx, at, day))
    for (const name of Object.keys(sum) as (keyof DispatchTotals)[]) sum[name] += own[name]
  return sum
}

/**
 * A day's dispatch in figures, of one product: the totals of the board without its rows and without
 * deliveries, which need the meter data of every FU.
 */
export async function readTotals(
  tx: Queryable,
  at: Instant,
  day: LocalDate,
  product: Product,
): Promise<DispatchTotals> {
  const contracts = await listContracts(tx, { product, from: day, to: day })
  let [due, missed] = [0, 0]
  for (const timetable of await timetablesOf(tx, product, at)) {
    const own = contracts.filter(({ contractId }) => timetable.covers(contractId))
    due += await countDue(tx, at, day, timetable, own)
    missed += await countMissed(tx, timetable, ticksFor(timetable, day))
  }
  return { due, ...(await countInstructions(tx, product, dayStart(day), dayEnd(day))), missed }
}

/** Number of instructions that a timetable owes by now to the contracts that follow it. */
async function countDue(
  tx: Queryable,
  at: Instant,
  day: LocalDate,
  timetable: ProductTimetable,
  contracts: readonly Contract[],
): Promise<number> {
  const fuIds = [...new Set(contracts.map((contract) => contract.fuId))]
  const live = await liveSchedules(tx, day, fuIds, timetable)
  const scheduled = [...live.keys()]
  const inService = (await listFlexibleUnits(tx, at, { fuIds: scheduled })).filter((unit) => unit.inService)
  const terms = Map.groupBy(contracts, (contract) => contract.fuId)
  const starts = dueStarts(timetable, at, day)
  // Windows may be issued in another order than they come in.
  const first = starts.map((start) => start.due).reduce((a, b) => (b.isBefore(a) ? b : a), at)
  const stops = await stopsIn(tx, first, at.plusMillis(1))
  const due = inService.map(({ fuId, fspId }) => {
    const schedule = live.get(fuId)
    const open = starts.filter((start) => !isStoppedAt(stops, fspId, start.due))
    return schedule ? dueCount(open, schedule, (terms.get(fuId) ?? []).map(termOf)) : 0
  })
  return due.reduce((sum, n) => sum + n, 0)
}

/** The quarter-hours of a day for which an instruction is due by now, and when it fell due. */
function dueStarts(timetable: ProductTimetable, at: Instant, day: LocalDate): { from: Instant; due: Instant }[] {
  return periodStarts(day, 'PT15M').flatMap((from) => {
    const due = issueOf(timetable, day, from)
    return due && !at.isBefore(due) ? [{ from, due }] : []
  })
}

/** Number of instructions due for an FU: one for each tick that owes it anything. */
function dueCount(
  starts: readonly { from: Instant; due: Instant }[],
  live: DispatchSchedule,
  terms: readonly ContractTerm[],
): number {
  const isOwed = (from: Instant) => valueAt(live, from) !== null && terms.some((term) => isContracted(term, from))
  return new Set(starts.filter(({ from }) => isOwed(from)).map(({ due }) => due.toString())).size
}
