import { writeCsv } from '../../../platform/csv/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import { auditOperations } from '../../../schemas/access/audit.ts'
import { bind, report } from '../../kit/index.ts'
import { firstEntries, pageOfEntries } from './store.ts'
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

  async downloadAuditCsv({ db, query }) {
    const entries = await firstEntries(db, query, mostInFile + 1)
    if (entries.length > mostInFile) {
      const detail = `The period has more than ${mostInFile} entries: request it in parts.`
      throw new ProblemError('contract-broken', detail, { errors: [{ field: 'until', message: detail }] })
    }
    const rows = entries.map((entry) => columns.map((column) => cellOf(entry[column])))
    return { name: `audit-${query.from.slice(0, 10)}.csv`, content: writeCsv(columns, rows) }
  },

  verifyAudit: report(({ context }) => verifyChain(context.db)),
})

function cellOf(value: unknown): string | number | null {
  return typeof value === 'string' || typeof value === 'number' || value === null ? value : JSON.stringify(value)
}
