import { z } from 'zod'
import { people } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { instant, instantOrNull, powerW, signedTurnDownW, turnDownW, uuid } from '../vocabulary/units.ts'

/**
 * What delivery is seen by while it runs. `hub`: the monitor of the connection that is the whole FU; `fu`: live readings of the FU;
 * `ders`: the sum of live readings of all its DERs.
 */
export const deliverySource = z.enum(['hub', 'fu', 'ders'])
export type DeliverySource = z.infer<typeof deliverySource>

/** Delivery in a quarter-hour, as far as it has run. What is not known is `null`, never 0. */
export const deliveryPeriod = z
  .object({
    from: instant,
    /** The end of the quarter-hour, or the time of the answer inside it. */
    to: instant,
    /**
     * Mean turn-down instructed at the instants that were seen, negative for a turn-up; without them, the largest of the quarter-hour.
     */
    instructedW: signedTurnDownW,
    /** Import without the instruction: the FSP’s baseline of the day, otherwise the forecast of the FU. */
    expectedW: powerW.nullable(),
    /** Mean import seen while something was instructed; `null` if not seen. */
    seenW: powerW.nullable(),
    source: deliverySource.nullable(),
    /** When it was last seen in this quarter-hour. */
    seenAt: instantOrNull,
    /** Expected less seen import; negative where it is more, as under a turn-up. */
    deliveredW: z.number().nullable(),
    /** Delivered share of what was instructed; below 0 where the import moved the other way. */
    fraction: z.number().nullable(),
  })
  .meta({ id: 'DeliveryPeriod' })
export type DeliveryPeriod = z.infer<typeof deliveryPeriod>

/**
 * What is known of the delivery of an instruction that runs. `short`: less than instructed was measured. `not-seen`: nothing could be judged
 * for as long as raises an alarm. `delivered`: what was measured is enough. `not-judged`: it runs too short a time.
 */
export const deliveryState = z.enum(['short', 'not-seen', 'delivered', 'not-judged'])
export type DeliveryState = z.infer<typeof deliveryState>

/** How an FU follows its turn-down or turn-up, over all products. */
export const deliverySeen = z
  .object({
    fuId: uuid,
    fuName: z.string(),
    fspId: uuid,
    /** `null` for an FU over many connections. */
    connectionId: uuid.nullable(),
    /** Turn-down instructed now, negative for a turn-up; 0 after its end. */
    instructedNowW: signedTurnDownW,
    /** By the quarter-hours of the running instruction that are complete; `null` after its end. */
    state: deliveryState.nullable(),
    /** W of magnitude, as last measured in them; `null` if it is not known, and after the end. */
    deliveredNowW: turnDownW.nullable(),
    /** The quarter-hours with a turn-down or a turn-up, the earliest first. */
    periods: z.array(deliveryPeriod),
  })
  .meta({ id: 'DeliverySeen' })
export type DeliverySeen = z.infer<typeof deliverySeen>

/** Delivery as the DNO sees it while it runs: for watching, never for settlement. */
export const deliveryOperations = {
  listDeliverySeen: operation({
    method: 'get',
    path: '/dispatch/delivery',
    access: people(),
    tags: ['Dispatch'],
    summary: 'Delivery seen so far of turn-downs that run or ended lately',
    query: z.object({ hours: z.coerce.number().int().min(1).max(24).default(2) }),
    answer: z.object({ at: instant, units: z.array(deliverySeen) }).meta({ id: 'DeliverySeenNow' }),
  }),
}
