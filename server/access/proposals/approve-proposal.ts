import { isDeepStrictEqual } from 'node:util'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError, problemOf } from '../../../platform/http/index.ts'
import type { proposalOperations } from '../../../schemas/access/proposals.ts'
import type { Operation } from '../../../schemas/vocabulary/operation.ts'
import {
  type Call,
  type CarriedAct,
  callWithin,
  nameOf,
  requireAccess,
  secondPersonFault,
  type Verb,
} from '../../kit/index.ts'
import { type Acts, actOf, decide, lockWaiting, type ProposalRow, viewFor } from './store.ts'

type Approval = typeof proposalOperations.approveProposal

/**
 * Approves a proposal, which carries it out in the same transaction. The second person has the role that the operation needs and no hand
 * in the proposal. A refused attempt is audited although it changes nothing (FM16).
 */
export function approveProposal(acts: Acts): Verb<Approval> {
  return async (call) => {
    const done = await call.transaction((tx) => approve(tx, acts, call))
    if ('fault' in done) throw problemOf(done.fault)
    await done.carried.act.afterwards?.(done.inner, done.made)
    call.announce('proposals')
    return done.answer
  }
}

async function approve(tx: Queryable, acts: Acts, call: Call<Approval>) {
  const { at, actor, params, body, version, audit } = call
  const row = await lockWaiting(tx, params.id, version)
  const carried = actOf(acts, row)
  requireAccess(actor, carried.stated.access)
  const subject = { type: row.subjectType, id: row.subjectId }
  const detail = { proposalId: row.proposalId, operation: row.operation, title: row.title }
  const fault = await secondPersonFault(tx, { type: 'proposal', id: row.proposalId }, actor, `“${row.title}”`)
  if (fault) {
    audit({ action: 'proposal.approval-refused', subject, detail: { ...detail, reason: fault.kind } })
    return { fault }
  }
  const inner = innerCall(call, row)
  const inside = callWithin(inner, tx)
  await requireSameStart(row, carried, inside)
  const made = await carried.act.carryOut(inside)
  const decision = { state: 'approved' as const, decidedAt: at, decidedBy: nameOf(actor), reason: body.reason ?? null }
  const saved = await decide(tx, row, decision)
  audit({ action: 'proposal.approved', subject, detail: { ...detail, proposedBy: row.proposedBy } })
  return { carried, inner, made, answer: await viewFor(tx, acts, actor, saved) }
}

/** The call that was proposed, made by its second person. */
function innerCall(call: Call<Approval>, { given, proposalId }: ProposalRow): Call<Operation> {
  const { params, query, body, version } = given
  return { ...call, params, query, body, version, id: proposalId } as unknown as Call<Operation>
}

/** Refuses a proposal that no longer starts from what is in force. */
async function requireSameStart(row: ProposalRow, { act }: CarriedAct, inside: Call<Operation>): Promise<void> {
  const now = await act.describe(inside)
  if (now && isDeepStrictEqual(asStored(now.before), row.before) && isDeepStrictEqual(asStored(now.after), row.after))
    return
  throw new ProblemError(
    'changed-meanwhile',
    `What “${row.title}” would change has changed since ${row.proposedBy} proposed it: reject or withdraw it, and propose it again.`,
  )
}

const asStored = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null))
