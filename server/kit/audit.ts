import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../platform/db/index.ts'
import type { Actor } from './actors.ts'
import { nameOf } from './actors.ts'
import { auditEntry } from './tables.ts'

/** What was done: `tender.awarded` to a `tender`. */
export interface AuditRecord {
  action: string
  subject: { type: string; id: string }
  detail?: Record<string, unknown>
}

/** Writes an audit entry. Call it with the transaction of the change, so that neither is committed without the other. */
export async function recordAudit(tx: Queryable, at: Instant, actor: Actor, record: AuditRecord): Promise<void> {
  await tx.insert(auditEntry).values({
    at,
    actor: nameOf(actor),
    action: record.action,
    subjectType: record.subject.type,
    subjectId: record.subject.id,
    detail: record.detail ?? {},
  })
}
