import { z } from 'zod'

/**
 * How a home charge point followed a turn-down: held back as asked; its driver asked for a charge at once; it could not be reached; it drew
 * on though it was told not to; its van did not come or was gone; or there was nothing left to charge.
 */
export const responseOutcome = z.enum(['paused', 'overridden', 'unreachable', 'drew-on', 'absent', 'full'])
export type ResponseOutcome = z.infer<typeof responseOutcome>

/** What became of a bid: it waits, was taken, or lost. */
export const bidOutcome = z.enum(['open', 'accepted', 'lost', 'not-offered'])
export type BidOutcome = z.infer<typeof bidOutcome>
