import { createHmac } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import { and, eq, inArray, lte } from 'drizzle-orm'
import { messageOf } from '../../../platform/errors/index.ts'
import type { Mailer } from '../../../platform/mail/index.ts'
import { outboundFetch, type ServerContext } from '../../kit/index.ts'
import { alarmNotice, alarmTarget } from './tables.ts'

type NoticeRow = typeof alarmNotice.$inferSelect
type TargetRow = typeof alarmTarget.$inferSelect

/** Attempts, spread over two hours, after which a notice is dead: its reader must hear of it another way. */
const maxAttempts = 8

/** How long a server may take to send a notice before another may try; longer than any send can take. */
const leaseS = 60

/** How long a webhook may take to answer. */
const webhookTimeoutMs = 10_000

/** Notices that one pass takes. */
const atOnce = 100

/** Sends the notices that are owed and due, each to its target; one that fails keeps none of the others waiting. */
export async function sendNotices(context: ServerContext, mailer: Mailer | null): Promise<void> {
  const taken = await takeDue(context)
  await Promise.all(
    taken.map(async ({ notice, target }) => {
      const failure = await send(context, mailer, notice, target).catch(messageOf)
      await settle(context, notice, failure)
    }),
  )
}

/** Takes what is due by moving its due time ahead: should this process die, another tries again after the lease. */
function takeDue({ db, clock }: ServerContext): Promise<{ notice: NoticeRow; target: TargetRow }[]> {
  const at = clock.now()
  return db.transaction(async (tx) => {
    const due = await tx
      .select({ notice: alarmNotice, target: alarmTarget })
      .from(alarmNotice)
      .innerJoin(alarmTarget, eq(alarmTarget.targetId, alarmNotice.targetId))
      .where(and(eq(alarmNotice.state, 'owed'), lte(alarmNotice.dueAt, at)))
      .orderBy(alarmNotice.dueAt)
      .limit(atOnce)
      .for('update', { of: alarmNotice, skipLocked: true })
    const ids = due.map((d) => d.notice.noticeId)
    if (ids.length > 0)
      await tx
        .update(alarmNotice)
        .set({ dueAt: at.plusSeconds(leaseS) })
        .where(inArray(alarmNotice.noticeId, ids))
    return due
  })
}

/** @returns `null` when sent, else why not. */
function send(
  context: ServerContext,
  mailer: Mailer | null,
  notice: NoticeRow,
  target: TargetRow,
): Promise<string | null> {
  return target.kind === 'email' ? mail(mailer, notice, target) : post(context, notice, target)
}

async function mail(mailer: Mailer | null, { noticeId, body }: NoticeRow, target: TargetRow): Promise<string | null> {
  if (!mailer) return 'no mail server is set: RINGMAIN_SMTP_URL'
  const { alarm, event } = body
  await mailer({
    to: target.address,
    key: noticeId,
    subject: `[${alarm.priority}] ${alarm.source.name}: ${alarm.kind} ${event}`,
    text: [
      alarm.message,
      '',
      `Action: ${alarm.action}`,
      `Consequence: ${alarm.consequence ?? ''}`,
      `Since: ${alarm.raisedAt}`,
    ].join('\n'),
  })
  return null
}

async function post(context: ServerContext, notice: NoticeRow, target: TargetRow): Promise<string | null> {
  const body = JSON.stringify({ noticeId: notice.noticeId, ...notice.body })
  const headers: Record<string, string> = { 'content-type': 'application/json', 'idempotency-key': notice.noticeId }
  if (target.sealedKey) {
    const digest = createHmac('sha256', context.secrets.open(target.sealedKey)).update(body).digest('hex')
    headers['x-ringmain-signature'] = `sha256=${digest}`
  }
  const signal = AbortSignal.timeout(webhookTimeoutMs)
  const response = await outboundFetch(context)(target.address, { method: 'POST', headers, body, signal })
  await response.body?.cancel()
  return response.ok ? null : `answered ${response.status}`
}

/** 1, 2, 4 … minutes after a failed attempt. */
function retryAfterS(attempts: number): number {
  return 60 * 2 ** (attempts - 1)
}

async function settle({ db, clock, log }: ServerContext, notice: NoticeRow, failure: string | null): Promise<void> {
  const at: Instant = clock.now()
  const attempts = notice.attempts + 1
  const dead = failure !== null && attempts >= maxAttempts
  if (dead) log.warn({ notice: notice.noticeId, failure }, 'an alarm notice could not be delivered')
  const change =
    failure === null
      ? { state: 'sent' as const, sentAt: at, lastError: null }
      : {
          state: dead ? ('dead' as const) : ('owed' as const),
          lastError: failure,
          dueAt: at.plusSeconds(retryAfterS(attempts)),
        }
  await db
    .update(alarmNotice)
    .set({ ...change, attempts })
    .where(eq(alarmNotice.noticeId, notice.noticeId))
}
