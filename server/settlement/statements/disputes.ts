import { randomUUID } from 'node:crypto'
import { asc, eq } from 'drizzle-orm'
import type { z } from 'zod'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { Dispute, disputeOutcome, newDispute } from '../../../schemas/settlement/statements.ts'
import { type Actor, nameOf, recordAudit } from '../../kit/index.ts'
import type { SettlementContext } from './service.ts'
import { readSummary } from './store.ts'
import { dispute } from './tables.ts'

/** Disputes an issued statement or one line of it. */
export async function raiseDispute(
  context: SettlementContext,
  actor: Actor,
  fspId: string | null,
  statementId: string,
  given: z.infer<typeof newDispute>,
): Promise<Dispute> {
  const [at, disputeId] = [context.clock.now(), randomUUID()]
  const found = await readSummary(context.db, statementId, fspId)
  if (found.state !== 'issued')
    throw new ProblemError(
      'conflict',
      `Statement ${found.number} is ${found.state}: only an issued one can be disputed.`,
    )
  if (given.lineNumber !== null && given.lineNumber > found.lineCount)
    throw new ProblemError(
      'contract-broken',
      `lineNumber: statement ${found.number} has no line ${given.lineNumber}.`,
      {
        errors: [{ field: 'lineNumber', message: 'is no line of this statement' }],
      },
    )
  const row = {
    disputeId,
    statementId,
    ...given,
    state: 'open' as const,
    raisedAt: at,
    raisedBy: nameOf(actor),
    outcome: null,
    decidedAt: null,
    decidedBy: null,
  }
  await context.db.transaction(async (tx) => {
    await tx.insert(dispute).values(row)
    await recordAudit(tx, at, actor, {
      action: 'dispute.raised',
      subject: { type: 'statement', id: statementId },
      detail: { disputeId, ...given },
    })
  })
  context.announce('settlement')
  return viewDispute(row)
}

/** Decides an open dispute. An upheld one is followed by new data and a re-run: the issued statement itself stays. */
export async function decideDispute(
  context: SettlementContext,
  actor: Actor,
  disputeId: string,
  given: z.infer<typeof disputeOutcome>,
): Promise<Dispute> {
  const at = context.clock.now()
  const row = await context.db.transaction(async (tx) => {
    const [found] = await tx.select().from(dispute).where(eq(dispute.disputeId, disputeId)).for('update')
    if (!found) throw new ProblemError('not-found', `There is no dispute ${disputeId}.`)
    if (found.state !== 'open') throw new ProblemError('conflict', `This dispute was ${found.state} already.`)
    const change = { ...given, decidedAt: at, decidedBy: nameOf(actor) }
    await tx.update(dispute).set(change).where(eq(dispute.disputeId, disputeId))
    await recordAudit(tx, at, actor, {
      action: `dispute.${given.state}`,
      subject: { type: 'statement', id: found.statementId },
      detail: { disputeId, outcome: given.outcome },
    })
    return { ...found, ...change }
  })
  context.announce('settlement')
  return viewDispute(row)
}

/** Disputes of a statement in the order in which they were raised. */
export async function listDisputes(tx: Queryable, statementId: string): Promise<Dispute[]> {
  const rows = await tx
    .select()
    .from(dispute)
    .where(eq(dispute.statementId, statementId))
    .orderBy(asc(dispute.raisedAt), asc(dispute.disputeId))
  return rows.map(viewDispute)
}

function viewDispute(row: typeof dispute.$inferSelect): Dispute {
  return { ...row, raisedAt: row.raisedAt.toString(), decidedAt: row.decidedAt?.toString() ?? null }
}
