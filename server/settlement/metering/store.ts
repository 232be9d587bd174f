import type { Instant } from '@js-joda/core'
import { and, desc, eq, gte, inArray, lt, sql } from 'drizzle-orm'
import { type Queryable, toInstant } from '../../../platform/db/index.ts'
import { quarterHours } from './rules.ts'
import { meterReading } from './tables.ts'

/** One quarter-hour of an FU's meter: energy and the highest revision that it is made of. */
export interface MeteredQuarter {
  energyWh: number
  revision: number
}

/** Longest period: one that starts this long before a span may still reach into it. */
const longestPeriodMs = 30 * 60_000

/**
 * Metered quarter-hours of FUs in a span, by FU and epoch ms. Where an FU has readings of several lengths for the same time, the
 * shortest that covers it counts.
 */
export async function meteredQuarters(
  tx: Queryable,
  fuIds: string[],
  from: Instant,
  to: Instant,
): Promise<Map<string, Map<number, MeteredQuarter>>> {
  if (fuIds.length === 0) return new Map()
  const rows = await tx
    .selectDistinctOn([meterReading.fuId, meterReading.minutes, meterReading.periodStart])
    .from(meterReading)
    .where(
      and(
        inArray(meterReading.fuId, fuIds),
        gte(meterReading.periodStart, from.minusMillis(longestPeriodMs)),
        lt(meterReading.periodStart, to),
      ),
    )
    .orderBy(meterReading.fuId, meterReading.minutes, meterReading.periodStart, desc(meterReading.revision))
  const byFu = Map.groupBy(rows, (row) => row.fuId)
  return new Map([...byFu].map(([fuId, own]) => [fuId, quartersOf(own, from, to)]))
}

type Row = typeof meterReading.$inferSelect

function quartersOf(rows: Row[], from: Instant, to: Instant): Map<number, MeteredQuarter> {
  const quarters = new Map<number, MeteredQuarter>()
  const revisions = new Map<number, number>()
  // Longest first, so that shorter periods overwrite what they cover.
  for (const minutes of [30, 15, 2, 1]) {
    const own = rows.filter((row) => row.minutes === minutes)
    for (const row of own) {
      const q = Math.floor(row.periodStart.toEpochMilli() / 900_000) * 900_000
      for (const at of minutes === 30 ? [q, q + 900_000] : [q])
        revisions.set(at, Math.max(revisions.get(at) ?? 1, row.revision))
    }
    for (const [q, energyWh] of quarterHours(own)) {
      if (q >= from.toEpochMilli() && q < to.toEpochMilli())
        quarters.set(q, { energyWh, revision: revisions.get(q) ?? 1 })
    }
  }
  return quarters
}

/** The earliest metered period of an FU; `null` when it has none. */
export async function earliestReading(tx: Queryable, fuId: string): Promise<Instant | null> {
  const [row] = await tx
    .select({ at: sql<string | null>`min(${meterReading.periodStart})` })
    .from(meterReading)
    .where(eq(meterReading.fuId, fuId))
  return row?.at ? toInstant(row.at) : null
}
