import { createHmac } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import { integer, jsonb, type PgTable, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import type { NoticeChannel, NoticeShape, NoticeState } from '../../schemas/vocabulary/notices.ts'
import type { Clock } from '../clock/index.ts'
import { type Database, instant, type Queryable } from '../db/index.ts'
import { messageOf } from '../errors/index.ts'
import { type OutboundFetch, ProblemError } from '../http/index.ts'
import type { Log } from '../log/index.ts'
import type { Mail, Mailer } from '../mail/index.ts'
import { inSpan } from '../tracing/index.ts'
import { type Leased, rowLease } from './row-lease.ts'

/** What sending needs of the process that sends. */
export interface OutboxContext {
  db: Database
  clock: Clock
  log: Log
}

/** The columns of a table of notices: written in the transaction of what they tell, sent afterwards. */
export function noticeColumns<Body, State extends string = NoticeState>() {
  return {
    noticeId: uuid('notice_id').primaryKey(),
    state: text().$type<State>().notNull(),
    attempts: integer().notNull(),
    dueAt: instant('due_at').notNull(),
    sentAt: instant('sent_at'),
    lastError: text('last_error'),
    body: jsonb().$type<Body>().notNull(),
  }
}

const plainTable = () => pgTable('notice', noticeColumns<object, string>())
type PlainTable = ReturnType<typeof plainTable>
type PlainRow = PlainTable['$inferSelect']

/** Where a notice goes. */
export interface Destination {
  readonly channel: NoticeChannel
  /** An e-mail address, or a URL. */
  readonly address: string
  /** What a webhook gets: the notice itself, by default, or one `text` in words, as chat channels take it. */
  readonly shape?: NoticeShape
  /** The key that signs what a webhook gets; `null` for none. */
  readonly key: () => string | null
}

/** What differs between the tables of notices. */
export interface OutboxOptions<C extends OutboxContext, T extends PgTable> {
  /** A table with `noticeColumns`. */
  readonly table: T
  /** In words, for the log: `an alarm notice`. */
  readonly what: string
  /** Where each notice goes, by its identifier; one that is missing has no address, and fails. */
  destinations(context: C, rows: readonly T['$inferSelect'][]): Promise<ReadonlyMap<string, Destination>>
  /** What calls webhooks: it decides which addresses may be called. */
  fetchOf(context: C): OutboundFetch
  /** A notice as a mail, and as what a chat channel shows. */
  inWords(row: T['$inferSelect']): Pick<Mail, 'subject' | 'text'>
}

/** The notices of a table, on their way out. */
export interface Outbox<C extends OutboxContext> {
  /**
   * Sends the notices that are owed and due, each to its destination; a failure does not delay the others. A notice is sent again if
   * the server dies before it has recorded the answer. Its recipient recognises it by its identifier: the header `idempotency-key` of
   * a webhook, the Message-ID of a mail. Returns how many were attempted.
   */
  send(context: C, mailer: Mailer | null): Promise<number>
  /** Queues a notice again, starting with its first attempt. @param from the states that it may be in. @throws ProblemError */
  sendAgain(tx: Queryable, at: Instant, noticeId: string, from: readonly string[]): Promise<void>
}

/** After this many attempts over two hours, a notice is dead: its recipient must be informed another way. */
const maxAttempts = 8

/** A server that has claimed a notice has this long to send it before another server may: longer than any sending takes. */
const leaseS = 60

/** The time-out of a webhook. */
const webhookTimeoutMs = 10_000

/** The most notices in one pass. */
const atOnce = 100

const noAddress = 'there is no address to send it to'

/** The outbox of a table of notices. */
export function outbox<C extends OutboxContext, T extends PgTable>(options: OutboxOptions<C, T>): Outbox<C> {
  const { table, what, destinations, fetchOf } = options
  const plain = table as unknown as PlainTable
  const leases = rowLease({ table: plain, key: 'noticeId', due: 'dueAt', leaseS })

  async function sendOne(context: C, mailer: Mailer | null, row: PlainRow, to: Destination) {
    const inWords = () => options.inWords(row as T['$inferSelect'])
    if (to.channel === 'webhook') return post(fetchOf(context), row.noticeId, bodyOf(row, to, inWords), to)
    if (!mailer) return 'no mail server is set: RINGMAIN_SMTP_URL'
    await mailer({ to: to.address, key: row.noticeId, ...inWords() })
    return null
  }

  async function settle({ db, clock, log }: C, leased: Leased<PlainRow>, failure: string | null) {
    const { noticeId, attempts } = leased.row
    const change = afterAttempt(clock.now(), attempts + 1, failure)
    if (change.state === 'dead') log.warn({ notice: noticeId, failure }, `${what} could not be delivered`)
    await leases.release(db, leased, change)
  }

  return {
    async send(context, mailer) {
      const claimed = await leases.claimDue(context.db, context.clock.now(), eq(plain.state, 'owed'), atOnce)
      if (claimed.length === 0) return 0
      const found = await destinations(
        context,
        claimed.map(({ row }) => row as T['$inferSelect']),
      )
      await Promise.all(
        claimed.map(async (leased) => {
          const to = found.get(leased.row.noticeId)
          const sending = to
            ? traced(leased.row, to, () => sendOne(context, mailer, leased.row, to))
            : Promise.resolve(noAddress)
          await settle(context, leased, await sending.catch(messageOf))
        }),
      )
      return claimed.length
    },

    async sendAgain(tx, at, noticeId, from) {
      const isIt = eq(plain.noticeId, noticeId)
      const [row] = await tx.select().from(plain).where(isIt).for('update')
      if (!row) throw new ProblemError('not-found', `There is no notice ${noticeId}.`)
      if (!from.includes(row.state))
        throw new ProblemError(
          'conflict',
          `The notice is ${row.state}: only a ${from.join(' or ')} notice can be sent again.`,
        )
      await tx.update(plain).set({ state: 'owed', attempts: 0, dueAt: at }).where(isIt)
    },
  }
}

/** A span for one sending. Nothing stored leads from a notice to the trace that owed it: its identifier does. */
function traced<T>({ noticeId }: PlainRow, { channel }: Destination, send: () => Promise<T>): Promise<T> {
  const attributes = { 'ringmain.notice.id': noticeId, 'ringmain.notice.channel': channel }
  return inSpan({ name: 'notice sending', attributes }, send)
}

/** What a webhook gets. A chat channel refuses members that it does not know. */
function bodyOf(row: PlainRow, to: Destination, inWords: () => Pick<Mail, 'subject' | 'text'>): object {
  if (to.shape !== 'chat') return { noticeId: row.noticeId, ...row.body }
  const { subject, text } = inWords()
  return { text: `*${subject}*\n${text}` }
}

/** @returns `null` when sent, otherwise the reason of the failure. */
async function post(
  fetch: OutboundFetch,
  noticeId: string,
  content: object,
  { address, key }: Destination,
): Promise<string | null> {
  const body = JSON.stringify(content)
  const headers: Record<string, string> = { 'content-type': 'application/json', 'idempotency-key': noticeId }
  const signedWith = key()
  if (signedWith !== null)
    headers['x-ringmain-signature'] = `sha256=${createHmac('sha256', signedWith).update(body).digest('hex')}`
  const signal = AbortSignal.timeout(webhookTimeoutMs)
  const response = await fetch(address, { method: 'POST', headers, body, signal })
  await response.body?.cancel()
  return response.ok ? null : `answered ${response.status}`
}

/** What an attempt leaves: sent, dead after the last one, or owed again in 1, 2, 4 … minutes. */
function afterAttempt(at: Instant, attempts: number, failure: string | null): Partial<PlainRow> {
  if (failure === null) return { state: 'sent', attempts, sentAt: at, lastError: null }
  const state = attempts >= maxAttempts ? 'dead' : 'owed'
  return { state, attempts, lastError: failure, dueAt: at.plusSeconds(60 * 2 ** (attempts - 1)) }
}
