import { chanceOf, quantileOf, type Spread, spreadOf } from './spread.ts'

/** What a site is expected to draw in a quarter-hour, and how much of it could be put off, W. */
export interface Availability {
  fromMs: number
  loadW: Spread
  turnDownW: Spread
  /** The chance that the lower figure of what could be put off is there, from 0 to 1. */
  confidence: number
  /** Comparable quarter-hours behind it. */
  days: number
  /** What could have been put off on each of these, W, ascending. */
  samplesW: readonly number[]
}

/** Past quarter-hours that are comparable with one ahead. */
export interface Comparable {
  fromMs: number
  /** What was drawn in each, W. */
  pastW: readonly number[]
  /** The share of it that can be put off, from 0 to 1. */
  share: number
  /** By how much the present day is above or below its likes; 1 for as usual. */
  factor: number
}

/** The availability of a quarter-hour; `null` without a comparable one. */
export function availabilityOf({ fromMs, pastW, share, factor }: Comparable): Availability | null {
  const loads = pastW.map((watt) => Math.max(0, watt) * factor)
  const samplesW = loads.map((watt) => watt * share).sort((a, b) => a - b)
  const [loadW, turnDownW] = [spreadOf(loads), spreadOf(samplesW)]
  if (!loadW || !turnDownW) return null
  return { fromMs, loadW, turnDownW, confidence: chanceOf(samplesW, turnDownW.p10), days: samplesW.length, samplesW }
}

/** What can be promised with the chance 1 − `share` on comparable days, W; 0 without any. */
export function promisedW(samplesW: readonly number[], share: number): number {
  return samplesW.length === 0 ? 0 : quantileOf(samplesW, share)
}

/** How far a day may be taken to differ from its likes: a meter that failed for an hour is no forecast. */
const mostFactor = 2
/** How long the morning speaks for the rest of the day: the difference fades to nothing in so many ms. */
const fadesMs = 6 * 3_600_000

/** Energy below this says nothing of a ratio, Wh. */
const leastWh = 1_000

/**
 * By how much quarter-hours ahead are above or below usual, as the last hours were: fading with time. Revises a forecast in the day (K4).
 * @param actualWh what was drawn in the last hours; `expectedWh` what was forecast for the same.
 */
export function dayFactor(given: { actualWh: number; expectedWh: number; aheadMs: number }): number {
  const { actualWh, expectedWh, aheadMs } = given
  if (expectedWh < leastWh) return 1
  const ratio = Math.min(mostFactor, Math.max(1 / mostFactor, actualWh / expectedWh))
  return 1 + (ratio - 1) * Math.max(0, 1 - Math.max(0, aheadMs) / fadesMs)
}

/**
 * By how much the charging of a night differs from usual because of the runs that are scheduled after it.
 * @param scheduledWh what the vehicles' schedules need on the day after; `usualWh` the same for the days that it is compared with.
 */
export function scheduleFactor(scheduledWh: number, usualWh: readonly number[]): number {
  const mean = usualWh.length === 0 ? 0 : usualWh.reduce((sum, each) => sum + each, 0) / usualWh.length
  if (mean < leastWh) return 1
  return Math.min(mostFactor, scheduledWh / mean)
}
