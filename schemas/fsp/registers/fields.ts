import { z } from 'zod'
import { powerW } from '../../vocabulary/units.ts'

/** The key of an entry: it stands in addresses and files, so it has no slash and no blank at its ends. */
export const registerKey = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[^\s/?#](?:[^/?#]*[^\s/?#])?$/, 'must have no slash, question mark or hash, and no blank at its ends')

/** A name or number that people give. */
export const label = z.string().min(1).max(200)

/** The same where it may be unknown. */
export const labelOrNull = label.nullable()

/** An MPAN: 13 digits. */
export const mpan = z.string().regex(/^\d{13}$/, 'must be an MPAN of 13 digits')

/** A current at a socket, A. */
export const currentA = z.number().min(0).max(500)

/** A phase of the supply; `all`: three. */
export const phase = z.enum(['L1', 'L2', 'L3', 'all'])

/** Import limits by local time, W: steps that cover the whole day. */
export const dailySteps = z
  .array(
    z.object({
      from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a local time such as 16:00'),
      limitW: powerW,
    }),
  )
  .min(1)
  .max(96)
  .refine((steps) => steps[0]?.from === '00:00', 'must begin at 00:00')
  .refine(
    (steps) => steps.every(({ from }, i) => i === 0 || from > (steps[i - 1]?.from ?? '')),
    'must be in order of time',
  )
