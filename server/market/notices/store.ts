import { and, count, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { FspNotice, FspNoticeState, NoticeTarget } from '../../../schemas/market/notices.ts'
import type { Page } from '../../../schemas/vocabulary/paging.ts'
import { afterCursor, type PageQuery, pageFrom } from '../../kit/index.ts'
import { fsp } from '../parties/tables.ts'
import { inWords } from './rules.ts'
import { type FspNoticeRow, type FspNoticeTargetRow, fspNotice, fspNoticeTarget } from './tables.ts'

/** Which notices a list is of; a member that is left out limits nothing. */
interface NoticeFilter {
  fspId?: string | undefined
  state?: FspNoticeState | undefined
}

/** A page of notices, the latest first. */
export async function pageOfNotices(tx: Queryable, filter: NoticeFilter, query: PageQuery): Promise<Page<FspNotice>> {
  const { owedAt, noticeId } = fspNotice
  const rows = await tx
    .select({ notice: fspNotice, fspName: fsp.companyName, targetName: fspNoticeTarget.name })
    .from(fspNotice)
    .innerJoin(fsp, eq(fsp.fspId, fspNotice.fspId))
    .leftJoin(fspNoticeTarget, eq(fspNoticeTarget.targetId, fspNotice.targetId))
    .where(
      and(
        filter.fspId ? eq(fspNotice.fspId, filter.fspId) : undefined,
        filter.state ? eq(fspNotice.state, filter.state) : undefined,
        afterCursor(query, [owedAt, noticeId], 'desc'),
      ),
    )
    .orderBy(desc(owedAt), desc(noticeId))
    .limit(query.limit + 1)
  return pageFrom(rows, query, ({ notice }) => [notice.owedAt.toString(), notice.noticeId], viewNotice)
}

interface NamedNotice {
  notice: FspNoticeRow
  fspName: string
  targetName: string | null
}

function viewNotice({ notice, ...names }: NamedNotice): FspNotice {
  const { noticeId, fspId, state, attempts, lastError, body, owedAt, dueAt, sentAt } = notice
  return {
    noticeId,
    fspId,
    ...names,
    title: inWords(body).subject,
    news: body,
    state,
    owedAt: owedAt.toString(),
    attempts,
    dueAt: dueAt.toString(),
    sentAt: sentAt?.toString() ?? null,
    lastError,
  }
}

/** A target as its FSP reads it, without its key. */
export function viewTarget(row: FspNoticeTargetRow): NoticeTarget {
  const { targetId, name, kind, address, active } = row
  return { targetId, name, kind, address, active }
}

/** How many targets an FSP has. */
export async function countTargets(tx: Queryable, fspId: string): Promise<number> {
  const [row] = await tx.select({ targets: count() }).from(fspNoticeTarget).where(isOf(fspId))
  return row?.targets ?? 0
}

/** The targets of an FSP by name. */
export async function listTargets(tx: Queryable, fspId: string): Promise<NoticeTarget[]> {
  const { name, targetId } = fspNoticeTarget
  return (await tx.select().from(fspNoticeTarget).where(isOf(fspId)).orderBy(name, targetId)).map(viewTarget)
}

/** Locks a target of an FSP until the end of the transaction. FM40: another FSP's does not exist to it. @throws ProblemError not-found. */
export async function lockTarget(tx: Queryable, targetId: string, fspId: string): Promise<FspNoticeTargetRow> {
  const isIt = and(eq(fspNoticeTarget.targetId, targetId), isOf(fspId))
  const [row] = await tx.select().from(fspNoticeTarget).where(isIt).for('update')
  if (!row) throw new ProblemError('not-found', `There is no target ${targetId}.`)
  return row
}

const isOf = (fspId: string) => and(eq(fspNoticeTarget.fspId, fspId), isNull(fspNoticeTarget.removedAt))

/** Locks an FSP's targets as a whole, so that two calls at once do not add one too many. */
export async function lockTargets(tx: Queryable, fspId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`notice-targets ${fspId}`}))`)
}
