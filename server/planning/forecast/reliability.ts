import { inArray, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { unitReliability } from './tables.ts'

export type ReliabilityRow = typeof unitReliability.$inferSelect

/** The reliability of FUs; those that never had a settled event are absent. */
export async function unitReliabilities(tx: Queryable, fuIds: readonly string[]): Promise<Map<string, ReliabilityRow>> {
  if (fuIds.length === 0) return new Map()
  const rows = await tx
    .select()
    .from(unitReliability)
    .where(inArray(unitReliability.fuId, [...fuIds]))
  return new Map(rows.map((row) => [row.fuId, row]))
}

/** A query takes at most 65,534 parameters; a row has nine. */
const rowsAtOnce = 2_000

/** Stores the reliability of FUs in place of what was known before. */
export async function saveReliabilities(tx: Queryable, rows: ReliabilityRow[]): Promise<void> {
  for (let i = 0; i < rows.length; i += rowsAtOnce) await saveSome(tx, rows.slice(i, i + rowsAtOnce))
}

async function saveSome(tx: Queryable, rows: ReliabilityRow[]): Promise<void> {
  await tx
    .insert(unitReliability)
    .values(rows)
    .onConflictDoUpdate({
      target: unitReliability.fuId,
      set: {
        periods: sql`excluded.periods`,
        instructedWh: sql`excluded.instructed_wh`,
        deliveredWh: sql`excluded.delivered_wh`,
        ratio: sql`excluded.ratio`,
        fromAt: sql`excluded.from_at`,
        lastAt: sql`excluded.last_at`,
        settingVersion: sql`excluded.setting_version`,
        updatedAt: sql`excluded.updated_at`,
      },
    })
}
