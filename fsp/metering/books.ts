import type { Instant } from '@js-joda/core'
import { and, eq, inArray } from 'drizzle-orm'
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
