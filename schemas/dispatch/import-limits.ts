import { z } from 'zod'
import { people, readers } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import { instant, powerW, uuid } from '../vocabulary/units.ts'
import { sendingAttempt, sendingState } from './sending.ts'

/** A span of time and the largest import allowed to a connection in it. */
export const limitInterval = z
  .object({ from: instant, to: instant, importLimitW: powerW.min(0) })
  .refine((i) => Date.parse(i.from) < Date.parse(i.to), { path: ['to'], message: 'must be later than from' })
  .meta({ id: 'LimitInterval' })
export type LimitInterval = z.infer<typeof limitInterval>

/**
 * What the DNO lets a connection import (domain sections 3 and 11). `limitId` is also the idempotency key. Of several limits for one
 * connection the last issued counts, whichever arrives first. Until `validUntil` its intervals apply, and no limit outside them; after that
 * `failSafeW` applies until another limit arrives. So an FSP that the DNO cannot reach falls to it on its own.
 */
export const limit = z
  .object({
    limitId: uuid,
    connectionId: uuid,
    intervals: z.array(limitInterval).max(200),
    /** Import limit from `validUntil` on, W; `null`: none, the connection is released. */
    failSafeW: powerW.min(0).nullable(),
    issuedAt: instant,
    validUntil: instant,
  })
  .meta({
    id: 'Limit',
    example: {
      limitId: '7c1e2d3f-4a5b-4c6d-8e7f-9a0b1c2d3e4f',
      connectionId: '5f0c1d1e-6f0e-4b7e-9a53-0d6a1f3c2b10',
      intervals: [{ from: '2026-01-15T17:00:00Z', to: '2026-01-15T19:00:00Z', importLimitW: 60_000 }],
      failSafeW: 50_000,
      issuedAt: '2026-01-15T16:55:00Z',
      validUntil: '2026-01-15T19:00:00Z',
    },
  })
export type Limit = z.infer<typeof limit>

/** Why an FSP refuses a limit. `expired`: it arrived after its end, or after a limit issued later. */
export const limitRefusal = z.enum(['unknown-connection', 'expired', 'malformed'])
export type LimitRefusal = z.infer<typeof limitRefusal>

/** The FSP's answer to a limit. */
export const limitAnswer = z
  .discriminatedUnion('outcome', [
    z.object({ limitId: uuid, outcome: z.literal('accepted') }),
    z.object({ limitId: uuid, outcome: z.literal('refused'), reason: limitRefusal, detail: z.string().optional() }),
  ])
  .meta({
    id: 'LimitAnswer',
    example: {
      limitId: '7c1e2d3f-4a5b-4c6d-8e7f-9a0b1c2d3e4f',
      outcome: 'refused',
      reason: 'unknown-connection',
      detail: 'We have no unit at this connection.',
    },
  })
export type LimitAnswer = z.infer<typeof limitAnswer>

/** When a connection's FSPs are sent limits, and the limit they fall to without contact with the DNO. */
export const failSafePolicyForm = z
  .object({
    /** During a breach of the connection its FSPs are limited to `failSafeW`. */
    onBreach: z.boolean(),
    /** Its FSPs always have a limit that the DNO renews: if the link is lost, they fall to `failSafeW` on their own. */
    onLinkLost: z.boolean(),
    failSafeW: powerW.min(0),
    /** How long a limit is valid without renewal; it is renewed at half that time. */
    validMinutes: z.number().int().min(2).max(1_440),
  })
  .meta({ id: 'FailSafePolicyForm' })

export const failSafePolicy = failSafePolicyForm
  .extend({ connectionId: uuid, revision: z.number().int().min(0) })
  .meta({ id: 'FailSafePolicy' })
export type FailSafePolicy = z.infer<typeof failSafePolicy>

/** Why a limit was sent. */
export const limitCause = z.enum(['breach', 'standing', 'release'])
export type LimitCause = z.infer<typeof limitCause>

/** Life of a limit on the DNO's side. `lapsed`: it ended without a successor, so the FSP has fallen to the fail-safe limit. */
export const limitState = z.enum([...sendingState.options, 'lapsed'])
export type LimitState = z.infer<typeof limitState>

/** A limit as the DNO records it, with every sending. */
export const limitRecord = limit
  .extend({
    fspId: uuid,
    cause: limitCause,
    state: limitState,
    acknowledgedAt: instant.nullable(),
    reason: z.string().nullable(),
    attempts: z.array(sendingAttempt),
  })
  .meta({ id: 'LimitRecord' })
export type LimitRecord = z.infer<typeof limitRecord>

/** What a person records of an FSP's answer to a limit sent by e-mail. */
export const limitConfirmation = z.object({ note: z.string().min(3).max(500) }).meta({ id: 'LimitConfirmation' })

const idParams = z.object({ id: uuid })
const tags = ['Fail-safe limits']

/** When FSPs are sent import limits for their connections, and the limits sent. */
export const importLimitOperations = {
  readFailSafePolicy: operation({
    method: 'get',
    path: '/connections/{id}/fail-safe-policy',
    access: people(),
    tags,
    summary: 'When the FSPs at a connection are sent a fail-safe limit',
    params: idParams,
    answer: failSafePolicy,
    problems: ['not-found'],
    versionedBy: 'revision',
  }),
  saveFailSafePolicy: operation({
    method: 'put',
    path: '/connections/{id}/fail-safe-policy',
    access: people('flexibility-engineer', 'operator'),
    tags,
    summary: 'Set when the FSPs at a connection are sent a fail-safe limit',
    params: idParams,
    body: failSafePolicyForm,
    answer: failSafePolicy,
    problems: ['not-found'],
    versionedBy: 'revision',
  }),
  listImportLimits: operation({
    method: 'get',
    path: '/limits',
    access: readers,
    tags,
    summary: 'Import limits sent to FSPs, with every sending, the latest first. An FSP sees its own',
    query: pageQuery().extend({ connectionId: uuid.optional(), state: limitState.optional() }),
    answer: pageOf(limitRecord),
  }),
  readImportLimit: operation({
    method: 'get',
    path: '/limits/{id}',
    access: readers,
    tags,
    summary: 'One import limit with every sending',
    params: idParams,
    answer: limitRecord,
    problems: ['not-found'],
  }),
  confirmImportLimit: operation({
    method: 'post',
    path: '/limits/{id}/confirmation',
    access: people('flexibility-engineer', 'operator'),
    tags,
    summary: 'Record that an FSP accepted a limit sent by e-mail',
    params: idParams,
    body: limitConfirmation,
    answer: limitRecord,
    problems: ['not-found', 'conflict'],
  }),
}
