import type { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { dayStart } from '../../../schemas/vocabulary/time.ts'
import {
  isContracted,
  issueOf,
  listContracts,
  type ProductTimetable,
  termOf,
  timetablesOf,
} from '../../market/index.ts'
import { issuedTicks } from './cycles.ts'

/** Windows are at most a week after their tick. */
const aheadDays = 8

/**
 * Which quarter-hours of a day another timetable of the product has issued already: a run for one timetable leaves them as they are.
 * Reads nothing more where the product has one timetable.
 */
export async function sentElsewhere(
  tx: Queryable,
  { product, reach }: ProductTimetable,
  day: LocalDate,
  at: Instant,
): Promise<(fuId: string, from: Instant) => boolean> {
  const others = (await timetablesOf(tx, product, at)).filter((one) => one.reach !== reach)
  if (others.length === 0) return () => false
  const done = await issuedTicks(tx, product, dayStart(day.minusDays(aheadDays)))
  const contracts = (await listContracts(tx, { product, from: day, to: day })).flatMap((contract) => {
    const timetable = others.find((one) => one.covers(contract.contractId))
    return timetable ? [{ fuId: contract.fuId, term: termOf(contract), timetable }] : []
  })
  const byUnit = Map.groupBy(contracts, (one) => one.fuId)
  return (fuId, from) => {
    const own = byUnit.get(fuId)?.find(({ term }) => isContracted(term, from))
    const due = own && issueOf(own.timetable, day, from)
    return due ? done.has(`${own.timetable.reach} ${due}`) : false
  }
}
