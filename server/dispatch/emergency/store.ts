import { desc, isNull } from 'drizzle-orm'
import type { z } from 'zod'
import type { Queryable } from '../../../platform/db/index.ts'
import type { emergencyStop } from '../../../schemas/dispatch/board.ts'
import type { Page } from '../../../schemas/vocabulary/paging.ts'
import { afterCursor, type PageQuery, pageFrom } from '../../kit/index.ts'
import { dispatchStop } from './tables.ts'

type StopRow = typeof dispatchStop.$inferSelect

/** Stops in force. */
async function stopsInForce(tx: Queryable): Promise<StopRow[]> {
  return tx.select().from(dispatchStop).where(isNull(dispatchStop.liftedAt))
}

/** The FUs among those given that are stopped. */
export async function stoppedUnits(
  tx: Queryable,
  units: readonly { fuId: string; fspId: string }[],
): Promise<Set<string>> {
  const stops = await stopsInForce(tx)
  const covered = units.filter((unit) => stops.some((stop) => stop.fspId === null || stop.fspId === unit.fspId))
  return new Set(covered.map((unit) => unit.fuId))
}

/** A page of stops, the latest first. */
export async function pageOfStops(tx: Queryable, query: PageQuery): Promise<Page<z.infer<typeof emergencyStop>>> {
  const rows = await tx
    .select()
    .from(dispatchStop)
    .where(afterCursor(query, [dispatchStop.stoppedAt, dispatchStop.stopId], 'desc'))
    .orderBy(desc(dispatchStop.stoppedAt), desc(dispatchStop.stopId))
    .limit(query.limit + 1)
  return pageFrom(rows, query, (row) => [row.stoppedAt.toString(), row.stopId], viewStop)
}

export function viewStop(row: StopRow): z.infer<typeof emergencyStop> {
  return { ...row, stoppedAt: row.stoppedAt.toString(), liftedAt: row.liftedAt?.toString() ?? null }
}
