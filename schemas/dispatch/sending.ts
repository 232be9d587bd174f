import { z } from 'zod'
import { instant } from '../vocabulary/units.ts'

/**
 * States of whatever the DNO sends to an FSP, on the DNO's side; each kind adds how it ends. `unknown`: the FSP may or may not have
 * received it.
 */
export const sendingState = z.enum(['planned', 'sent', 'acknowledged', 'refused', 'unknown', 'superseded', 'expired'])

/** One sending, and its outcome. */
export const sendingAttempt = z.object({ attempt: z.number().int(), at: instant, outcome: z.string() })
