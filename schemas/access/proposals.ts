import { z } from 'zod'
import { people } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import { instant, instantOrNull, uuid } from '../vocabulary/units.ts'

export const proposalState = z.enum(['waiting', 'approved', 'rejected', 'withdrawn'])

const leaf = z.union([z.string(), z.number(), z.boolean(), z.null()])

/** One value that a proposal would change; `field` is a JSON path such as `points[3].scale`. */
export const fieldChange = z.object({ field: z.string(), before: leaf, after: leaf })
export type FieldChange = z.infer<typeof fieldChange>

/** A change that waits for a second person. Until one approves it, everything stays as it was. */
export const proposal = z
  .object({
    proposalId: uuid,
    /** The operation that it carries out when it is approved. */
    operation: z.string(),
    /** What it would do, in words. */
    title: z.string(),
    subject: z.object({ type: z.string(), id: z.string() }),
    state: proposalState,
    proposedAt: instant,
    proposedBy: z.string(),
    decidedAt: instantOrNull,
    decidedBy: z.string().nullable(),
    /** Why it was approved or rejected. */
    reason: z.string().nullable(),
    changes: z.array(fieldChange),
    /** Whether the reader had a hand in it, and may withdraw it while it waits. */
    isOwn: z.boolean(),
    /** Whether the reader may be its second person: it waits, they have the right to the act, and no hand in it. */
    mayApprove: z.boolean(),
    version: z.number().int(),
  })
  .meta({ id: 'Proposal' })
export type Proposal = z.infer<typeof proposal>

const reason = z.string().min(3).max(2_000)
const params = z.object({ id: uuid })
const tags = ['Second person']

/** Changes that need a second person: the list, and the decision on each. */
export const proposalOperations = {
  listProposals: operation({
    method: 'get',
    path: '/proposals',
    access: people(),
    tags,
    summary: 'Changes that wait for a second person, and those decided',
    query: pageQuery(100).extend({
      state: proposalState.optional(),
      subjectType: z.string().max(100).optional(),
      subjectId: z.string().max(200).optional(),
    }),
    answer: pageOf(proposal),
  }),
  readProposal: operation({
    method: 'get',
    path: '/proposals/{id}',
    access: people(),
    tags,
    summary: 'One change with what it was before and what it would be',
    params,
    answer: proposal,
    problems: ['not-found'],
    versionedBy: 'version',
  }),
  approveProposal: operation({
    method: 'post',
    path: '/proposals/{id}/approval',
    access: people(),
    tags,
    summary: 'Approve a change as a second person, which brings it into force',
    description:
      'Needs the role of the operation that it carries out. If what it would change has changed since it was proposed, the answer is 412.',
    params,
    body: z.object({ reason: reason.optional() }).meta({ id: 'ProposalApproval', example: {} }),
    answer: proposal,
    problems: ['not-found', 'conflict', 'second-person-needed'],
    versionedBy: 'version',
    recent: true,
  }),
  rejectProposal: operation({
    method: 'post',
    path: '/proposals/{id}/rejection',
    access: people(),
    tags,
    summary: 'Reject a change, with the reason for the person who proposed it',
    params,
    body: z
      .object({ reason })
      .meta({ id: 'ProposalRejection', example: { reason: 'The address is not on file for this FSP.' } }),
    answer: proposal,
    problems: ['not-found', 'conflict', 'second-person-needed'],
    versionedBy: 'version',
    recent: true,
  }),
  withdrawProposal: operation({
    method: 'post',
    path: '/proposals/{id}/withdrawal',
    access: people(),
    tags,
    summary: 'Withdraw a change that you proposed',
    params,
    answer: proposal,
    problems: ['not-found', 'conflict'],
    versionedBy: 'version',
  }),
}
