import { Money } from '../../../../schemas/vocabulary/money.ts'

/** The site of an FU in a quarter-hour. Energies in Wh. */
export interface SiteQuarter {
  /** What the connection's agreed limit allows. */
  limitWh: number
  /** Measured load of the site without its FUs; `null` if the site has no meter. */
  restWh: number | null
  /** Sum of the baselines of its FUs, this one included. */
  baselinesWh: number
}

/**
 * What the limit leaves of an FU's baseline, Wh to 0.001: the rest of the site takes its load first, and what then remains under the
 * limit is shared among the FUs by their baselines (domain section 12, double-pay guard). Without a meter for the site the rest counts as
 * nothing.
 */
export function shareOfLimit({ limitWh, restWh, baselinesWh }: SiteQuarter, baselineWh: number): number {
  const roomWh = Money.max(0, new Money(limitWh).minus(restWh ?? 0))
  if (baselineWh <= 0 || baselinesWh <= baselineWh) return roomWh.toDecimalPlaces(3).toNumber()
  return roomWh.times(baselineWh).div(baselinesWh).toDecimalPlaces(3).toNumber()
}
