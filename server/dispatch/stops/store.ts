import { desc, isNull } from 'drizzle-orm'
import type { z } from 'zod'
import type { Queryable } from '../../../platform/db/index.ts'
import type { emergencyStop } from '../../../schemas/dispatch/board.ts'
import { dispatchStop } from './tables.ts'

export type StopRow = typeof dispatchStop.$inferSelect

/** Stops in force. */
export async function stopsInForce(tx: Queryable): Promise<StopRow[]> {
  return tx.select().from(dispatchStop).where(isNull(dispatchStop.liftedAt))
}

/** Which of some FUs are stopped. */
export async function stoppedUnits(
  tx: Queryable,
  units: readonly { fuId: string; fspId: string }[],
): Promise<Set<string>> {
  const stops = await stopsInForce(tx)
  const covered = units.filter((unit) => stops.some((stop) => stop.fspId === null || stop.fspId === unit.fspId))
  return new Set(covered.map((unit) => unit.fuId))
}

/** All stops, the latest first. */
export async function listStops(tx: Queryable): Promise<StopRow[]> {
  return tx.select().from(dispatchStop).orderBy(desc(dispatchStop.stoppedAt)).limit(500)
}

export function viewStop(row: StopRow): z.infer<typeof emergencyStop> {
  return { ...row, stoppedAt: row.stoppedAt.toString(), liftedAt: row.liftedAt?.toString() ?? null }
}
