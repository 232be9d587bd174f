import type { Instant } from '@js-joda/core'
import { and, eq, gte, inArray, lt } from 'drizzle-orm'
import type { Queryable } from '../../platform/db/index.ts'
import { meteredQuarter } from './tables.ts'

/** A site's metered energy in given quarter-hours, Wh by epoch ms. */
export async function meteredEnergies(
  db: Queryable,
  depotId: string,
  starts: readonly Instant[],
): Promise<Map<number, number>> {
  if (starts.length === 0) return new Map()
  const rows = await db
    .select()
    .from(meteredQuarter)
    .where(and(eq(meteredQuarter.depotId, depotId), inArray(meteredQuarter.periodStart, [...starts])))
  return new Map(rows.map((row) => [row.periodStart.toEpochMilli(), row.energyWh]))
}

/** A site's metered energy from an instant up to another, Wh by epoch ms of the quarter-hour. */
export async function meteredBetween(
  db: Queryable,
  depotId: string,
  from: Instant,
  to: Instant,
): Promise<Map<number, number>> {
  const { periodStart } = meteredQuarter
  const rows = await db
    .select()
    .from(meteredQuarter)
    .where(and(eq(meteredQuarter.depotId, depotId), gte(periodStart, from), lt(periodStart, to)))
  return new Map(rows.map((row) => [row.periodStart.toEpochMilli(), row.energyWh]))
}
