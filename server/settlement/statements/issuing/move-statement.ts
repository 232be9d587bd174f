import type { Instant } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import type { Queryable } from '../../../../platform/db/index.ts'
import { ProblemError, refuse } from '../../../../platform/http/index.ts'
import type { StatementEvent, statementOperations } from '../../../../schemas/settlement/statements.ts'
import type { Refusal } from '../../../../schemas/vocabulary/outcome.ts'
import { addHand, type Call, isCurrent, nameOf, ownTransaction, secondPersonFault } from '../../../kit/index.ts'
import { oweFspNotices } from '../../../market/index.ts'
import { type StatementRow, statement } from '../lines/tables.ts'
import { refreshReliability } from './reliability.ts'
import { statementStates } from './states.ts'
import { readStatement } from './store.ts'
import { told } from './told.ts'

type Move = typeof statementOperations.moveStatement

/** Moves a statement to another state. An approval by somebody with a hand in it is refused, and the attempt is audited (FM16). */
export const moveStatement = ownTransaction<Move>(async (call) => {
  const fault = await call.transaction((tx) => move(tx, call))
  refuse(fault)
  call.announce('settlement')
  return readStatement(call.db, call.params.id, null)
})

/** Makes the move, or refuses it with the reason; both are audited. */
async function move(tx: Queryable, { at, actor, params, body, version, audit }: Call<Move>): Promise<Refusal | null> {
  const [subject, { event }] = [{ type: 'statement', id: params.id }, body]
  const [row] = await tx.select().from(statement).where(eq(statement.statementId, params.id)).for('update')
  if (!row) throw new ProblemError('not-found', `There is no statement ${params.id}.`)
  if (!isCurrent(version, row.version)) throw changedMeanwhile(row)
  const state = statementStates[row.state][event]
  if (!state)
    throw new ProblemError('conflict', `Statement ${row.number} is ${row.state}: it cannot be ${done[event]}.`)
  const fault = event === 'approve' ? await secondPersonFault(tx, subject, actor, `statement ${row.number}`) : null
  if (fault) {
    audit({ action: 'statement.approve-refused', subject, detail: { number: row.number, reason: fault.detail } })
    return fault
  }
  const change = { state, version: row.version + 1, ...traceOf(event, nameOf(actor), at) }
  await tx.update(statement).set(change).where(eq(statement.statementId, params.id))
  if (event === 'issue') await refreshReliability(tx, at, params.id)
  if (event === 'check') await addHand(tx, at, subject, actor, done.check)
  await oweFspNotices(tx, at, told({ ...row, ...change }, row.state))
  audit({ action: `statement.${done[event]}`, subject, detail: { number: row.number } })
  return null
}

function changedMeanwhile(row: StatementRow): ProblemError {
  return new ProblemError(
    'changed-meanwhile',
    `Statement ${row.number} has changed since you read it: read it again.`,
    {
      headers: { etag: `"${row.version}"` },
    },
  )
}

/** What a move records on the statement: who checked and who approved it, and when it was issued. */
function traceOf(event: StatementEvent, who: string, at: Instant) {
  if (event === 'check') return { checkedBy: who }
  if (event === 'approve') return { approvedBy: who }
  return event === 'issue' ? { issuedAt: at } : { checkedBy: null, approvedBy: null }
}

const done: Record<StatementEvent, string> = {
  check: 'checked',
  approve: 'approved',
  issue: 'issued',
  return: 'returned',
}
