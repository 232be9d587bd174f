import type { statementOperations } from '../../../../schemas/settlement/statements.ts'
import { ownTransaction } from '../../../kit/index.ts'
import { makeDraft } from './draft.ts'
import { readStatement } from './store.ts'

/** FA10: prepares a draft. Its lines, of which there may be many, are read for the answer after the lock is released. */
export const prepareStatement = ownTransaction<typeof statementOperations.prepareStatement>(async (call) => {
  const { statementId } = await call.transaction((tx) => makeDraft(tx, call.at, call.actor, call.body))
  call.announce('settlement')
  return readStatement(call.db, statementId, null)
})
