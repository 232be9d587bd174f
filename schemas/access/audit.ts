import { z } from 'zod'
import { people } from '../vocabulary/access.ts'
import { csvFile, operation } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import { instant, uuid } from '../vocabulary/units.ts'
import { fieldChange } from './proposals.ts'

/** Who acted: a person of the DNO, an FSP (its program, or one of its people), a gateway, the server's own work. */
export const actorKind = z.enum(['person', 'fsp', 'customer', 'provider', 'gateway', 'system'])

/** An entry of the audit trail. */
export const auditRecord = z
  .object({
    /** Its place in the chain: 1 for the first entry ever committed. */
    position: z.number().int(),
    at: instant,
    actorKind,
    /** A person's account, a program's client, or the name of the server's own work. */
    actorId: z.string(),
    /** The actor's name at the time. */
    actor: z.string(),
    fspId: uuid.nullable(),
    action: z.string(),
    subjectType: z.string(),
    subjectId: z.string(),
    detail: z.record(z.string(), z.unknown()),
    /** What was changed, field by field, where the detail has what was there before; empty otherwise. */
    changes: z.array(fieldChange),
    /** SHA-256 in hexadecimal over the hash of the entry before it and this entry. */
    hash: z.string(),
  })
  .meta({ id: 'AuditRecord' })
export type AuditEntry = z.infer<typeof auditRecord>

/** What is wrong in the chain, and at which place first. */
export const auditFault = z.object({
  position: z.number().int(),
  kind: z.enum(['altered', 'missing', 'unlinked', 'rewritten']),
  detail: z.string(),
})
export type AuditFault = z.infer<typeof auditFault>

/** The action under which a check of the trail is an entry of it, with its outcome as detail. */
export const auditCheckedAction = 'audit.checked'

/** What entries about the trail itself are about. */
export const auditTrailSubject = { type: 'audit-trail', id: 'chain' } as const

/** The outcome of a check of the whole chain. */
export const auditCheck = z
  .object({
    entries: z.number().int(),
    /** The last entry of the chain. Note it elsewhere: a later check against it shows a chain that was rewritten as a whole. */
    head: z.object({ position: z.number().int(), hash: z.string() }).nullable(),
    fault: auditFault.nullable(),
  })
  .meta({ id: 'AuditCheck' })
export type AuditCheck = z.infer<typeof auditCheck>

const filters = z.object({
  actorId: z.string().max(200).optional().meta({ description: 'Entries of one account, client or task' }),
  actor: z.string().max(200).optional().meta({ description: 'Entries under one name' }),
  action: z.string().max(100).optional().meta({ description: 'Actions that start with this, such as `tender.`' }),
  subjectType: z.string().max(100).optional(),
  subjectId: z.string().max(200).optional(),
  from: instant.optional().meta({ description: 'Entries at or after this instant' }),
  until: instant.optional().meta({ description: 'Entries before this instant' }),
})
export type AuditFilter = z.infer<typeof filters>

const access = people('administrator')
const tags = ['Access']

/** The audit trail: who did what to which thing, when. It only grows. */
export const auditOperations = {
  listAuditEntries: operation({
    method: 'get',
    path: '/audit',
    access,
    tags,
    summary: 'The audit trail, newest first',
    query: pageQuery(100).extend(filters.shape),
    answer: pageOf(auditRecord),
  }),
  readAuditEntry: operation({
    method: 'get',
    path: '/audit/entries/{position}',
    access,
    tags,
    summary: 'One entry of the audit trail by its place in the chain',
    params: z.object({ position: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) }),
    answer: auditRecord,
    problems: ['not-found'],
  }),
  downloadAuditCsv: operation({
    method: 'get',
    mayLag: true,
    path: '/audit/file.csv',
    access,
    tags,
    summary: 'The audit trail of a period as CSV, oldest first',
    description: 'At most 100,000 entries; request a longer trail in parts.',
    query: filters.required({ from: true, until: true }),
    answer: csvFile(),
    problems: ['contract-broken'],
  }),
  verifyAudit: operation({
    method: 'post',
    path: '/audit/checks',
    access,
    tags,
    summary: 'Check the whole chain of the audit trail, and name the first entry that is not what was committed',
    description:
      'The outcome is an entry of the trail itself, under `audit.checked`. A later check holds the trail against it too, so that a trail which was cut off or rewritten behind it shows.',
    answer: auditCheck,
  }),
}
