import type { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import type { Contract } from '../../../schemas/market/contracts.ts'
import type { SubmissionKind } from '../../../schemas/market/submissions.ts'
import { isContracted, listContracts, termOf } from '../tenders/index.ts'
import {
  closingsOn,
  type ProductTimetable,
  type Closing as TimetableClosing,
  timetableFor,
  timetablesInForce,
  wholeProduct,
} from '../timetables/index.ts'
import type { Closing } from './closings.ts'

/** What closes when for the schedules of an FU. */
export type ClosingsOf = (fuId: string, day: LocalDate, kind: SubmissionKind) => Closing[]

/**
 * The gates that the schedules of FUs have on some days, by the timetables in force at an instant: those of the contracts that the FU has on
 * the day. An FU without a contract has the latest gate of all products, because nothing is dispatched from what it submits.
 */
export async function closingsOf(
  tx: Queryable,
  at: Instant,
  fuIds: readonly string[],
  { first, last }: { first: LocalDate; last: LocalDate },
): Promise<ClosingsOf> {
  const listed = await listContracts(tx, { fuIds, from: first, to: last })
  const contracts = Map.groupBy(listed, (one) => one.fuId)
  const [from, to] = [first.toString(), last.toString()]
  const isAlwaysContracted = (fuId: string) =>
    contracts.get(fuId)?.some(({ validFrom, validTo }) => validFrom <= from && to <= validTo) === true
  // The timetables of other products matter only to FUs without a contract.
  const products = fuIds.every(isAlwaysContracted) ? [...new Set(listed.map(({ product }) => product))] : undefined
  const timetables = await timetablesInForce(tx, at, products)
  const closings = remembered()
  const whole = [...timetables.values()].flat().filter((one) => one.reach === wholeProduct)
  return (fuId, day, kind) => {
    const on = day.toString()
    const own = (contracts.get(fuId) ?? []).filter(({ validFrom, validTo }) => validFrom <= on && on <= validTo)
    const contracted = own.flatMap((contract) => {
      const timetable = timetableFor(timetables.get(contract.product) ?? [], contract.contractId)
      return closings(timetable, kind, day).map((each) => closingOf(contract, each))
    })
    if (contracted.length > 0) return contracted
    const every = whole.flatMap(({ product, ...rest }) =>
      closings({ product, ...rest }, kind, day).map(({ closesAt }) => ({ product, closesAt, covers: () => false })),
    )
    return every.toSorted((a, b) => b.closesAt.compareTo(a.closesAt)).slice(0, 1)
  }
}

function closingOf(contract: Contract, { closesAt, starts }: TimetableClosing): Closing {
  const [term, own] = [termOf({ ...contract, releasedDays: [] }), new Set(starts.map((start) => start.toEpochMilli()))]
  return {
    product: contract.product,
    closesAt,
    covers: (at) => own.has(at.toEpochMilli()) && isContracted(term, at),
  }
}

/** Remembers closings: there are thousands of schedules, and of contracts, for few timetables and days. */
export function remembered() {
  const known = new Map<string, TimetableClosing[]>()
  return (timetable: ProductTimetable, kind: SubmissionKind, day: LocalDate) => {
    const key = `${timetable.product}|${timetable.reach}|${kind}|${day}`
    const found = known.get(key) ?? closingsOn(timetable, kind, day)
    known.set(key, found)
    return found
  }
}
