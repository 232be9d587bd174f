import { z } from 'zod'
import { people } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { direction, instant, price, product, turnDownW, uuid } from '../vocabulary/units.ts'
import { deliveryState } from './delivery.ts'

/** A quarter-hour of reserve, W in the direction of what falls short. */
const reservePeriod = z.object({ from: instant, turnDownW })

/** What is missing of an instruction in a quarter-hour ahead. */
export const missingPeriod = z
  .object({
    from: instant,
    /** Less what reserve issued for it already gives. */
    missingW: turnDownW,
    /** What the proposed FUs would give. It is more than is missing where an FU gives no less. */
    proposedW: turnDownW,
  })
  .meta({ id: 'MissingPeriod' })

/** What an FU could give in addition to what it is to do anyway. */
export const reserveOffer = z
  .object({
    fuId: uuid,
    fuName: z.string(),
    fspId: uuid,
    nodeId: z.string(),
    product,
    /** The dearest of its quarter-hours here. */
    priceGbpPerMwh: price,
    /** Whether it is needed, if the cheapest are taken first. */
    isProposed: z.boolean(),
    /** What it would be asked for in addition: its part if it is proposed, otherwise as if nothing else were issued. */
    periods: z.array(reservePeriod),
    /** The share of its energy that comes back later, where its FSP states one. */
    reboundShare: z.number().nullable(),
  })
  .meta({ id: 'ReserveOffer' })
export type ReserveOffer = z.infer<typeof reserveOffer>

/** Why an FU behind the node offers nothing in the quarter-hours in question. */
export const noReserveReason = z.enum([
  'not-contracted',
  'other-direction',
  'stopped',
  'out-of-service',
  'fsp-unreachable',
  'falls-short',
  'too-little-notice',
  'not-available',
  'already-asked',
  'site-limit',
  'run-limits',
])
export type NoReserveReason = z.infer<typeof noReserveReason>

export const withoutReserve = z
  .object({ fuId: uuid, fuName: z.string(), reason: noReserveReason, detail: z.string() })
  .meta({ id: 'WithoutReserve' })
export type WithoutReserve = z.infer<typeof withoutReserve>

/** Reserve that was issued for an FU that falls short. */
export const issuedReserve = z
  .object({
    reserveId: uuid,
    fuId: uuid,
    nodeId: z.string(),
    issuedAt: instant,
    issuedBy: z.string(),
    units: z.array(z.object({ fuId: uuid, fuName: z.string(), periods: z.array(reservePeriod) })),
    /** How many instructions were planned for it. */
    instructions: z.number().int(),
  })
  .meta({ id: 'IssuedReserve' })
export type IssuedReserve = z.infer<typeof issuedReserve>

export const reserveSituation = z
  .object({
    /** Changes with the offer: what is issued is what somebody has seen. */
    version: z.string(),
    fuId: uuid,
    fuName: z.string(),
    direction,
    /** The node whose FUs are looked at, and all that may be asked for: the FU’s own and those above it. */
    nodeId: z.string(),
    nodes: z.array(z.object({ nodeId: z.string(), name: z.string() })),
    /** Where it is not seen, all of it is taken to be missing. */
    state: deliveryState,
    instructedNowW: turnDownW,
    /** As last measured; `null` if it is not known. */
    deliveredW: turnDownW.nullable(),
    /** The quarter-hours ahead in which the FU is to go on, to the end of the trading day at most. */
    missing: z.array(missingPeriod),
    /** The cheapest first. */
    offers: z.array(reserveOffer),
    without: z.array(withoutReserve),
    issued: z.array(issuedReserve),
  })
  .meta({ id: 'ReserveSituation' })
export type ReserveSituation = z.infer<typeof reserveSituation>

const nodeId = z.string().min(1).max(100)

/** The FUs whose reserve to issue: in the order of the offer, each as far as something is still missing. */
export const reserveOrder = z
  .object({
    nodeId,
    fuIds: z.array(uuid).min(1).max(500),
    /** Of the offer that was read. */
    version: z.string().min(1).max(100),
  })
  .meta({
    id: 'ReserveOrder',
    example: {
      nodeId: 'sec-7',
      fuIds: ['1f0c1d1e-6f0e-4b7e-9a53-0d6a1f3c2b10'],
      version: '9f86d081884c7d65',
    },
  })

const params = z.object({ fuId: uuid.meta({ description: 'An FU that GET /dispatch/delivery lists.' }) })
const tags = ['Dispatch']

/** Reserve for what an FU does not deliver, while there is time. */
export const reserveOperations = {
  readReserve: operation({
    method: 'get',
    path: '/dispatch/delivery/{fuId}/reserve',
    access: people(),
    tags,
    summary: 'What is missing of the instruction of an FU, and which other FUs could make it good',
    params,
    query: z.object({ nodeId: nodeId.optional() }),
    answer: reserveSituation,
    problems: ['not-found', 'conflict'],
  }),
  issueReserve: operation({
    method: 'post',
    path: '/dispatch/delivery/{fuId}/reserve',
    access: people('flexibility-engineer'),
    tags,
    summary: 'Issue the reserve of chosen FUs for what an FU does not deliver',
    params,
    body: reserveOrder,
    answer: issuedReserve,
    problems: ['not-found', 'conflict', 'changed-meanwhile'],
    idempotent: true,
  }),
}
