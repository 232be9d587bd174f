import { Instant } from '@js-joda/core'
import { and, asc, desc, eq, gte, lt, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { AuditEntry, AuditFilter } from '../../../schemas/access/audit.ts'
import type { Page } from '../../../schemas/vocabulary/paging.ts'
import { afterCursor, auditEntry, auditLink, type PageQuery, pageFrom } from '../../kit/index.ts'

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
  return { position, ...rest, at: at.toString(), detail: detail as Record<string, unknown>, hash }
}
