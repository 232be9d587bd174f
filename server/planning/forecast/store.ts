import type { Instant } from '@js-joda/core'
import { and, gte, inArray, lt, sql } from 'drizzle-orm'
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

/** Expected import of FUs in the quarter-hours that start from `from` until before `to`: W by FU and start (epoch ms). */
export async function fuForecasts(
  tx: Queryable,
  fuIds: readonly string[],
  from: Instant,
  to: Instant,
): Promise<Map<string, Map<number, number>>> {
  const byUnit = new Map<string, Map<number, number>>(fuIds.map((fuId) => [fuId, new Map()]))
  if (fuIds.length === 0) return byUnit
  const rows = await tx
    .select()
    .from(fuForecast)
    .where(and(inArray(fuForecast.fuId, [...fuIds]), gte(fuForecast.periodStart, from), lt(fuForecast.periodStart, to)))
  for (const row of rows) byUnit.get(row.fuId)?.set(row.periodStart.toEpochMilli(), row.importW)
  return byUnit
}
