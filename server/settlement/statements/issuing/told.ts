import type { StatementState } from '../../../../schemas/settlement/statements.ts'
import type { Told } from '../../../market/index.ts'
import type { StatementRow } from '../lines/tables.ts'

/**
 * Tells the FSP of a statement that it is approved, issued, or returned after it was approved. What happens before the approval is the
 * DNO's own work. The version tells a second approval from the first.
 */
export function told(row: StatementRow, before: StatementState): Told[] {
  const { statementId, number, product, month, state, version, fspId } = row
  const isHeard = state === 'approved' || state === 'issued' || before === 'approved'
  if (!isHeard) return []
  const statement = { statementId, number, product, month, state }
  return [{ fspId, subject: `${statementId} ${version}`, news: { event: 'statement-moved', statement } }]
}
