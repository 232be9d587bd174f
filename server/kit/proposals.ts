import { and, eq } from 'drizzle-orm'
import type { Queryable } from '../../platform/db/index.ts'
import { ProblemError } from '../../platform/http/index.ts'
import type { Proposal } from '../../schemas/access/proposals.ts'
import type { Operation } from '../../schemas/vocabulary/operation.ts'
import { type Actor, nameOf } from './actors.ts'
import type { Call, CarriedAct, Change } from './calls.ts'
import { addHand, type Subject } from './hands.ts'
import { approvalFault, type Hand, identityOf, leafChanges } from './second-person-rules.ts'
import { proposal } from './tables.ts'

/** The call within a transaction that is open already. */
export function callWithin<O extends Operation>(call: Call<O>, tx: Queryable): Call<O> {
  return { ...call, db: tx, transaction: (work) => work(tx) }
}

/** Stores what a call would change as a proposal of its caller, or carries it out if one person is enough. */
export async function propose(name: string, act: CarriedAct['act'], call: Call<Operation>): Promise<unknown> {
  const done = await call.transaction(async (tx) => {
    const inside = callWithin(call, tx)
    const change = await act.describe(inside)
    return change ? { waits: await store(tx, name, change, inside) } : { made: await act.carryOut(inside) }
  })
  if (done.waits) return done.waits
  await act.afterwards?.(call, done.made)
  return done.made
}

async function store(tx: Queryable, name: string, change: Change, call: Call<Operation>): Promise<Proposal> {
  const { id, at, params, query, body, version } = call
  const actor = call.actor as Actor
  const { subject, title, before, after } = change
  if (leafChanges(before, after).length === 0)
    throw new ProblemError('conflict', `${title}: this is in force already, so there is nothing to approve.`)
  await requireNoneWaiting(tx, name, subject)
  const given = { params: params ?? null, query: query ?? null, body: body ?? null, version }
  const [row] = await tx
    .insert(proposal)
    .values({
      proposalId: id,
      operation: name,
      title,
      subjectType: subject.type,
      subjectId: subject.id,
      state: 'waiting',
      given,
      before,
      after,
      proposedAt: at,
      proposedBy: nameOf(actor),
    })
    .returning()
  if (!row) throw new Error('an insert returns its row')
  await addHand(tx, at, { type: 'proposal', id }, actor, 'proposed')
  call.audit({ action: 'proposal.created', subject, detail: { proposalId: id, operation: name, title, before, after } })
  call.announce('proposals')
  const hands = [{ actorId: identityOf(actor), did: 'proposed' }]
  return viewProposal(row, { hands, reader: actor, hasRight: true })
}

async function requireNoneWaiting(tx: Queryable, name: string, subject: Subject): Promise<void> {
  const [waiting] = await tx
    .select({ title: proposal.title, by: proposal.proposedBy })
    .from(proposal)
    .where(
      and(
        eq(proposal.operation, name),
        eq(proposal.subjectType, subject.type),
        eq(proposal.subjectId, subject.id),
        eq(proposal.state, 'waiting'),
      ),
    )
  if (!waiting) return
  throw new ProblemError(
    'conflict',
    `“${waiting.title}”, proposed by ${waiting.by}, waits for a second person: approve, reject or withdraw it first.`,
  )
}

/** What a proposal's reader may do with it. */
export interface ReaderOf {
  readonly hands: readonly Hand[]
  readonly reader: Actor
  /** Whether the reader may do what it proposes. */
  readonly hasRight: boolean
}

/** A proposal as the API shows it to its reader. */
export function viewProposal(row: typeof proposal.$inferSelect, { hands, reader, hasRight }: ReaderOf): Proposal {
  const { proposalId, operation, title, state, proposedBy, decidedBy, reason, version } = row
  return {
    proposalId,
    operation,
    title,
    subject: { type: row.subjectType, id: row.subjectId },
    state,
    proposedAt: row.proposedAt.toString(),
    proposedBy,
    decidedAt: row.decidedAt?.toString() ?? null,
    decidedBy,
    reason,
    changes: leafChanges(row.before, row.after),
    isOwn: hands.some(({ actorId }) => actorId === identityOf(reader)),
    mayApprove: state === 'waiting' && hasRight && approvalFault(hands, reader, title) === null,
    version,
  }
}
