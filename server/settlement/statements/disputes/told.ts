import type { StatementSummary } from '../../../../schemas/settlement/statements.ts'
import type { Told } from '../../../market/index.ts'
import type { dispute } from './tables.ts'

type DisputeRow = Pick<typeof dispute.$inferSelect, 'disputeId' | 'lineNumber' | 'state'>

/** Tells the FSP of a statement that a dispute about it was raised, or how it was decided. */
export function told(about: StatementSummary, { disputeId, lineNumber, state }: DisputeRow): Told {
  const { statementId, number, product, month, fspId } = about
  const named = { statementId, number, product, month, disputeId, lineNumber }
  if (state === 'open') return { fspId, subject: disputeId, news: { event: 'dispute-raised', dispute: named } }
  return { fspId, subject: disputeId, news: { event: 'dispute-decided', dispute: { ...named, state } } }
}
