import { z } from 'zod'
import { fsps, people, readers } from '../vocabulary/access.ts'
import { nothing, operation } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import { instant, instantOrNull, product, signedTurnDownW, tradingDay, uuid } from '../vocabulary/units.ts'
import { sendingAttempt, sendingState } from './sending.ts'

/**
 * A span of time and the turn-down from baseline required in it; a negative one is a turn-up. 0 W ends either at `from`, not on receipt
 * (E2EPA009).
 */
export const instructionInterval = z
  .object({ from: instant, to: instant, turnDownW: signedTurnDownW })
  .refine((i) => Date.parse(i.from) < Date.parse(i.to), { path: ['to'], message: 'must be later than from' })
  .meta({ id: 'InstructionInterval' })
export type InstructionInterval = z.infer<typeof instructionInterval>

/** A turn-down, or a turn-up as a negative one, that was in force for some seconds, or would have been: what instructed energy is made up of. */
export const instructedTurnDown = z
  .object({
    instructionId: uuid,
    from: instant,
    to: instant,
    turnDownW: signedTurnDownW,
    /** `refused`: for a reason of the FSP's own. `undelivered`: the FSP's end failed. */
    outcome: z.enum(['accepted', 'refused', 'undelivered']),
  })
  .meta({ id: 'InstructedTurnDown' })
export type InstructedTurnDown = z.infer<typeof instructedTurnDown>

/** What the DNO tells an FSP to do with one FU. `instructionId` is also the idempotency key: a repeat has no further effect. */
export const instruction = z
  .object({
    instructionId: uuid,
    fuId: uuid,
    product,
    intervals: z.array(instructionInterval).min(1).max(200),
    issuedAt: instant,
    /** The instruction must not be started after this instant. */
    expiresAt: instant,
    onExpiry: z.enum(['end', 'hold', 'fail-safe']),
    /** An earlier instruction for the same FU that this one replaces, whether or not it arrived. */
    supersedes: uuid.optional(),
  })
  .meta({
    id: 'Instruction',
    example: {
      instructionId: '0b6f3a52-3d51-4f0e-8a0c-6f1d2c3b4a59',
      fuId: '5f0c1d1e-6f0e-4b7e-9a53-0d6a1f3c2b10',
      product: 'A',
      onExpiry: 'end',
      intervals: [{ from: '2026-01-15T17:00:00Z', to: '2026-01-15T17:15:00Z', turnDownW: 40_000 }],
      issuedAt: '2026-01-15T16:30:00Z',
      expiresAt: '2026-01-15T17:00:00Z',
    },
  })
export type Instruction = z.infer<typeof instruction>

/** Why an FSP refuses an instruction. */
export const refusalReason = z.enum([
  'unknown-unit',
  'outside-window',
  'out-of-service',
  'exceeds-availability',
  'expired',
  'malformed',
])
export type RefusalReason = z.infer<typeof refusalReason>

/** The FSP's answer to an instruction. */
export const instructionAnswer = z
  .discriminatedUnion('outcome', [
    z.object({ instructionId: uuid, outcome: z.literal('accepted') }),
    z.object({
      instructionId: uuid,
      outcome: z.literal('refused'),
      reason: refusalReason,
      detail: z.string().optional(),
    }),
  ])
  .meta({
    id: 'InstructionAnswer',
    example: {
      instructionId: '0b6f3a52-3d51-4f0e-8a0c-6f1d2c3b4a59',
      outcome: 'refused',
      reason: 'outside-window',
      detail: 'The contract has no window from 17:00.',
    },
  })
export type InstructionAnswer = z.infer<typeof instructionAnswer>

/** What an FSP reports later about an instruction that it accepted. */
export const instructionStatus = z
  .object({
    instructionId: uuid,
    status: z.enum(['started', 'delivering', 'ended', 'failed']),
    at: instant,
    detail: z.string().max(500).optional(),
  })
  .meta({
    id: 'InstructionStatus',
    example: {
      instructionId: '0b6f3a52-3d51-4f0e-8a0c-6f1d2c3b4a59',
      status: 'started',
      at: '2026-01-15T17:00:00Z',
    },
  })
export type InstructionStatus = z.infer<typeof instructionStatus>

/** Life of an instruction on the DNO's side (domain section 4). */
export const instructionState = z.enum([...sendingState.options, 'ended'])
export type InstructionState = z.infer<typeof instructionState>

/** An instruction as the DNO records it. */
export const instructionSummary = z
  .object({
    instructionId: uuid,
    fuId: uuid,
    fspId: uuid,
    product,
    intervals: z.array(instructionInterval),
    state: instructionState,
    /** Counts the instructions for the same FU, product and start; each replaces the one before. */
    revision: z.number().int().min(1),
    supersedes: uuid.nullable(),
    scheduleKind: z.enum(['manual', 'optimised']),
    scheduleVersion: z.number().int(),
    plannedAt: instant,
    issuedAt: instantOrNull,
    answeredAt: instantOrNull,
    acknowledgedAt: instantOrNull,
    expiresAt: instant,
    reason: z.string().nullable(),
    /** Why it asks for less than its schedule does: a limit of the site leaves less room; `null` where it asks for the same. */
    cutBecause: z.string().nullable().optional(),
  })
  .meta({ id: 'InstructionSummary' })
export type InstructionSummary = z.infer<typeof instructionSummary>

/** With every sending, question and confirmation, and every report of the FSP: the evidence in a dispute. */
export const instructionRecord = instructionSummary
  .extend({
    attempts: z.array(sendingAttempt.extend({ action: z.enum(['send', 'ask', 'confirm']) })),
    reports: z.array(z.object({ status: instructionStatus.shape.status, at: instant, detail: z.string().nullable() })),
  })
  .meta({ id: 'InstructionRecord' })

/** What a person records of an FSP's answer received by e-mail or telephone (FB08). */
export const instructionConfirmation = z
  .discriminatedUnion('outcome', [
    z.object({ outcome: z.literal('accepted'), note: z.string().min(3).max(500) }),
    z.object({ outcome: z.literal('refused'), reason: refusalReason, note: z.string().min(3).max(500) }),
  ])
  .meta({ id: 'InstructionConfirmation' })

const idParams = z.object({ id: uuid })
const tags = ['Instructions']

/** Instructions as issued, what FSPs report about them, and what they answered by other means. */
export const instructionOperations = {
  listInstructions: operation({
    method: 'get',
    path: '/instructions',
    access: readers,
    tags,
    summary: 'Instructions whose windows start on a day; today by default. An FSP sees its own',
    query: pageQuery(1_000).extend({
      day: tradingDay.optional(),
      product: product.optional(),
      fuId: uuid.optional(),
      state: instructionState.optional(),
    }),
    answer: pageOf(instructionSummary),
  }),
  readInstruction: operation({
    method: 'get',
    path: '/instructions/{id}',
    access: readers,
    tags,
    summary: 'One instruction with every sending, question and report',
    params: idParams,
    answer: instructionRecord,
    problems: ['not-found'],
  }),
  reportOnInstruction: operation({
    method: 'post',
    path: '/instruction-reports',
    access: fsps('market'),
    tags,
    summary: 'Report on an instruction that was accepted',
    body: instructionStatus,
    answer: nothing,
    problems: ['not-found'],
  }),
  confirmInstruction: operation({
    method: 'post',
    path: '/instructions/{id}/confirmation',
    access: people('flexibility-engineer'),
    tags,
    summary: 'Record what an FSP answered by e-mail or telephone',
    params: idParams,
    body: instructionConfirmation,
    answer: instructionSummary,
    problems: ['not-found', 'conflict'],
  }),
}
