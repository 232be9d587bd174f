import { createHmac } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import { eq, inArray } from 'drizzle-orm'
import { messageOf } from '../../../platform/errors/index.ts'
import type { Mailer } from '../../../platform/mail/index.ts'
import { type Leased, outboundFetch, rowLease, type ServerContext } from '../../kit/index.ts'
import { alarmNotice, alarmTarget, sealedTargetKeys } from './tables.ts'

type NoticeRow = typeof alarmNotice.$inferSelect
type TargetRow = typeof alarmTarget.$inferSelect

/** After this many attempts over two hours, a notice is dead: its recipient must be informed another way. */
const maxAttempts = 8

/** A server that has claimed a notice has 60 s to send it before another server may: longer than any sending takes. */
const leases = rowLease({ table: alarmNotice, key: 'noticeId', due: 'dueAt', leaseS: 60 })

/** The time-out of a webhook. */
const webhookTimeoutMs = 10_000

/** The most notices in one pass. */
const atOnce = 100

/** Sends the notices that are owed and due, each to its target; a failure does not delay the others. */
export async function sendNotices(context: ServerContext, mailer: Mailer | null): Promise<void> {
  const taken = await takeDue(context)
  await Promise.all(
    taken.map(async ({ leased, target }) => {
      const failure = await send(context, mailer, leased.row, target).catch(messageOf)
      await settle(context, leased, failure)
    }),
  )
}

/** Claims the notices that are owed and due, with their targets. */
async function takeDue({ db, clock }: ServerContext): Promise<{ leased: Leased<NoticeRow>; target: TargetRow }[]> {
  const claimed = await leases.claimDue(db, clock.now(), eq(alarmNotice.state, 'owed'), atOnce)
  if (claimed.length === 0) return []
  const ids = new Set(claimed.map(({ row }) => row.targetId))
  const found = await db
    .select()
    .from(alarmTarget)
    .where(inArray(alarmTarget.targetId, [...ids]))
  const targets = new Map(found.map((target) => [target.targetId, target]))
  return claimed.flatMap((leased) => {
    const target = targets.get(leased.row.targetId)
    return target ? [{ leased, target }] : []
  })
}

/** @returns `null` when sent, otherwise the reason of the failure. */
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
    const key = context.secrets.open(target.sealedKey, sealedTargetKeys.use(target.targetId))
    const digest = createHmac('sha256', key).update(body).digest('hex')
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

async function settle(
  { db, clock, log }: ServerContext,
  leased: Leased<NoticeRow>,
  failure: string | null,
): Promise<void> {
  const notice = leased.row
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
  await leases.release(db, leased, { ...change, attempts })
}
