import type { Instant, LocalDate, YearMonth } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import type { Contract } from '../../../schemas/market.ts'
import type { SettlementTerms } from '../../../schemas/settlement.ts'
import type { Product } from '../../../schemas/units.ts'
import { contractedPeriods, listContracts, termOf } from '../../market/index.ts'
import { defaultTerms, estimatedWh, type PaymentFlag, settlePeriod, termsOfContracts } from '../payments/index.ts'
import { loadMonth, type MonthInputs } from './inputs.ts'
import { accuracyFactorOf, type DayBaseline, dayBaseline } from './month-rules.ts'
import type { statementLine } from './tables.ts'

export type LineRow = Omit<typeof statementLine.$inferInsert, 'statementId' | 'number' | 'lineId'>

/** The lines of a month: every contracted quarter-hour that has ended by `at`, in order of FU and time. Money is computed by the payment rules. */
export async function linesOf(
  tx: Queryable,
  at: Instant,
  fspId: string,
  product: Product,
  month: YearMonth,
): Promise<LineRow[]> {
  const [first, last] = [month.atDay(1), month.atEndOfMonth()]
  const contracts = await listContracts(tx, { fspId, product, from: first, to: last })
  if (contracts.length === 0) return []
  const terms = await termsOfContracts(
    tx,
    contracts.map((c) => c.contractId),
  )
  const withNominations = [...terms.values()].some((t) => t.baselineMethod === 'nominated' || t.scheduleAccuracy)
  const fuIds = [...new Set(contracts.map((c) => c.fuId))]
  const inputs = await loadMonth(tx, at, fuIds, first, last, { withNominations })
  const lines = contracts.flatMap((contract) => {
    const settled = settledContract(contract, terms.get(contract.contractId) ?? defaultTerms, inputs, at, first, last)
    return linesOfContract(settled, inputs, at, first, last)
  })
  return lines.sort((a, b) => compare(a.fuName, b.fuName) || compare(a.fuId, b.fuId) || a.fromAt.compareTo(b.fromAt))
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** A contract, what it is settled by, and its schedule accuracy factor of the month. */
export interface SettledContract {
  contract: Contract
  terms: SettlementTerms
  accuracyFactor: number
}

/** A contract with its schedule accuracy factor, which takes the whole month however few of its days are settled. */
export function settledContract(
  contract: Contract,
  terms: SettlementTerms,
  inputs: Pick<MonthInputs, 'books'>,
  at: Instant,
  first: LocalDate,
  last: LocalDate,
): SettledContract {
  const book = inputs.books.get(contract.fuId)
  const accuracyFactor = book && terms.scheduleAccuracy ? accuracyFactorOf(terms.scheme, book, first, last, at) : 1
  return { contract, terms, accuracyFactor }
}

/** The lines of one contract from one day to another, from inputs that have been read. */
export function linesOfContract(
  settled: SettledContract,
  inputs: MonthInputs,
  at: Instant,
  first: LocalDate,
  last: LocalDate,
): LineRow[] {
  const { contract, terms } = settled
  const book = inputs.books.get(contract.fuId)
  if (!book) return []
  const lines: LineRow[] = []
  for (let day = first; !day.isAfter(last); day = day.plusDays(1)) {
    const starts = contractedPeriods(termOf(contract), day).filter((start) => !start.plusSeconds(900).isAfter(at))
    if (starts.length === 0) continue
    const baseline = dayBaseline(book, terms, day, inputs.ders.get(contract.fuId) ?? 0)
    for (const fromAt of starts) lines.push(lineOf(settled, inputs, baseline, fromAt))
  }
  return lines
}

function lineOf(
  { contract, terms, accuracyFactor }: SettledContract,
  inputs: MonthInputs,
  baseline: DayBaseline,
  fromAt: Instant,
): LineRow {
  const q = fromAt.toEpochMilli()
  const instructedW = inputs.books.get(contract.fuId)?.instructedW.get(q) ?? null
  const metered = baseline.quarters.get(q)
  const isEstimated = !metered && Boolean(instructedW) && terms.missingMeterData === 'estimate'
  const given = {
    contractedW: contract.turnDownW,
    instructedW,
    baselineWh: baseline.energyWh.get(q) ?? null,
    meteredWh: metered?.energyWh ?? (isEstimated ? estimatedWh(baseline.meteredWh, q) : null),
    limitWh: inputs.limitWh(contract.fuId, fromAt),
    inService: inputs.inService(contract.fuId, fromAt),
    accuracyFactor,
    availability: contract.availabilityGbpPerMwH,
    utilisation: contract.utilisationGbpPerMwh,
  }
  const settled = settlePeriod(terms.scheme, given)
  const flags: PaymentFlag[] = [...settled.flags]
  if (isEstimated && given.meteredWh !== null) flags.push('estimated-meter-data')
  if (baseline.isOutturn) flags.push('few-days')
  const settledGbp = settled.amountGbp.isZero() ? '0.00' : settled.amountGbp.toFixed(2)
  return {
    ...{ contractId: contract.contractId, fuId: contract.fuId, fuName: contract.fuName },
    ...{ fromAt, toAt: fromAt.plusSeconds(900) },
    ...given,
    deliveredWh: settled.deliveredWh.toNumber(),
    deliveryRatio: settled.ratio?.toNumber() ?? null,
    performanceFactor: settled.factor.toNumber(),
    availabilityGbp: settled.availabilityGbp.toString(),
    utilisationGbp: settled.utilisationGbp.toString(),
    ...{ settledGbp, previousGbp: null, amountGbp: settledGbp },
    terms,
    baselineDays: baseline.days,
    meterRevision: metered?.revision ?? null,
    flags,
  }
}
