import { writeCsv } from '../../../platform/csv/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import { auditCheckedAction, auditOperations, auditTrailSubject } from '../../../schemas/access/audit.ts'
import { bind, ownTransaction, report } from '../../kit/index.ts'
import { entryAt, firstEntries, headOfLastCheck, pageOfEntries } from './store.ts'
import { verifyChain } from './verify.ts'

export type { Head } from './chain.ts'
export { chainHead, verifyChain } from './verify.ts'

/** Entries in one file: as many as a spreadsheet opens at ease. */
const mostInFile = 100_000

const columns = [
  'position',
  'at',
  'actorKind',
  'actorId',
  'actor',
  'fspId',
  'action',
  'subjectType',
  'subjectId',
  'detail',
  'hash',
] as const

/** The audit trail, for administrators. */
export const audit = bind(auditOperations, {
  listAuditEntries: ({ db, query }) => pageOfEntries(db, query),

  readAuditEntry: ({ db, params }) => entryAt(db, params.position),

  async downloadAuditCsv({ db, query }) {
    const entries = await firstEntries(db, query, mostInFile + 1)
    if (entries.length > mostInFile) {
      const detail = `The period has more than ${mostInFile} entries: request it in parts.`
      throw new ProblemError('contract-broken', detail, { errors: [{ field: 'until', message: detail }] })
    }
    const rows = entries.map((entry) => columns.map((column) => cellOf(entry[column])))
    return { name: `audit-${query.from.slice(0, 10)}.csv`, content: writeCsv(columns, rows) }
  },

  // Outside of a transaction, which would hide from a long check what others commit meanwhile.
  verifyAudit: report(
    ownTransaction(async ({ context, audit }) => {
      const check = await verifyChain(context.db, await headOfLastCheck(context.db))
      audit({ action: auditCheckedAction, subject: auditTrailSubject, detail: check })
      return check
    }),
  ),
})

function cellOf(value: unknown): string | number | null {
  return typeof value === 'string' || typeof value === 'number' || value === null ? value : JSON.stringify(value)
}
