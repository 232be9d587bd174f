import type { ResponseOutcome } from '../../../schemas/fsp/vans.ts'

/** How a charge point followed a turn-down. */
export interface Response {
  outcome: ResponseOutcome
  /** What it was asked to leave of what it would have drawn, and drew of that all the same, Wh. */
  expectedWh: number
  drawnWh: number
}

/**
 * What is expected before anything has been observed, and how many Wh of observation weigh as much: about three quarters of the charge
 * points of the trial held back as asked (report 2.4.3).
 */
export const prior = { share: 0.75, weightWh: 20_000 }

/** How a unit has followed turn-downs, with the figures behind it. */
export interface Reliability {
  /** From 0 to 1: the share of what was expected to be held back that was. */
  share: number
  windows: number
  responses: number
  expectedWh: number
  heldBackWh: number
  byOutcome: Partial<Record<ResponseOutcome, number>>
}

/**
 * A unit's reliability: of the energy that its vans would have drawn in past windows, the part that they did not, with the prior added. A
 * van that came later than expected, or asked for a charge at once, lowers it by what it weighed.
 */
export function reliabilityOf(responses: readonly (Response & { windowFromMs: number })[]): Reliability {
  const [expectedWh, heldBackWh] = responses.reduce(
    ([expected, held], { expectedWh: wh, drawnWh }) => [expected + wh, held + Math.min(wh, Math.max(0, wh - drawnWh))],
    [0, 0],
  )
  const byOutcome: Reliability['byOutcome'] = {}
  for (const { outcome } of responses) byOutcome[outcome] = (byOutcome[outcome] ?? 0) + 1
  return {
    share: (heldBackWh + prior.share * prior.weightWh) / (expectedWh + prior.weightWh),
    windows: new Set(responses.map(({ windowFromMs }) => windowFromMs)).size,
    responses: responses.length,
    expectedWh,
    heldBackWh,
    byOutcome,
  }
}

/** What may be offered of what a unit could do, W: derated by its reliability, in whole steps. */
export function deratedW(turnDownW: number, share: number, stepW: number): number {
  return Math.floor((turnDownW * share) / stepW) * stepW
}
