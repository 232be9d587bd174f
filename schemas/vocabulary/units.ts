import { z } from 'zod'

/** An instant, ISO 8601 with offset; stored and answered in UTC. */
export const instant = z.iso
  .datetime({ offset: true, error: 'must be an instant such as 2026-01-15T17:00:00Z' })
  .max(40)

/** A trading day: a local date in Europe/London, `YYYY-MM-DD`. */
export const tradingDay = z.iso.date({ error: 'must be a date such as 2026-01-15' })

/** A calendar month, `YYYY-MM`. */
export const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'must be a month such as 2026-01')

export const weekday = z.enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'])
export type Weekday = z.infer<typeof weekday>

/** The local time at which a quarter-hour starts. */
export const quarterHourTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):(00|15|30|45)$/, 'must be a quarter-hour of local time such as 17:30')

/** The local time at which a quarter-hour ends; the last of a day ends at 24:00. */
export const quarterHourEnd = z
  .string()
  .regex(/^([01]\d|2[0-3]):(00|15|30|45)$|^24:00$/, 'must be a quarter-hour of local time such as 17:30, or 24:00')

/** Power in W; import is positive. Limited to 1 GW, so that a kW/W or sign mistake is caught on input (FM13). */
export const powerW = z.number().min(-1e9).max(1e9)

/** A turn-down in W: never negative. Where a direction stands beside it, it is the magnitude in that direction. */
export const turnDownW = z.number().min(0).max(1e9)

/**
 * Which way an FU moves the net import at its connections: `turn-down` is less of it, which includes more export; `turn-up` is more of it,
 * which includes less export (decision 44).
 */
export const direction = z.enum(['turn-down', 'turn-up'])
export type Direction = z.infer<typeof direction>

/** A direction on the wire: one that is absent is a turn-down. */
export const directionOrTurnDown = direction
  .default('turn-down')
  .describe('turn-down: less net import, or more export. turn-up: more net import, or less export.')

/** What is instructed or asked for, W: a turn-down; negative for a turn-up. */
export const signedTurnDownW = z
  .number()
  .min(-1e9)
  .max(1e9)
  .describe('Turn-down in W; a negative value turns up: more net import, or less export.')

/** The sign that a magnitude in a direction has as a turn-down. */
export function signOf(way: Direction): 1 | -1 {
  return way === 'turn-up' ? -1 : 1
}

/** The direction of a turn-down, W: a negative one is a turn-up. */
export function directionOf(turnDownW: number): Direction {
  return turnDownW < 0 ? 'turn-up' : 'turn-down'
}

/** Energy in Wh over one period. */
export const energyWh = z.number().min(-1e12).max(1e12)

/** Energy in a quarter-hour below which a load counts as none, because a ratio to it is meaningless, Wh. */
export const noLoadWh = 1

/** A price in £/MWh (utilisation) or £/MW/h (availability), as a decimal string: money is never binary floating point. */
export const price = z
  .string()
  .regex(/^\d{1,7}(\.\d{1,4})?$/, 'must be a price such as "95.50", with at most four decimals')
  .meta({ example: '95.50' })

/** An amount in £ to the penny, as a decimal string; negative for a charge. */
export const amountGbp = z.string().regex(/^-?\d+\.\d{2}$/)

/** Length of the periods in a schedule or meter series. */
export const resolution = z.enum(['PT15M', 'PT30M'])
export type Resolution = z.infer<typeof resolution>

/** Minutes in one period of a resolution. */
export const resolutionMinutes: Record<Resolution, number> = { PT15M: 15, PT30M: 30 }

/** The short name of a flexibility product (domain section 4), such as `A`; which products there are is data (market/products.ts). */
export const product = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9-]{0,15}$/, 'must be the short name of a product such as A or OU-DA')
  .meta({ example: 'A' })
export type Product = z.infer<typeof product>

export const uuid = z.uuid()

export const instantOrNull = instant.nullable()

/** A meter point's number: 13 digits. */
export const mpan = z.string().regex(/^\d{13}$/, 'must be the 13 digits of an MPAN')
