import type { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { dayEnd } from '../../../schemas/time.ts'
import { agreementsOf, limitAt, localMoment } from '../../grid/index.ts'
import { listFlexibleUnits, serviceHistory } from '../../market/index.ts'
import { type Book, openBooks } from '../baselines/index.ts'

/** What the lines of FUs in a month are made of. */
export interface MonthInputs {
  books: Map<string, Book>
  /** Number of DERs per FU. */
  ders: Map<string, number>
  /** Whether an FU was in service at an instant, as declared by then. */
  inService(fuId: string, at: Instant): boolean
  /** Energy per quarter-hour under the limit that the FU's connection had agreed, Wh; `null` where none was agreed. */
  limitWh(fuId: string, at: Instant): number | null
}

/** Reads all of it, in a few queries whatever the number of FUs and days. */
export async function loadMonth(
  tx: Queryable,
  at: Instant,
  fuIds: string[],
  first: LocalDate,
  last: LocalDate,
  options: { withNominations: boolean },
): Promise<MonthInputs> {
  const books = await openBooks(tx, fuIds, first, last, options)
  const units = await listFlexibleUnits(tx, at, { fuIds })
  const service = await serviceHistory(tx, fuIds, dayEnd(last))
  const connectionOf = new Map(units.map((unit) => [unit.fuId, unit.connectionId]))
  const agreements = await agreementsOf(tx, [...new Set(connectionOf.values())])
  return {
    books,
    ders: new Map(units.map((unit) => [unit.fuId, unit.derIds.length])),
    inService: (fuId, from) =>
      service.get(fuId)?.findLast((row) => !row.effectiveFrom.isAfter(from))?.inService ?? true,
    limitWh(fuId, from) {
      const own = agreements.get(connectionOf.get(fuId) ?? '')
      if (!own || own.length === 0) return null
      // The ASC is what the connection may import anyway, not something that it gave up.
      const limit = limitAt({ ascKva: 0, powerFactor: 1, agreements: own }, localMoment(from))
      return limit.source === 'asc' ? null : limit.limitW / 4
    },
  }
}
