import { type Horizon, reachableWh, type Stay } from './stays.ts'

/** What a unit can do, by period. Cumulative energies are at the end of the period, Wh. */
export interface Envelope {
  /** Everybody charges as soon as possible: more than this has nobody drawn by then. */
  mostWh: Float64Array
  /** Everybody charges as late as possible: less than this leaves somebody without what they need. */
  leastWh: Float64Array
  /** The sum of what is plugged in, W. */
  mostW: Float64Array
  /** What is drawn if nobody is held back, W. */
  soonestW: Float64Array
}

/**
 * The flexibility of vehicles taken together (report section 2.4.1, aggregate and dispatch): any way of charging them lies between the two
 * curves of cumulative energy and below the power. The converse holds for a power that `ChargingFlow` finds a way for.
 */
export function envelopeOf(stays: readonly Stay[], horizon: Horizon): Envelope {
  const { periods, periodH } = horizon
  const [mostWh, leastWh, mostW] = [new Float64Array(periods), new Float64Array(periods), new Float64Array(periods)]
  for (const stay of stays) {
    const last = Math.min(stay.leaves, periods)
    const [needWh, stepWh] = [reachableWh(stay, horizon), stay.mostW * periodH]
    // What is due within the horizon: a stay that goes on beyond it may take the rest then.
    const laterWh = Math.max(0, stay.leaves - periods) * stepWh
    for (let t = stay.arrives; t < periods; t++) {
      const [since, until] = [Math.min(t + 1, last) - stay.arrives, stay.leaves - Math.min(t + 1, stay.leaves)]
      if (t < last) mostW[t] = (mostW[t] ?? 0) + stay.mostW
      mostWh[t] = (mostWh[t] ?? 0) + Math.min(needWh, since * stepWh)
      const laterOwnWh = t < last ? until * stepWh : laterWh
      leastWh[t] =
        (leastWh[t] ?? 0) + (stay.isUrgent ? Math.min(needWh, since * stepWh) : Math.max(0, needWh - laterOwnWh))
    }
  }
  const soonestW = mostWh.map((wh, t) => (wh - (t > 0 ? (mostWh[t - 1] ?? 0) : 0)) / periodH)
  return { mostWh, leastWh, mostW, soonestW }
}
