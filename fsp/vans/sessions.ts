import type { Instant } from '@js-joda/core'
import { and, gt, inArray, isNull, lt, or } from 'drizzle-orm'
import type { FspContext } from '../app/context.ts'
import { chargingTransaction, type Units } from '../chargepoints/index.ts'
import { vehicleOf } from '../registers/index.ts'
import type { Session } from './rules/habits.ts'

/** The sessions of a unit's vans that touch a span, in order. A vehicle that is none of the register has none. */
export async function sessionsOf(
  { db, registers }: Pick<FspContext, 'db' | 'registers'>,
  units: Units,
  depotId: string,
  from: Instant,
  to: Instant,
): Promise<Session[]> {
  const connectors = units.connectorsOf(depotId)
  const identities = [...new Set(connectors.map(({ unit }) => unit.identity))]
  if (identities.length === 0) return []
  const { identity, startAt, stopAt } = chargingTransaction
  const rows = await db
    .select()
    .from(chargingTransaction)
    .where(and(inArray(identity, identities), lt(startAt, to), or(isNull(stopAt), gt(stopAt, from))))
    .orderBy(startAt)
  const snapshot = registers.now()
  const open = new Map(connectors.flatMap(({ transaction: t }) => (t ? [[t.transactionId, t.lastWh] as const] : [])))
  return rows.flatMap((row) => {
    const vehicleId = vehicleOf(snapshot, row.idTag)
    if (vehicleId === null) return []
    const lastWh = row.stopWh ?? open.get(row.transactionId) ?? row.startWh
    return [
      {
        vehicleId,
        startMs: row.startAt.toEpochMilli(),
        endMs: row.stopAt?.toEpochMilli() ?? null,
        energyWh: Math.max(0, lastWh - row.startWh),
      },
    ]
  })
}
