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
    ...writtenActor(actor),
    action: record.action,
    subjectType: record.subject.type,
    subjectId: record.subject.id,
    detail: record.detail ?? {},
  })
}

/** An actor as the audit trail keeps it: by an identifier that stays, and by the name at the time. */
function writtenActor(actor: Actor) {
  const actorId = identifierOf(actor)
  return { actorKind: actor.kind, actorId, actor: nameOf(actor), fspId: actor.kind === 'fsp' ? actor.fspId : null }
}

function identifierOf(actor: Actor): string {
  if (actor.kind === 'person') return actor.accountId
  if (actor.kind === 'fsp' || actor.kind === 'customer') return actor.user?.accountId ?? actor.clientId
  return actor.kind === 'system' ? actor.name : actor.clientId
}
