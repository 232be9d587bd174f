import type { Dispute } from '../../../../schemas/settlement/statements.ts'
import type { dispute } from './tables.ts'

/** A dispute as the API shows it. */
export function viewDispute(row: typeof dispute.$inferSelect): Dispute {
  return { ...row, raisedAt: row.raisedAt.toString(), decidedAt: row.decidedAt?.toString() ?? null }
}
