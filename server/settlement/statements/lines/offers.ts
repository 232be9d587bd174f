import type { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../../platform/db/index.ts'
import type { SubmissionKind } from '../../../../schemas/market/submissions.ts'
import { periodIndexOf, tradingDayOf } from '../../../../schemas/vocabulary/time.ts'
import type { Direction } from '../../../../schemas/vocabulary/units.ts'
import { type SubmittedRow, submissionRevisions } from '../../../market/index.ts'

/** What FSPs submitted for FUs, as far as money depends on it. */
export interface Offers {
  /** The least of the availability and the deviation received before a quarter-hour began, W; `null` without any. */
  offeredW(fuId: string, way: Direction, from: Instant): number | null
  /** The cost that had been accepted at an instant, £/MWh; `null` without one. */
  bid(fuId: string, way: Direction, from: Instant, knownAt: Instant): string | null
}

export const noOffers: Offers = { offeredW: () => null, bid: () => null }

/** Reads what FSPs submitted for the days of a month, every revision: each counts from its receipt. */
export async function loadOffers(tx: Queryable, fuIds: string[], first: LocalDate, last: LocalDate): Promise<Offers> {
  const rows = await submissionRevisions(tx, first, last, { fuIds, kinds: ['availability', 'deviation', 'cost'] })
  return rows.length === 0 ? noOffers : offersOf(rows)
}

/** @param rows in order of revision. */
export function offersOf(rows: readonly SubmittedRow[]): Offers {
  const known = Map.groupBy(rows, ({ fuId, direction, tradingDay, kind }) => keyOf(fuId, direction, tradingDay, kind))
  const valueAt = (fuId: string, way: Direction, from: Instant, kind: SubmissionKind, receivedBy: Instant) => {
    const row = known
      .get(keyOf(fuId, way, tradingDayOf(from), kind))
      ?.findLast(({ submittedAt }) => !submittedAt.isAfter(receivedBy))
    return row?.values[periodIndexOf(from, row.resolution)]
  }
  return {
    offeredW(fuId, way, from) {
      const stated = (['availability', 'deviation'] as const).flatMap(
        (kind) => valueAt(fuId, way, from, kind, from) ?? [],
      )
      return stated.length === 0 ? null : Math.min(...stated.map(Number))
    },
    bid(fuId, way, from, knownAt) {
      const value = valueAt(fuId, way, from, 'cost', knownAt)
      return value === undefined ? null : String(value)
    },
  }
}

const keyOf = (fuId: string, way: Direction, day: LocalDate, kind: SubmissionKind) =>
  `${fuId} ${way} ${day.toEpochDay()} ${kind}`
