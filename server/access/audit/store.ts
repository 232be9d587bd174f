import { Instant } from '@js-joda/core'
import { and, asc, desc, eq, gte, lt, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import {
  type AuditEntry,
  type AuditFilter,
  auditCheck,
  auditCheckedAction,
  auditTrailSubject,
} from '../../../schemas/access/audit.ts'
import type { Page } from '../../../schemas/vocabulary/paging.ts'
import { afterCursor, auditEntry, auditLink, leafChanges, type PageQuery, pageFrom } from '../../kit/index.ts'
import type { Head } from './chain.ts'

/** A page of the trail, newest first. Entries are sorted by their commits, so that none slips in before a page already read. */
export async function pageOfEntries(db: Queryable, query: AuditFilter & PageQuery): Promise<Page<AuditEntry>> {
  const rows = await entriesOf(db)
    .where(and(matching(query), afterCursor(query, [auditLink.position], 'desc')))
    .orderBy(desc(auditLink.position))
    .limit(query.limit + 1)
  return pageFrom(rows, query, ({ link }) => [link.position], view)
}

/** The first entries that match, oldest first. */
export async function firstEntries(db: Queryable, filter: AuditFilter, most: number): Promise<AuditEntry[]> {
  const rows = await entriesOf(db).where(matching(filter)).orderBy(asc(auditLink.position)).limit(most)
  return rows.map(view)
}

/** One entry; 404 if the chain does not reach so far. */
export async function entryAt(db: Queryable, position: number): Promise<AuditEntry> {
  const [row] = await entriesOf(db).where(eq(auditLink.position, position))
  if (!row) throw new ProblemError('not-found', `The audit trail has no entry ${position}.`)
  return view(row)
}

/** Where the chain ended when it was last checked and held; `null` before that. */
export async function headOfLastCheck(db: Queryable): Promise<Head | null> {
  const isCheck = and(eq(auditEntry.subjectType, auditTrailSubject.type), eq(auditEntry.action, auditCheckedAction))
  const held = and(isCheck, sql`${auditEntry.detail}->>'fault' is null`)
  const [last] = await entriesOf(db).where(held).orderBy(desc(auditLink.position)).limit(1)
  return last ? auditCheck.parse(last.entry.detail).head : null
}

function entriesOf(db: Queryable) {
  return db
    .select({ link: auditLink, entry: auditEntry })
    .from(auditLink)
    .innerJoin(auditEntry, eq(auditEntry.entryId, auditLink.entryId))
    .$dynamic()
}

function matching({ actorId, actor, action, subjectType, subjectId, from, until }: AuditFilter) {
  return and(
    actorId === undefined ? undefined : eq(auditEntry.actorId, actorId),
    actor === undefined ? undefined : eq(auditEntry.actor, actor),
    action === undefined ? undefined : sql`starts_with(${auditEntry.action}, ${action})`,
    subjectType === undefined ? undefined : eq(auditEntry.subjectType, subjectType),
    subjectId === undefined ? undefined : eq(auditEntry.subjectId, subjectId),
    from === undefined ? undefined : gte(auditEntry.at, instantOf(from)),
    until === undefined ? undefined : lt(auditEntry.at, instantOf(until)),
  )
}

/** Reads any offset. */
function instantOf(text: string): Instant {
  return Instant.ofEpochMilli(Date.parse(text))
}

interface Row {
  link: typeof auditLink.$inferSelect
  entry: typeof auditEntry.$inferSelect
}

function view({ link, entry }: Row): AuditEntry {
  const { entryId: _, at, detail, ...rest } = entry
  const { position, hash } = link
  const said = detail as Record<string, unknown>
  return { position, ...rest, at: at.toString(), detail: said, changes: changesIn(said), hash }
}

/** Verbs state what was in force under `before`, and what is under `after` or `now`. */
function changesIn({ before, after, now }: Record<string, unknown>): AuditEntry['changes'] {
  const isNow = after ?? now
  return before === undefined || isNow === undefined ? [] : leafChanges(before, isNow)
}
