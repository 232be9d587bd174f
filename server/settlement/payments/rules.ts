import { Money } from '../../../schemas/money.ts'

/**
 * The default scheme (domain section 5): factor 1 down to the grace ratio, then falling `slope` points for each point of delivery below
 * it, and 0 at the floor ratio and under.
 */
export interface GraceAndMultiplier {
  name: 'grace-and-multiplier'
  graceRatio: number
  slope: number
  floorRatio: number
}

export const defaultScheme: GraceAndMultiplier = {
  name: 'grace-and-multiplier',
  graceRatio: 0.95,
  slope: 3,
  floorRatio: 0.63,
}

/** Performance factor of a delivery ratio, between 0 and 1, exact. */
export function performanceFactor(scheme: GraceAndMultiplier, ratio: Money): Money {
  if (ratio.gte(scheme.graceRatio)) return new Money(1)
  if (ratio.lte(scheme.floorRatio)) return new Money(0)
  return Money.max(0, new Money(1).minus(new Money(scheme.graceRatio).minus(ratio).times(scheme.slope)))
}

/** What one quarter-hour of a contract is settled on. Energies in Wh; `null` is missing, not zero. */
export interface PeriodInputs {
  contractedW: number
  /** Turn-down instructed and accepted, W; `null` when nothing was instructed. */
  instructedW: number | null
  baselineWh: number | null
  meteredWh: number | null
  inService: boolean
  /** £/MW/h and £/MWh, decimal strings. */
  availability: string
  utilisation: string
}

export type PaymentFlag = 'no-meter-data' | 'no-baseline' | 'out-of-service'

/** A settled quarter-hour. `amount` is rounded once, to the penny; its two parts are exact and not rounded. */
export interface SettledPeriod {
  deliveredWh: Money
  ratio: Money | null
  factor: Money
  availabilityGbp: Money
  utilisationGbp: Money
  amountGbp: Money
  flags: PaymentFlag[]
}

/** Quarter-hours are what contracts are settled in. */
const hours = new Money('0.25')

/**
 * amount = (availability price × contracted MW × ¼ h + utilisation price × delivered MWh) × factor, rounded half-even to the penny,
 * with delivered = clamp(baseline − metered, 0, instructed). Out of service, and instructed without meter data or baseline, is unpaid
 * and says so (FM20).
 */
export function settlePeriod(scheme: GraceAndMultiplier, given: PeriodInputs): SettledPeriod {
  const flags = flagsOf(given)
  const instructedWh = new Money(given.instructedW ?? 0).times(hours)
  const deliveredWh = flags.length > 0 ? new Money(0) : delivered(given, instructedWh)
  const ratio = instructedWh.isZero() || flags.length > 0 ? null : deliveredWh.div(instructedWh)
  const factor = flags.length > 0 ? new Money(0) : ratio ? performanceFactor(scheme, ratio) : new Money(1)
  const availabilityGbp = new Money(given.availability).times(given.contractedW).div(1_000_000).times(hours)
  const utilisationGbp = new Money(given.utilisation).times(deliveredWh).div(1_000_000)
  const amountGbp = availabilityGbp.plus(utilisationGbp).times(factor).toDecimalPlaces(2, Money.ROUND_HALF_EVEN)
  return { deliveredWh, ratio, factor, availabilityGbp, utilisationGbp, amountGbp, flags }
}

function flagsOf(given: PeriodInputs): PaymentFlag[] {
  if (!given.inService) return ['out-of-service']
  if (!given.instructedW) return []
  const flags: PaymentFlag[] = []
  if (given.meteredWh === null) flags.push('no-meter-data')
  if (given.baselineWh === null) flags.push('no-baseline')
  return flags
}

function delivered(given: PeriodInputs, instructedWh: Money): Money {
  if (given.baselineWh === null || given.meteredWh === null) return new Money(0)
  return Money.min(Money.max(new Money(given.baselineWh).minus(given.meteredWh), 0), instructedWh)
}
