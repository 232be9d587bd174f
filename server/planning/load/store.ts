import type { Instant, LocalDate } from '@js-joda/core'
import { and, asc, eq, gte, lt, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { dayEnd, dayStart } from '../../../schemas/vocabulary/time.ts'
import { loadForecast, reverseTarget, targetLevel } from './tables.ts'

interface LoadRow {
  nodeId: string
  periodStart: Instant
  loadW: number
  updatedAt: Instant
  updatedBy: string
}

/** Stores forecasts; a newer one replaces an older one for the same node and quarter-hour. */
export async function saveLoads(tx: Queryable, rows: readonly LoadRow[]): Promise<void> {
  await tx
    .insert(loadForecast)
    .values([...rows])
    .onConflictDoUpdate({
      target: [loadForecast.nodeId, loadForecast.periodStart],
      set: {
        loadW: sql`excluded.load_w`,
        updatedAt: sql`excluded.updated_at`,
        updatedBy: sql`excluded.updated_by`,
      },
    })
}

/** Expected loads of a day: W by node and start of the quarter-hour (epoch ms). `nodeId` limits it to one. */
export async function loadsOn(
  tx: Queryable,
  day: LocalDate,
  nodeId?: string,
): Promise<Map<string, Map<number, number>>> {
  const rows = await tx
    .select()
    .from(loadForecast)
    .where(
      and(
        gte(loadForecast.periodStart, dayStart(day)),
        lt(loadForecast.periodStart, dayEnd(day)),
        nodeId === undefined ? undefined : eq(loadForecast.nodeId, nodeId),
      ),
    )
    .orderBy(asc(loadForecast.nodeId), asc(loadForecast.periodStart))
  const byNode = new Map<string, Map<number, number>>()
  for (const row of rows) {
    const own = byNode.get(row.nodeId) ?? new Map<number, number>()
    byNode.set(row.nodeId, own.set(row.periodStart.toEpochMilli(), row.loadW))
  }
  return byNode
}

/** Target levels set by people, W by node. */
export async function targetsSet(tx: Queryable): Promise<Map<string, number>> {
  const rows = await tx.select().from(targetLevel).orderBy(asc(targetLevel.nodeId))
  return new Map(rows.map((row) => [row.nodeId, row.targetW]))
}

/** The reverse power that people set, W by node. */
export async function reverseTargetsSet(tx: Queryable): Promise<Map<string, number>> {
  const rows = await tx.select().from(reverseTarget).orderBy(asc(reverseTarget.nodeId))
  return new Map(rows.map((row) => [row.nodeId, row.reverseTargetW]))
}
