import type { Instant } from '@js-joda/core'
import { and, eq } from 'drizzle-orm'
import type { Queryable } from '../../../../platform/db/index.ts'
import { ProblemError } from '../../../../platform/http/index.ts'
import type { StatementEvent, statementOperations } from '../../../../schemas/settlement/statements.ts'
import { type Call, nameOf, ownTransaction } from '../../../kit/index.ts'
import { type StatementRow, statement } from '../lines/tables.ts'
import { statementStates } from './states.ts'
import { readStatement } from './store.ts'

type Move = typeof statementOperations.moveStatement

/** Why this person may not make the move; `null` if they may. A person who prepared or checked the figures cannot approve them. */
export function samePerson(
  row: Pick<StatementRow, 'preparedBy' | 'checkedBy'>,
  event: StatementEvent,
  who: string,
): string | null {
  if (event !== 'approve') return null
  if (who === row.preparedBy) return `${who} prepared this statement: another person has to approve it.`
  return who === row.checkedBy ? `${who} checked this statement: another person has to approve it.` : null
}

/** Moves a statement to another state. An approval by the same person is refused, and the attempt is audited (FM16). */
export const moveStatement = ownTransaction<Move>(async (call) => {
  const refusal = await call.transaction((tx) => move(tx, call))
  if (refusal) throw new ProblemError('second-person-needed', refusal)
  call.announce('settlement')
  return readStatement(call.db, call.params.id, null)
})

/** Makes the move, or refuses it with the reason; both are audited. */
async function move(tx: Queryable, { at, actor, params, body, audit }: Call<Move>): Promise<string | null> {
  const [who, statementId, { event }] = [nameOf(actor), params.id, body]
  const [row] = await tx.select().from(statement).where(eq(statement.statementId, statementId)).for('update')
  if (!row) throw new ProblemError('not-found', `There is no statement ${statementId}.`)
  const state = statementStates[row.state][event]
  if (!state)
    throw new ProblemError('conflict', `Statement ${row.number} is ${row.state}: it cannot be ${done[event]}.`)
  const refusal = samePerson(row, event, who)
  if (!refusal)
    await tx
      .update(statement)
      .set({ state, ...traceOf(event, who, at) })
      .where(and(eq(statement.statementId, statementId), eq(statement.state, row.state)))
  audit({
    action: refusal ? `statement.${event}-refused` : `statement.${done[event]}`,
    subject: { type: 'statement', id: statementId },
    detail: { number: row.number, ...(refusal ? { reason: refusal } : {}) },
  })
  return refusal
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
