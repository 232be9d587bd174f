import { randomUUID } from 'node:crypto'
import { asc, desc, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { outboundUrlFault, ProblemError } from '../../../platform/http/index.ts'
import type { AlarmNotice, AlarmTarget, alarmTargetForm } from '../../../schemas/grid/alarms.ts'
import {
  type Actor,
  arePrivateAddressesAllowed,
  recordAudit,
  requirePerson,
  type ServerContext,
} from '../../kit/index.ts'
import { alarmNotice, alarmTarget } from './tables.ts'

function viewOf({ sealedKey: _, ...row }: typeof alarmTarget.$inferSelect): AlarmTarget {
  return row
}

/** Where alarms are sent to. */
export async function listTargets({ db }: ServerContext, actor: Actor | null): Promise<AlarmTarget[]> {
  requirePerson(actor)
  return (await db.select().from(alarmTarget).orderBy(asc(alarmTarget.name))).map(viewOf)
}

/** Makes a target, or changes it. Without a key in the form the one that is there stays. */
export async function saveTarget(
  context: ServerContext,
  actor: Actor | null,
  targetId: string | null,
  form: z.infer<typeof alarmTargetForm>,
): Promise<AlarmTarget> {
  const person = requirePerson(actor, 'administrator')
  const { key, ...rest } = form
  const fault = form.kind === 'webhook' && outboundUrlFault(form.address, arePrivateAddressesAllowed(context))
  if (fault)
    throw new ProblemError('contract-broken', `address ${fault}.`, { errors: [{ field: 'address', message: fault }] })
  const sealed = key === undefined ? {} : { sealedKey: context.secrets.seal(key) }
  return context.db.transaction(async (tx) => {
    const [row] = targetId
      ? await tx
          .update(alarmTarget)
          .set({ ...rest, ...sealed })
          .where(eq(alarmTarget.targetId, targetId))
          .returning()
      : await tx
          .insert(alarmTarget)
          .values({ targetId: randomUUID(), ...rest, ...sealed })
          .returning()
    if (!row) throw new ProblemError('not-found', `There is no alarm target ${targetId}.`)
    await recordAudit(tx, context.clock.now(), person, {
      action: targetId ? 'alarm-target.changed' : 'alarm-target.made',
      subject: { type: 'alarm-target', id: row.targetId },
      detail: rest,
    })
    return viewOf(row)
  })
}

/** The latest notices in a state; the dead ones are those that somebody has to see to. */
export async function listNotices(
  { db }: ServerContext,
  actor: Actor | null,
  state: AlarmNotice['state'],
): Promise<AlarmNotice[]> {
  requirePerson(actor)
  const rows = await db
    .select({ notice: alarmNotice, targetName: alarmTarget.name })
    .from(alarmNotice)
    .innerJoin(alarmTarget, eq(alarmTarget.targetId, alarmNotice.targetId))
    .where(eq(alarmNotice.state, state))
    .orderBy(desc(alarmNotice.dueAt))
    .limit(200)
  return rows.map(({ notice, targetName }) => ({
    noticeId: notice.noticeId,
    alarmId: notice.alarmId,
    targetName,
    event: notice.body.event,
    state: notice.state,
    attempts: notice.attempts,
    lastError: notice.lastError,
    dueAt: notice.dueAt.toString(),
    sentAt: notice.sentAt?.toString() ?? null,
  }))
}

/** Owes a dead notice again, from the first attempt on. */
export async function retryNotice(context: ServerContext, actor: Actor | null, noticeId: string): Promise<void> {
  const person = requirePerson(actor, 'administrator', 'operator')
  const at = context.clock.now()
  await context.db.transaction(async (tx) => {
    const [row] = await tx.select().from(alarmNotice).where(eq(alarmNotice.noticeId, noticeId)).for('update')
    if (!row) throw new ProblemError('not-found', `There is no notice ${noticeId}.`)
    if (row.state !== 'dead')
      throw new ProblemError('conflict', `The notice is ${row.state}: only a dead one is sent again.`)
    await tx
      .update(alarmNotice)
      .set({ state: 'owed', attempts: 0, dueAt: at })
      .where(eq(alarmNotice.noticeId, noticeId))
    await recordAudit(tx, at, person, {
      action: 'alarm-notice.retried',
      subject: { type: 'alarm-notice', id: noticeId },
    })
  })
}
