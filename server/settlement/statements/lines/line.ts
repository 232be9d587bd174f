import type { Instant, LocalDate } from '@js-joda/core'
import type { Contract } from '../../../../schemas/market/contracts.ts'
import type { PriceRule, SettlementTerms } from '../../../../schemas/settlement/statements.ts'
import { formatGbp } from '../../../../schemas/vocabulary/money.ts'
import { tradingDayOf } from '../../../../schemas/vocabulary/time.ts'
import { type Direction, signOf } from '../../../../schemas/vocabulary/units.ts'
import type { QuarterInForce } from '../../../dispatch/index.ts'
import { type PeriodInputs, type SettledPeriod, settlePeriod, utilisationPrice } from '../../payments/index.ts'
import type { Elsewhere } from './claims.ts'
import type { MonthInputs } from './inputs.ts'
import { meterOf } from './metered.ts'
import { accuracyFactorOf, type DayBaseline } from './month-rules.ts'
import { importUnderLimit, leastUnderExportLimit, type SiteQuarter, shareOfLimit } from './site-rules.ts'
import type { statementLine } from './tables.ts'

export type LineRow = Omit<typeof statementLine.$inferInsert, 'statementId' | 'number' | 'lineId'>

/** A contract, its settlement terms, and its schedule accuracy factor of the month. */
export interface SettledContract {
  contract: Contract
  terms: SettlementTerms
  priceRule: PriceRule
  accuracyFactor: number
  /** The worth of a quarter-hour in service without an instruction: the same for most of a month. */
  idle?: Worth
}

/** The outcome of a settled quarter-hour on its line. */
type Worth = Pick<
  LineRow,
  | 'turnedDownWh'
  | 'deliveredWh'
  | 'deliveryRatio'
  | 'performanceFactor'
  | 'availabilityGbp'
  | 'utilisationGbp'
  | 'penaltyGbp'
  | 'settledGbp'
  | 'flags'
>

/** A contract with its schedule accuracy factor, which needs the whole month even if few of its days are settled. */
export function settledContract(
  contract: Contract,
  terms: SettlementTerms,
  inputs: Pick<MonthInputs, 'histories'>,
  at: Instant,
  first: LocalDate,
  last: LocalDate,
  priceRule: PriceRule,
): SettledContract {
  const history = inputs.histories.get(contract.fuId)
  const accuracyFactor =
    history && terms.scheduleAccuracy ? accuracyFactorOf(terms.scheme, history, first, last, at) : 1
  return { contract, terms, priceRule, accuracyFactor }
}

/** A quarter-hour of a contract and what it is settled with. */
export interface Period {
  fromAt: Instant
  baseline: DayBaseline
  isOverdue: boolean
  /** What contracts settled before have of it. */
  elsewhere: Elsewhere
}

/** Whose quarter-hour it is: a contract, or an FU that was instructed without one. */
export type Payee = Pick<Contract, 'fuId' | 'product' | 'direction' | 'turnDownW'>

/** The inputs of a quarter-hour except its prices, and what the line shows of where they come from. */
export function periodInputs(
  payee: Payee,
  terms: SettlementTerms,
  inputs: MonthInputs,
  { fromAt, baseline, isOverdue, elsewhere }: Period,
) {
  const q = fromAt.toEpochMilli()
  const forceAt = inputs.histories.get(payee.fuId)?.inForce(payee.product)
  const force = elsewhere.hasInstruction ? undefined : forceAt?.get(q)
  const meter = meterOf(terms, baseline.meteredWh, q, force, forceAt)
  const baselineWh = baseline.energyWh.get(q) ?? null
  const { direction } = payee
  const [instructedWh, acceptedWh] = [
    inDirection(direction, force?.instructedWh),
    inDirection(direction, force?.acceptedWh),
  ]
  const found = acceptedWh ? inputs.site(payee.fuId, fromAt, baselineWh, direction) : null
  const leastImportWh = found && baselineWh !== null ? leastUnderExportLimit(found, baselineWh, acceptedWh ?? 0) : null
  const site = found?.export ? { ...found, export: { ...found.export, leastImportWh } } : found
  const offeredW = inputs.offers.offeredW(payee.fuId, payee.direction, fromAt)
  const availableW = offeredW === 0 ? 0 : Math.min(payee.turnDownW, leftOf(payee, inputs, fromAt, elsewhere))
  return {
    direction,
    force,
    site,
    meter,
    offeredW,
    availableW,
    instructedWh,
    acceptedWh: acceptedWh ?? 0,
    isUnreachable: force?.isUnreachable ?? false,
    baselineWh,
    meteredWh: meter.energyWh,
    elsewhereWh: force ? elsewhere.turnedDownWh : 0,
    limitWh: site && baselineWh !== null ? limitOf(direction, site, baselineWh, acceptedWh ?? 0) : null,
    leastImportWh,
    inService: inputs.inService(payee.fuId, fromAt),
    toleranceWh: Math.max(inputs.figures.toleranceWh, terms.meterResolutionWh ?? 0),
    isOverdue,
  }
}

