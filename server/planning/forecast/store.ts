import type { Instant } from '@js-joda/core'
import { and, eq, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { fuForecast } from './tables.ts'

export interface ForecastRow {
  fuId: string
  periodStart: Instant
  importW: number
  source: string
  updatedAt: Instant
}

/** Stores forecasts; a newer one replaces an older one for the same quarter-hour. */
export async function saveFuForecast(tx: Queryable, rows: ForecastRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx
    .insert(fuForecast)
    .values(rows)
    .onConflictDoUpdate({
      target: [fuForecast.fuId, fuForecast.periodStart],
      set: { importW: sql`excluded.import_w`, source: sql`excluded.source`, updatedAt: sql`excluded.updated_at` },
    })
}

/** Expected import of an FU in the quarter-hour that starts at `periodStart`, W; `null` when there is no forecast. */
export async function fuForecastAt(tx: Queryable, fuId: string, periodStart: Instant): Promise<number | null> {
  const [row] = await tx
    .select({ importW: fuForecast.importW })
    .from(fuForecast)
    .where(and(eq(fuForecast.fuId, fuId), eq(fuForecast.periodStart, periodStart)))
  return row?.importW ?? null
}
