import { randomUUID } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { FspNews } from '../../../schemas/market/notices.ts'
import { fsp } from '../parties/tables.ts'
import { type FspNoticeRow, fspNotice, fspNoticeTarget } from './tables.ts'

/** What an FSP is to be told. */
export interface Told {
  fspId: string
  /** What it happened to; with its version where the same event can happen to it again. */
  subject: string
  news: FspNews
}

/**
 * Owes FSPs notices, one for each active target of an FSP, or one to its contact. Call it in the transaction of what has happened. What an
 * FSP was told of a subject is not told again, neither when the work is repeated nor where the FSP has added a target since.
 */
export async function oweFspNotices(tx: Queryable, at: Instant, told: readonly Told[]): Promise<void> {
  if (told.length === 0) return
  const fspIds = [...new Set(told.map(({ fspId }) => fspId))]
  const targets = Map.groupBy(await activeTargets(tx, fspIds), ({ fspId }) => fspId)
  const contacts = await fspsWithContact(tx, fspIds)
  const known = await toldBefore(tx, told)
  const rows = told
    .filter((one) => !known.has(keyOf(one.fspId, one.news.event, one.subject)))
    .flatMap((one) => {
      const own = targets.get(one.fspId) ?? []
      if (own.length > 0) return own.map(({ targetId }) => rowOf(one, at, targetId, 'owed'))
      return [rowOf(one, at, null, contacts.has(one.fspId) ? 'owed' : 'unaddressed')]
    })
  if (rows.length > 0) await tx.insert(fspNotice).values(rows).onConflictDoNothing()
}

function rowOf({ fspId, subject, news }: Told, at: Instant, targetId: string | null, state: FspNoticeRow['state']) {
  const { event } = news
  return {
    noticeId: randomUUID(),
    fspId,
    targetId,
    event,
    subject,
    body: news,
    owedAt: at,
    state,
    attempts: 0,
    dueAt: at,
  }
}

function activeTargets(tx: Queryable, fspIds: readonly string[]) {
  const { targetId, fspId, active, removedAt } = fspNoticeTarget
  return tx
    .select({ targetId, fspId })
    .from(fspNoticeTarget)
    .where(and(inArray(fspId, [...fspIds]), eq(active, true), isNull(removedAt)))
}

/** The FSPs that have stated an address of their contact. */
async function fspsWithContact(tx: Queryable, fspIds: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx
    .select({ fspId: fsp.fspId, contactEmail: fsp.contactEmail })
    .from(fsp)
    .where(inArray(fsp.fspId, [...fspIds]))
  return new Set(rows.flatMap((row) => (row.contactEmail === '' ? [] : [row.fspId])))
}

const keyOf = (fspId: string, event: string, subject: string) => `${fspId}|${event}|${subject}`

/** Which of these an FSP has been told, whatever its targets were then. */
async function toldBefore(tx: Queryable, told: readonly Told[]): Promise<ReadonlySet<string>> {
  const { fspId, event, subject } = fspNotice
  const rows = await tx
    .selectDistinct({ fspId, event, subject })
    .from(fspNotice)
    .where(
      and(
        inArray(
          fspId,
          told.map((one) => one.fspId),
        ),
        inArray(
          subject,
          told.map((one) => one.subject),
        ),
      ),
    )
  return new Set(rows.map((row) => keyOf(row.fspId, row.event, row.subject)))
}
