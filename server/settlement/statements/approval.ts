import { and, eq } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import type { Statement, StatementEvent } from '../../../schemas/settlement/statements.ts'
import { type Actor, nameOf, recordAudit } from '../../kit/index.ts'
import type { SettlementContext } from './service.ts'
import { statementStates } from './states.ts'
import { readStatement, type StatementRow } from './store.ts'
import { statement } from './tables.ts'

/** Why this person may not do that to the statement; `null` when they may. Whoever made or checked the figures cannot approve them. */
export function samePerson(
  row: Pick<StatementRow, 'preparedBy' | 'checkedBy'>,
  event: StatementEvent,
  who: string,
): string | null {
  if (event !== 'approve') return null
  if (who === row.preparedBy) return `${who} prepared this statement: another person has to approve it.`
  return who === row.checkedBy ? `${who} checked this statement: another person has to approve it.` : null
}

/** Moves a statement on. An approval by the same person is refused, and the attempt is audited (FM16). */
export async function moveStatement(
  context: SettlementContext,
  actor: Actor,
  statementId: string,
  event: StatementEvent,
): Promise<Statement> {
  const [at, who] = [context.clock.now(), nameOf(actor)]
  const refusal = await context.db.transaction(async (tx) => {
    const [row] = await tx.select().from(statement).where(eq(statement.statementId, statementId)).for('update')
    if (!row) throw new ProblemError('not-found', `There is no statement ${statementId}.`)
    const state = statementStates[row.state][event]
    if (!state)
      throw new ProblemError('conflict', `Statement ${row.number} is ${row.state}: it cannot be ${done[event]}.`)
    const refused = samePerson(row, event, who)
    if (!refused) {
      const change = {
        ...(event === 'check' ? { checkedBy: who } : {}),
        ...(event === 'approve' ? { approvedBy: who } : {}),
        ...(event === 'issue' ? { issuedAt: at } : {}),
        ...(event === 'return' ? { checkedBy: null, approvedBy: null } : {}),
      }
      await tx
        .update(statement)
        .set({ state, ...change })
        .where(and(eq(statement.statementId, statementId), eq(statement.state, row.state)))
    }
    await recordAudit(tx, at, actor, {
      action: refused ? `statement.${event}-refused` : `statement.${done[event]}`,
      subject: { type: 'statement', id: statementId },
      detail: { number: row.number, ...(refused ? { reason: refused } : {}) },
    })
    return refused
  })
  if (refusal) throw new ProblemError('second-person-needed', refusal)
  context.announce('settlement')
  return readStatement(context.db, statementId, null)
}

const done: Record<StatementEvent, string> = {
  check: 'checked',
  approve: 'approved',
  issue: 'issued',
  return: 'returned',
}
