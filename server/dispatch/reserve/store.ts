import type { LocalDate } from '@js-joda/core'
import { and, asc, eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { IssuedReserve } from '../../../schemas/dispatch/reserve.ts'
import { deliveryReserve } from './tables.ts'

export type ReserveRow = typeof deliveryReserve.$inferSelect

/** The reserve issued for an FU on a day, in order. */
export async function reserveIssued(tx: Queryable, fuId: string, day: LocalDate): Promise<ReserveRow[]> {
  return tx
    .select()
    .from(deliveryReserve)
    .where(and(eq(deliveryReserve.fuId, fuId), eq(deliveryReserve.tradingDay, day)))
    .orderBy(asc(deliveryReserve.issuedAt), asc(deliveryReserve.reserveId))
}

export function viewReserve({
  reserveId,
  fuId,
  nodeId,
  issuedAt,
  issuedBy,
  units,
  instructions,
}: ReserveRow): IssuedReserve {
  return {
    reserveId,
    fuId,
    nodeId,
    issuedAt: issuedAt.toString(),
    issuedBy,
    units: units.map((unit) => ({
      fuId: unit.fuId,
      fuName: unit.fuName,
      periods: unit.periods.map(({ from, turnDownW }) => ({ from, turnDownW })),
    })),
    instructions,
  }
}
