import type { GraceAndMultiplier, PaymentScheme, StatementLine } from '../../../schemas/settlement/statements.ts'
import { Money } from '../../../schemas/vocabulary/money.ts'
import { type Direction, noLoadWh } from '../../../schemas/vocabulary/units.ts'

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
  /** That of the contract; turn-down unless stated. All but baseline, meter data and limit are W and Wh in it. */
  direction?: Direction
  /** Turn-down whose availability is paid, W: as a rule what is contracted, and 0 where the FSP offered nothing. */
  availableW: number
  /** Energy instructed, second by second, whether accepted or refused for a reason of the FSP's own; `null` when nothing was instructed. */
  instructedWh: number | null
  /** The part of it that the FSP accepted: no more than this is delivered. */
  acceptedWh: number
  baselineWh: number | null
  meteredWh: number | null
  /** Delivery as metered that other contracts of the FU are paid for in the period. */
  elsewhereWh: number
  inService: boolean
  /** Whether an instruction could not be delivered because the FSP's end failed. */
  isUnreachable: boolean
  /** What the import limit agreed for the connection leaves of the baseline, or for a turn-up lets it import; `null` without a limit. */
  limitWh: number | null
  /** The least net import that the export limit of the connection lets a turn-down reach; `null`, or absent, without one. */
  leastImportWh?: number | null
  /** Schedule accuracy factor of the month, exact, from 0 to 1; 1 if the terms do not use it. */
  accuracyFactor: number
  /** £/MW/h and £/MWh, decimal strings. */
  availability: string
  utilisation: string
  /** Instructed energy below this is not judged. */
  toleranceWh: number
  /** Whether the deadline for meter data and their corrections has passed. */
  isOverdue: boolean
}

export type PaymentFlag = StatementLine['flags'][number]

/** A settled quarter-hour. `amountGbp` is rounded once, to the penny; its parts are exact. */
export interface SettledPeriod {
  /** Delivery as metered. */
  turnedDownWh: Money
  /** The part of it that is paid. */
  deliveredWh: Money
  /** Delivered ÷ instructed, before the limit takes energy out of payment. */
  ratio: Money | null
  factor: Money
  availabilityGbp: Money
  utilisationGbp: Money
  penaltyGbp: Money
  amountGbp: Money
  flags: PaymentFlag[]
}

/** Contracts are settled in quarter-hours. */
const hours = new Money('0.25')
const zero = new Money(0)

/**
 * amount = (availability price × available MW × ¼ h + utilisation price × paid MWh) × factor − penalty, rounded half-even to the penny
 * (domain sections 5 and 12). Delivered = clamp(baseline − metered, 0, accepted); the factor follows delivered ÷ instructed. Turn-down that
 * the agreed import limit required anyway is unpaid, not undelivered: what is paid is clamp(what the limit leaves − metered, 0, accepted).
 * Turn-down beyond what the export limit allows is unpaid likewise: what is paid stops at the least import that it leaves (decision 63).
 * Of a turn-up delivered is clamp(metered − baseline, 0, accepted), and what goes above the limit is unpaid (decision 44).
 * A period that is out of service or unreachable, or instructed without meter data or baseline, is unpaid and flagged (FM20); under USEF
 * meter data that are still missing after their deadline count as no delivery.
 */
export function settlePeriod(scheme: PaymentScheme, given: PeriodInputs): SettledPeriod {
  const unpaid = unpaidBecause(given)
  const isLost = isCountedAsNothing(scheme, given, unpaid)
  const isUnpaid = unpaid.length > 0 && !isLost
  const instructedWh = new Money(isUnpaid ? 0 : (given.instructedWh ?? 0))
  const isJudged = !instructedWh.isZero()
  const turnedDownWh = isJudged && !isLost ? delivered(given.baselineWh, given.meteredWh, given) : zero
  const isCapped = isLimited(given) || isBeyondExport(given)
  const deliveredWh = isCapped && isJudged && !isLost ? paidUnderLimits(given) : turnedDownWh
  const ratio = isJudged ? turnedDownWh.div(instructedWh) : null
  const performance = ratio && instructedWh.gte(given.toleranceWh) ? performanceFactor(scheme, ratio) : new Money(1)
  const factor = isUnpaid ? zero : performance.times(given.accuracyFactor)
  const missingWh = isLost ? instructedWh : shortfall(given, instructedWh)
  const penaltyGbp =
    scheme.name === 'usef' && isJudged ? new Money(scheme.penaltyGbpPerMwh).times(missingWh).div(1_000_000) : zero
  const availabilityGbp = new Money(given.availability).times(given.availableW).div(1_000_000).times(hours)
  const utilisationGbp = new Money(given.utilisation).times(deliveredWh).div(1_000_000)
  const earned = availabilityGbp.plus(utilisationGbp).times(factor)
  const amountGbp = earned.minus(penaltyGbp).toDecimalPlaces(2, Money.ROUND_HALF_EVEN)
  const flags = flagsOf(given, unpaid, isJudged, isLost)
  return { turnedDownWh, deliveredWh, ratio, factor, availabilityGbp, utilisationGbp, penaltyGbp, amountGbp, flags }
}

