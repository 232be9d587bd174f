import { and, eq, ne, or } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { AlarmKind, alarmOperations } from '../../../schemas/grid/alarms.ts'
import { nameOf, type Verb } from '../../kit/index.ts'
import { handle } from './handle.ts'
import { alarm, alarmOutOfService } from './tables.ts'
import type { AlarmRow } from './views.ts'

type Out = Pick<AlarmRow, 'outSince' | 'outBy' | 'outReason'>

const inService: Out = { outSince: null, outBy: null, outReason: null }

/**
 * Takes the alarms of a kind and source out of service (ISA-18.2): unlike a shelf this has no end of its own and holds for later alarms
 * too. They are recorded with every change of state, but neither shown among the open ones nor sent.
 */
export const takeOutOfService: Verb<typeof alarmOperations.takeOutOfService> = async (call) => {
  const { db, at, actor, body, params } = call
  const out = { outSince: at, outBy: nameOf(actor), outReason: body.reason }
  const answer = await handle(call, (row) =>
    row.outSince === null ? { event: 'out-of-service', change: out, detail: body.reason } : null,
  )
  if (answer.outOfService?.since !== at.toString()) return answer
  const { kind, source } = answer
  await db
    .insert(alarmOutOfService)
    .values({ kind, sourceId: source.id, since: at, by: out.outBy, reason: body.reason })
    .onConflictDoNothing()
  // The list has one row for each kind and source: this alarm, and the open one if that is another.
  const others = and(eq(alarm.kind, kind), eq(alarm.sourceId, source.id), ne(alarm.alarmId, params.id))
  await db
    .update(alarm)
    .set(out)
    .where(and(others, ne(alarm.state, 'closed')))
  return answer
}

/** Puts the alarms of a kind and source back in service: one that is open is shown again. */
export const putInService: Verb<typeof alarmOperations.putInService> = async (call) => {
  const { db, params } = call
  const answer = await handle(call, (row) =>
    row.outSince === null ? null : { event: 'in-service', change: inService, detail: '' },
  )
  const { kind, source } = answer
  await db
    .delete(alarmOutOfService)
    .where(and(eq(alarmOutOfService.kind, kind), eq(alarmOutOfService.sourceId, source.id)))
  await db
    .update(alarm)
    .set(inService)
    .where(and(eq(alarm.kind, kind), eq(alarm.sourceId, source.id), or(ne(alarm.alarmId, params.id))))
  return answer
}

/** What a new alarm of a kind and source takes over: who has taken it out of service; earlier alarms leave the list. */
export async function outOfServiceOf(tx: Queryable, kind: AlarmKind, sourceId: string): Promise<Out> {
  const [out] = await tx
    .select()
    .from(alarmOutOfService)
    .where(and(eq(alarmOutOfService.kind, kind), eq(alarmOutOfService.sourceId, sourceId)))
  if (!out) return inService
  const earlier = and(eq(alarm.kind, kind), eq(alarm.sourceId, sourceId), eq(alarm.state, 'closed'))
  await tx.update(alarm).set(inService).where(earlier)
  return { outSince: out.since, outBy: out.by, outReason: out.reason }
}
