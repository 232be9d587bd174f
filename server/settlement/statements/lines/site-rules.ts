import { Money } from '../../../../schemas/vocabulary/money.ts'

/** The site of an FU in a quarter-hour. Energies in Wh. */
export interface SiteQuarter {
  /** What the connection's agreed import limit allows; `null` where none is agreed. */
  limitWh: number | null
  /** Measured load of the site without its FUs; `null` if the site has no meter. */
  restWh: number | null
  /** Sum of the baselines of its FUs, this one included; an export counts for turn-up only. */
  baselinesWh: number
  /** For turn-up: what its FUs accepted of it, this one included. */
  turnUpWh?: number
  /** For turn-down where an export capacity is stated. */
  export?: ExportQuarter
}

/** The export limit of the site of an FU that is turned down, in a quarter-hour. Energies in Wh. */
export interface ExportQuarter {
  /** What may be exported. */
  limitWh: number
  /** Sum of the baselines of its FUs, this one included, exports as such. */
  baselinesWh: number
  /** What its FUs accepted of turn-down, this one included. */
  turnDownWh: number
  /** On a line: the least net import that the limit leaves this FU; `null` if the rest of the site is not measured. */
  leastImportWh?: number | null
}

/**
 * What the limit leaves of an FU's baseline, Wh to 0.001: the rest of the site takes its load first, and what then remains under the
 * limit is shared among the FUs by their baselines (domain section 12, double-pay guard). Without a meter for the site the rest counts as
 * nothing.
 */
export function shareOfLimit({ limitWh, restWh, baselinesWh }: SiteQuarter, baselineWh: number): number | null {
  if (limitWh === null) return null
  const roomWh = Money.max(0, new Money(limitWh).minus(restWh ?? 0))
  if (baselineWh <= 0 || baselinesWh <= baselineWh) return roomWh.toDecimalPlaces(3).toNumber()
  return roomWh.times(baselineWh).div(baselinesWh).toDecimalPlaces(3).toNumber()
}

/**
 * What an FU that is turned up may import under the limit, Wh to 0.001: its baseline, and its share of the room that the limit leaves above
 * the rest of the site and all baselines, by what was accepted of each FU's turn-up (decision 44).
 */
export function importUnderLimit(
  { limitWh, restWh, baselinesWh, turnUpWh = 0 }: SiteQuarter,
  baselineWh: number,
  acceptedWh: number,
): number | null {
  if (limitWh === null) return null
  const roomWh = Money.max(0, new Money(limitWh).minus(restWh ?? 0).minus(baselinesWh))
  const share = turnUpWh > acceptedWh ? roomWh.times(acceptedWh).div(turnUpWh) : roomWh
  return share.plus(baselineWh).toDecimalPlaces(3).toNumber()
}

/**
 * What an FU that is turned down may import at least under the export limit, Wh to 0.001, below 0 an export: its baseline less its share of
 * the room that all baselines and the rest of the site leave above the limit, by what was accepted of each FU's turn-down (decision 63).
 * `null` where the rest of the site is not measured: nobody can say then that the limit was passed.
 */
export function leastUnderExportLimit(
  { restWh, export: own }: SiteQuarter,
  baselineWh: number,
  acceptedWh: number,
): number | null {
  if (!own || restWh === null) return null
  const roomWh = Money.max(0, new Money(own.limitWh).plus(restWh).plus(own.baselinesWh))
  const share = own.turnDownWh > acceptedWh ? roomWh.times(acceptedWh).div(own.turnDownWh) : roomWh
  return new Money(baselineWh).minus(share).toDecimalPlaces(3).toNumber()
}
