import type { GraceAndMultiplier, PaymentScheme, StatementLine } from '../../../schemas/settlement/statements.ts'
import { Money } from '../../../schemas/vocabulary/money.ts'
import { noLoadWh } from '../../../schemas/vocabulary/units.ts'

export const defaultScheme: GraceAndMultiplier = {
  name: 'grace-and-multiplier',
  graceRatio: 0.95,
  slope: 3,
  floorRatio: 0.63,
}

/** Performance factor of a delivery ratio, exact, from 0 to 1. USEF pays by penalty, not by factor. */
export function performanceFactor(scheme: PaymentScheme, ratio: Money): Money {
  if (scheme.name === 'usef') return new Money(1)
  if (scheme.name === 'sliding-scale') {
    const span = new Money(scheme.toRatio).minus(scheme.fromRatio)
    return clamp(ratio.minus(scheme.fromRatio).div(span), new Money(0), new Money(1))
  }
  if (ratio.gte(scheme.graceRatio)) return new Money(1)
  if (ratio.lte(scheme.floorRatio)) return new Money(0)
  return Money.max(0, new Money(1).minus(new Money(scheme.graceRatio).minus(ratio).times(scheme.slope)))
}

function clamp(value: Money, low: Money, high: Money): Money {
  return Money.min(Money.max(value, low), high)
}

/** The inputs of one settled quarter-hour of a contract. Energies in Wh; `null` is missing, not zero. */
export interface PeriodInputs {
  contractedW: number
  /** Turn-down instructed and accepted, W; `null` when nothing was instructed. */
  instructedW: number | null
  baselineWh: number | null
  meteredWh: number | null
  inService: boolean
  /** Energy under the import limit agreed for the connection; `null` without one. */
  limitWh: number | null
  /** Schedule accuracy factor of the month, exact, from 0 to 1; 1 if the terms do not use it. */
  accuracyFactor: number
  /** £/MW/h and £/MWh, decimal strings. */
  availability: string
  utilisation: string
}

export type PaymentFlag = StatementLine['flags'][number]

/** A settled quarter-hour. `settled` is rounded once, to the penny; its two parts are exact. */
export interface SettledPeriod {
  deliveredWh: Money
  ratio: Money | null
  factor: Money
  availabilityGbp: Money
  utilisationGbp: Money
  amountGbp: Money
  flags: PaymentFlag[]
}

/** Contracts are settled in quarter-hours. */
const hours = new Money('0.25')

/**
 * amount = (availability price × contracted MW × ¼ h + utilisation price × delivered MWh) × factor, rounded half-even to the penny, with
 * delivered = clamp(baseline − metered, 0, instructed). A period that is out of service, or instructed without meter data or baseline, is
 * unpaid and flagged (FM20). The baseline counts up to the agreed import limit only: turn-down below it that compliance already required is
 * not paid as flexibility (domain section 3).
 */
export function settlePeriod(scheme: PaymentScheme, given: PeriodInputs): SettledPeriod {
  const unpaid = unpaidBecause(given)
  const instructedWh = new Money(given.instructedW ?? 0).times(hours)
  const { expectedWh, isCapped } = payableBaseline(given)
  const deliveredWh = unpaid.length > 0 ? new Money(0) : delivered(expectedWh, given.meteredWh, instructedWh)
  const ratio = instructedWh.isZero() || unpaid.length > 0 ? null : deliveredWh.div(instructedWh)
  const performance = ratio ? performanceFactor(scheme, ratio) : new Money(1)
  const factor = unpaid.length > 0 ? new Money(0) : performance.times(given.accuracyFactor)
  const availabilityGbp = new Money(given.availability).times(given.contractedW).div(1_000_000).times(hours)
  const missingWh =
    ratio && scheme.name === 'usef' ? shortfall(expectedWh, given.meteredWh, instructedWh) : new Money(0)
  const penalty = new Money(scheme.name === 'usef' ? scheme.penaltyGbpPerMwh : 0).times(missingWh)
  const utilisationGbp = new Money(given.utilisation).times(deliveredWh).minus(penalty).div(1_000_000)
  const amountGbp = availabilityGbp.plus(utilisationGbp).times(factor).toDecimalPlaces(2, Money.ROUND_HALF_EVEN)
  const flags = isCapped && ratio ? [...unpaid, 'profile-limit' as const] : unpaid
  return { deliveredWh, ratio, factor, availabilityGbp, utilisationGbp, amountGbp, flags }
}

function unpaidBecause(given: PeriodInputs): PaymentFlag[] {
  if (!given.inService) return ['out-of-service']
  if (!given.instructedW) return []
  const flags: PaymentFlag[] = []
  if (given.meteredWh === null) flags.push('no-meter-data')
  if (given.baselineWh === null) flags.push('no-baseline')
  return flags
}

function payableBaseline({ baselineWh, limitWh }: PeriodInputs): { expectedWh: number | null; isCapped: boolean } {
  const isCapped = baselineWh !== null && limitWh !== null && limitWh < baselineWh
  return { expectedWh: isCapped ? limitWh : baselineWh, isCapped }
}

function delivered(expectedWh: number | null, meteredWh: number | null, instructedWh: Money): Money {
  if (expectedWh === null || meteredWh === null) return new Money(0)
  return clamp(new Money(expectedWh).minus(meteredWh), new Money(0), instructedWh)
}

/** USEF: import above baseline − ordered, Wh. */
function shortfall(expectedWh: number | null, meteredWh: number | null, orderedWh: Money): Money {
  return Money.max(0, new Money(meteredWh ?? 0).minus(new Money(expectedWh ?? 0).minus(orderedWh)))
}

/**
 * Schedule accuracy of a month: 1 − mean(|actual − forecast| ÷ actual) over its non-event periods, at least 0; `null` if no period has both
 * and a load. The scheme's curve maps it to the schedule accuracy factor.
 */
export function scheduleAccuracy(periods: Iterable<{ actualWh: number; forecastWh: number }>): Money | null {
  let [sum, count] = [new Money(0), 0]
  for (const { actualWh, forecastWh } of periods) {
    if (Math.abs(actualWh) < noLoadWh) continue
    sum = sum.plus(new Money(actualWh).minus(forecastWh).abs().div(new Money(actualWh).abs()))
    count++
  }
  return count === 0 ? null : Money.max(0, new Money(1).minus(sum.div(count)))
}

const nearMs = 3_600_000

/** Estimate of a missing quarter-hour: the mean of the nearest metered ones on either side, each within an hour; otherwise `null`. */
export function estimatedWh(quarters: { get(q: number): number | undefined }, q: number): number | null {
  const nearest = (step: number) => {
    for (let at = q + step; Math.abs(at - q) <= nearMs; at += step) {
      const value = quarters.get(at)
      if (value !== undefined) return value
    }
    return null
  }
  const [before, after] = [nearest(-900_000), nearest(900_000)]
  if (before === null || after === null) return null
  return new Money(before).plus(after).div(2).toDecimalPlaces(3).toNumber()
}