/** What contracts settled before leave of an FU's capability, W; all that it has where there are none. */
function leftOf(
  { fuId, direction }: Pick<Payee, 'fuId' | 'direction'>,
  inputs: MonthInputs,
  fromAt: Instant,
  { availableW }: Elsewhere,
): number {
  if (availableW === 0) return Number.POSITIVE_INFINITY
  return Math.max(0, inputs.capabilityW(fuId, tradingDayOf(fromAt), direction) - availableW)
}

/** Energy in the direction of a contract, Wh: what was in force in the other one is none of it. */
function inDirection(way: Direction, energyWh: number | undefined): number | null {
  return energyWh === undefined ? null : Math.max(0, signOf(way) * energyWh)
}

function limitOf(way: Direction, site: SiteQuarter, baselineWh: number, acceptedWh: number): number | null {
  return way === 'turn-up' ? importUnderLimit(site, baselineWh, acceptedWh) : shareOfLimit(site, baselineWh)
}

/** The line of a contract's quarter-hour. */
export function lineOf(own: SettledContract, inputs: MonthInputs, period: Period): LineRow {
  const { contract, terms, accuracyFactor } = own
  const { fromAt, baseline } = period
  const given = periodInputs(contract, terms, inputs, period)
  const price = priceOf(own, inputs, fromAt, given.force)
  const worth = worthOf(own, { ...given, accuracyFactor, ...price.paid })
  const { force, site, availableW, instructedWh, baselineWh, meteredWh, limitWh, inService, toleranceWh } = given
  return {
    contractId: contract.contractId,
    fuId: contract.fuId,
    fuName: contract.fuName,
    fromAt,
    toAt: fromAt.plusSeconds(900),
    direction: contract.direction,
    contractedW: contract.turnDownW,
    availableW,
    instructedW: instructedWh === null ? null : instructedWh * 4,
    instructedWh,
    instructions: force?.parts ?? null,
    baselineWh,
    meteredWh,
    limitWh,
    site,
    elsewhereWh: given.elsewhereWh,
    inService,
    accuracyFactor,
    toleranceWh,
    availability: price.paid.availability,
    utilisation: price.paid.utilisation,
    priceRule: own.priceRule,
    contractPrice: contract.utilisationGbpPerMwh,
    bidPrice: price.bid,
    clearedPrice: price.cleared,
    ...worth,
    previousGbp: null,
    amountGbp: worth.settledGbp,
    terms,
    baselineDays: baseline.days,
    meterRevision: baseline.meteredWh.revision(fromAt.toEpochMilli()),
    flags: flagsOf(worth, given, own, baseline),
  }
}

/** The prices of a quarter-hour, and what the utilisation price follows from. */
function priceOf(own: SettledContract, inputs: MonthInputs, fromAt: Instant, force: QuarterInForce | undefined) {
  const { contract, priceRule: rule } = own
  const { availabilityGbpPerMwH: availability, utilisationGbpPerMwh: price } = contract
  const isPriced = rule !== 'contract' && Boolean(force?.instructedWh)
  const bid = isPriced && force ? inputs.offers.bid(contract.fuId, contract.direction, fromAt, force.plannedAt) : null
  const cleared = isPriced && rule === 'pay-as-clear' ? inputs.cleared(contract, fromAt) : null
  const utilisation = isPriced ? utilisationPrice({ rule, contract: price, bid, cleared }) : price
  return { paid: { availability, utilisation }, bid, cleared }
}

function flagsOf(
  worth: Worth,
  given: ReturnType<typeof periodInputs>,
  { contract }: SettledContract,
  baseline: DayBaseline,
): LineRow['flags'] {
  const { site, meter, offeredW, availableW } = given
  const isLimited = worth.flags.includes('profile-limit')
  const flags: LineRow['flags'] = [
    ...meter.flags,
    ...(isLimited && site?.restWh === null ? ['site-not-measured' as const] : []),
    ...baseline.flags,
    ...(offeredW === 0 ? ['not-offered' as const] : []),
    ...((offeredW !== 0 && availableW < contract.turnDownW) || given.elsewhereWh > 0
      ? ['paid-elsewhere' as const]
      : []),
  ]
  return flags.length === 0 ? worth.flags : [...worth.flags, ...flags]
}

/** Settles a period. A period without an instruction is worth the same whatever was metered, so it is computed once per contract. */
function worthOf(own: SettledContract, given: PeriodInputs): Worth {
  if (given.instructedWh || given.isUnreachable || !given.inService || given.availableW !== own.contract.turnDownW)
    return asWorth(settlePeriod(own.terms.scheme, given))
  own.idle ??= asWorth(settlePeriod(own.terms.scheme, given))
  return own.idle
}

function asWorth(settled: SettledPeriod): Worth {
  return {
    turnedDownWh: settled.ratio === null ? null : settled.turnedDownWh.toNumber(),
    deliveredWh: settled.deliveredWh.toNumber(),
    deliveryRatio: settled.ratio?.toNumber() ?? null,
    performanceFactor: settled.factor.toNumber(),
    availabilityGbp: settled.availabilityGbp.toString(),
    utilisationGbp: settled.utilisationGbp.toString(),
    penaltyGbp: settled.penaltyGbp.toString(),
    settledGbp: formatGbp(settled.amountGbp),
    flags: settled.flags,
  }
}
