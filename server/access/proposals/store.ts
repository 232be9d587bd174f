import { and, desc, eq } from 'drizzle-orm'
import type { z } from 'zod'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { Proposal, proposalOperations } from '../../../schemas/access/proposals.ts'
import type { Page } from '../../../schemas/vocabulary/paging.ts'
import {
  afterCursor,
  type CarriedAct,
  handsIn,
  isCurrent,
  mayCall,
  type Person,
  pageFrom,
  proposal,
  viewProposal,
} from '../../kit/index.ts'

/** What an approval carries out, by operation. */
export type Acts = ReadonlyMap<string, CarriedAct>

export type ProposalRow = typeof proposal.$inferSelect

type Query = z.output<typeof proposalOperations.listProposals.query>

/** A page of proposals, the latest first. */
export async function pageOfProposals(
  tx: Queryable,
  acts: Acts,
  reader: Person,
  query: Query,
): Promise<Page<Proposal>> {
  const { state, subjectType, subjectId } = query
  const rows = await tx
    .select()
    .from(proposal)
    .where(
      and(
        state ? eq(proposal.state, state) : undefined,
        subjectType ? eq(proposal.subjectType, subjectType) : undefined,
        subjectId ? eq(proposal.subjectId, subjectId) : undefined,
        afterCursor(query, [proposal.proposedAt, proposal.proposalId], 'desc'),
      ),
    )
    .orderBy(desc(proposal.proposedAt), desc(proposal.proposalId))
    .limit(query.limit + 1)
  const ids = rows.map((row) => row.proposalId)
  const hands = await handsIn(tx, 'proposal', ids)
  return pageFrom(
    rows,
    query,
    (row) => [row.proposedAt.toString(), row.proposalId],
    (row) =>
      viewProposal(row, { hands: hands.get(row.proposalId) ?? [], reader, hasRight: hasRight(acts, reader, row) }),
  )
}

/** One proposal; 404 if unknown. */
export async function readProposal(tx: Queryable, acts: Acts, reader: Person, proposalId: string): Promise<Proposal> {
  const [row] = await tx.select().from(proposal).where(eq(proposal.proposalId, proposalId))
  return viewFor(tx, acts, reader, row ?? unknown(proposalId))
}

/** A proposal as its reader sees it. */
export async function viewFor(tx: Queryable, acts: Acts, reader: Person, row: ProposalRow): Promise<Proposal> {
  const hands = (await handsIn(tx, 'proposal', [row.proposalId])).get(row.proposalId) ?? []
  return viewProposal(row, { hands, reader, hasRight: hasRight(acts, reader, row) })
}

function hasRight(acts: Acts, reader: Person, row: ProposalRow): boolean {
  const access = acts.get(row.operation)?.stated.access
  return access !== undefined && mayCall(reader, access)
}

/** A waiting proposal, locked, in the version that the caller saw; refused otherwise. */
export async function lockWaiting(tx: Queryable, proposalId: string, version: string | null): Promise<ProposalRow> {
  const [row] = await tx.select().from(proposal).where(eq(proposal.proposalId, proposalId)).for('update')
  if (!row) return unknown(proposalId)
  if (row.state !== 'waiting')
    throw new ProblemError(
      'conflict',
      `“${row.title}” is already ${row.state}${row.decidedBy ? ` by ${row.decidedBy}` : ''}.`,
    )
  if (!isCurrent(version, row.version))
    throw new ProblemError('changed-meanwhile', `“${row.title}” has changed since you read it: read it again.`, {
      headers: { etag: `"${row.version}"` },
    })
  return row
}

/** The act that a proposal carries out. */
export function actOf(acts: Acts, row: ProposalRow): CarriedAct {
  const found = acts.get(row.operation)
  if (found) return found
  throw new ProblemError('conflict', `This server no longer knows “${row.operation}”: reject the proposal.`)
}

/** Saves the decision on a locked proposal. */
export async function decide(
  tx: Queryable,
  row: ProposalRow,
  decision: Pick<ProposalRow, 'state' | 'decidedAt' | 'decidedBy' | 'reason'>,
): Promise<ProposalRow> {
  const [saved] = await tx
    .update(proposal)
    .set({ ...decision, version: row.version + 1 })
    .where(eq(proposal.proposalId, row.proposalId))
    .returning()
  if (!saved) throw new Error('a locked row has disappeared')
  return saved
}

function unknown(proposalId: string): never {
  throw new ProblemError('not-found', `There is no proposal ${proposalId}.`)
}