function unpaidBecause(given: PeriodInputs): PaymentFlag[] {
  if (!given.inService) return ['out-of-service']
  if (given.isUnreachable) return ['unreachable']
  // Of what was refused nothing is delivered, whatever the meter says.
  if (!given.instructedWh || given.acceptedWh === 0) return []
  const flags: PaymentFlag[] = []
  if (given.meteredWh === null) flags.push('no-meter-data')
  if (given.baselineWh === null) flags.push('no-baseline')
  return flags
}

/** USEF: missing meter data count as no delivery once their deadline has passed. */
function isCountedAsNothing(scheme: PaymentScheme, given: PeriodInputs, unpaid: readonly PaymentFlag[]): boolean {
  return scheme.name === 'usef' && given.isOverdue && unpaid.length === 1 && unpaid[0] === 'no-meter-data'
}

/** Whether the limit takes energy out of payment: it is under the baseline, or a turn-up went above it. */
function isLimited({ direction, baselineWh, meteredWh, limitWh }: PeriodInputs): boolean {
  if (baselineWh === null || limitWh === null) return false
  return direction === 'turn-up' ? meteredWh !== null && limitWh < meteredWh : limitWh < baselineWh
}

/** Whether a turn-down went beyond the export limit. */
function isBeyondExport({ direction, meteredWh, leastImportWh = null }: PeriodInputs): boolean {
  return direction !== 'turn-up' && meteredWh !== null && leastImportWh !== null && meteredWh < leastImportWh
}

function paidUnderLimits(given: PeriodInputs): Money {
  const { direction, baselineWh, meteredWh, limitWh, leastImportWh = null } = given
  if (direction === 'turn-up') return delivered(baselineWh, limitWh, given)
  return delivered(isLimited(given) ? limitWh : baselineWh, isBeyondExport(given) ? leastImportWh : meteredWh, given)
}

function flagsOf(given: PeriodInputs, unpaid: PaymentFlag[], isJudged: boolean, isLost: boolean): PaymentFlag[] {
  if (!isJudged) return unpaid
  const flags = [...unpaid]
  if (isLost) flags.push('counted-as-no-delivery')
  else if (given.acceptedWh > 0) {
    if (isLimited(given)) flags.push('profile-limit')
    if (isBeyondExport(given)) flags.push('export-limit')
  }
  if (given.acceptedWh < (given.instructedWh ?? 0)) flags.push('refused')
  return flags.length === unpaid.length ? unpaid : flags
}

function delivered(
  expectedWh: number | null,
  importedWh: number | null,
  { direction, elsewhereWh, acceptedWh }: PeriodInputs,
): Money {
  if (expectedWh === null || importedWh === null) return zero
  const [moreWh, lessWh] = direction === 'turn-up' ? [importedWh, expectedWh] : [expectedWh, importedWh]
  return clamp(new Money(moreWh).minus(lessWh).minus(elsewhereWh), zero, new Money(acceptedWh))
}

/** USEF: import above baseline − accepted, or of a turn-up below baseline + accepted, Wh, and everything that was refused. */
function shortfall(given: PeriodInputs, instructedWh: Money): Money {
  const { direction, meteredWh, elsewhereWh, baselineWh, acceptedWh } = given
  const refusedWh = instructedWh.minus(acceptedWh)
  if (acceptedWh === 0) return refusedWh
  if (direction === 'turn-up') {
    const orderedWh = new Money(baselineWh ?? 0).plus(acceptedWh)
    return Money.max(0, orderedWh.minus(new Money(meteredWh ?? 0).minus(elsewhereWh))).plus(refusedWh)
  }
  const allowedWh = new Money(baselineWh ?? 0).minus(acceptedWh)
  return Money.max(0, new Money(meteredWh ?? 0).plus(elsewhereWh).minus(allowedWh)).plus(refusedWh)
}

/**
 * Schedule accuracy of a month: 1 − total |actual − forecast| ÷ total |actual| over its non-event periods, at least 0; `null` without any
 * load (domain section 12). The scheme's curve maps it to the schedule accuracy factor.
 */
export function scheduleAccuracy(periods: Iterable<{ actualWh: number; forecastWh: number }>): Money | null {
  let [errorWh, loadWh] = [zero, zero]
  for (const { actualWh, forecastWh } of periods) {
    errorWh = errorWh.plus(new Money(actualWh).minus(forecastWh).abs())
    loadWh = loadWh.plus(Math.abs(actualWh))
  }
  return loadWh.lt(noLoadWh) ? null : Money.max(0, new Money(1).minus(errorWh.div(loadWh)))
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
