import type { Instant } from '@js-joda/core'
import { and, asc, desc, gt, isNull, lt, or } from 'drizzle-orm'
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

/** A stop and its time: until it is lifted, if it is. */
export interface Stop {
  fspId: string | null
  from: Instant
  until: Instant | null
}

/** Stops that reach into a span, whether or not they are lifted. */
export async function stopsIn(tx: Queryable, from: Instant, to: Instant): Promise<Stop[]> {
  const rows = await tx
    .select()
    .from(dispatchStop)
    .where(and(lt(dispatchStop.stoppedAt, to), or(isNull(dispatchStop.liftedAt), gt(dispatchStop.liftedAt, from))))
    .orderBy(asc(dispatchStop.stoppedAt))
  return rows.map(({ fspId, stoppedAt, liftedAt }) => ({ fspId, from: stoppedAt, until: liftedAt }))
}

/** Whether an FSP was stopped at an instant. */
export function isStoppedAt(stops: readonly Stop[], fspId: string, at: Instant): boolean {
  const covers = (stop: Stop) => stop.fspId === null || stop.fspId === fspId
  return stops.some((stop) => covers(stop) && !stop.from.isAfter(at) && (stop.until?.isAfter(at) ?? true))
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
