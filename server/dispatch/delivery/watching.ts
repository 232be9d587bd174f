import type { DeliveryPeriod, DeliveryState } from '../../../schemas/dispatch/delivery.ts'
import type { deliveryWatchSettings } from '../../../schemas/settings/dispatch.ts'
import type { ValuesOf } from '../../../schemas/vocabulary/setting.ts'
import { type Asked, askedAt } from './rules.ts'

/** The figures of the watch in force. */
export type WatchFigures = ValuesOf<typeof deliveryWatchSettings>

/**
 * What a quarter-hour says of an instruction: it was delivered; less than instructed was measured; nothing was measured; or something was
 * measured, and nobody has stated what would have been imported otherwise.
 */
export type Verdict = 'delivered' | 'short' | 'unseen' | 'unexpected'

export function verdictOf(
  { fraction, seenW }: Pick<DeliveryPeriod, 'fraction' | 'seenW'>,
  { toleranceShare }: Pick<WatchFigures, 'toleranceShare'>,
): Verdict {
  if (seenW === null) return 'unseen'
  if (fraction === null) return 'unexpected'
  // A billionth for the rounding of a mean: what is exactly at the border is delivered.
  return fraction >= 1 - toleranceShare - 1e-9 ? 'delivered' : 'short'
}

/** What is missing of an instruction, as last measured. */
export interface Shortfall {
  period: DeliveryPeriod
  /** W of magnitude: nothing less than none is delivered. */
  deliveredW: number
  missingW: number
}

/** What the watch makes of an FU: whether each alarm is to be raised, is to clear, or stays as it is. */
export interface Watch {
  short: Shortfall | 'clear' | 'keep'
  notSeen: { unexpected: boolean } | 'clear' | 'keep'
}

const over: Watch = { short: 'clear', notSeen: 'clear' }

/**
 * Judges the quarter-hours of the running instruction of an FU that are complete (D11). Too little, or nothing that can be judged, in the
 * last few in a row is an alarm; the first that was delivered clears it, and so does the end. One that was measured as too little is not
 * taken back because measurements stop.
 * @param periods in order, all complete; those before a gap or a change of direction belong to an earlier run.
 * @param instructedNowW 0 after the end, or after a stop.
 */
export function watchOf(periods: readonly DeliveryPeriod[], instructedNowW: number, figures: WatchFigures): Watch {
  if (Math.abs(instructedNowW) < Math.max(1, figures.leastW)) return over
  const last = lastRun(periods, Math.sign(instructedNowW)).slice(-figures.periods)
  const verdicts = last.map((period) => verdictOf(period, figures))
  if (last.length < figures.periods || verdicts.at(-1) === 'delivered') return over
  const shortfall = last.flatMap((period, i) => (verdicts[i] === 'short' ? [shortfallOf(period)] : [])).at(-1)
  const isBlind = verdicts.every((verdict) => verdict === 'unseen' || verdict === 'unexpected')
  const mayBeShort = !verdicts.includes('delivered') && shortfall !== undefined
  return {
    short: mayBeShort ? shortfall : 'keep',
    notSeen: isBlind
      ? { unexpected: verdicts.at(-1) === 'unexpected' }
      : verdicts.at(-1) === 'short'
        ? 'clear'
        : 'keep',
  }
}

/** What was missing in a quarter-hour of which delivery is known. */
export function shortfallOf(period: DeliveryPeriod): Shortfall {
  const way = Math.sign(period.instructedW)
  const deliveredW = Math.max(0, way * (period.deliveredW ?? 0))
  return { period, deliveredW, missingW: Math.max(0, Math.abs(period.instructedW) - deliveredW) }
}

/**
 * What is known of the delivery of the running instruction by its complete quarter-hours: as last measured, within as many as raise an
 * alarm. Where nothing can be judged in all of these, nothing is taken to be delivered.
 */
export function knownDelivery(
  periods: readonly DeliveryPeriod[],
  instructedNowW: number,
  figures: WatchFigures,
): { state: DeliveryState; deliveredW: number | null } {
  const last = lastRun(periods, Math.sign(instructedNowW)).slice(-figures.periods)
  const known = last.findLast((period) => period.fraction !== null)
  if (!known) return { state: last.length < figures.periods ? 'not-judged' : 'not-seen', deliveredW: null }
  const state = verdictOf(known, figures) === 'short' ? 'short' : 'delivered'
  return { state, deliveredW: Math.round(shortfallOf(known).deliveredW) }
}

/** The quarter-hours that follow each other without a gap up to the last, in one direction. */
function lastRun(periods: readonly DeliveryPeriod[], way: number): DeliveryPeriod[] {
  const start = periods.findLastIndex(
    (period, i) =>
      Math.sign(period.instructedW) !== way || (i + 1 < periods.length && period.to !== periods[i + 1]?.from),
  )
  return periods.slice(start + 1)
}

/** When what is asked now ends, or turns the other way, ms. */
export function runEndMs(asked: readonly Asked[], nowMs: number): number {
  const way = Math.sign(askedAt(asked, nowMs))
  const edges = [...new Set(asked.flatMap((each) => [each.fromMs, each.toMs]))].sort((a, b) => a - b)
  return edges.find((ms) => ms > nowMs && Math.sign(askedAt(asked, ms)) !== way) ?? nowMs
}
