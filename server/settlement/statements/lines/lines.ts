import { setImmediate } from 'node:timers/promises'
import type { Instant, LocalDate, YearMonth } from '@js-joda/core'
import type { Queryable } from '../../../../platform/db/index.ts'
import type { Contract } from '../../../../schemas/market/contracts.ts'
import type { SettlementTerms } from '../../../../schemas/settlement/statements.ts'
import { formatGbp } from '../../../../schemas/vocabulary/money.ts'
import { defaultTerms, estimatedWh, type PeriodInputs, type SettledPeriod, settlePeriod } from '../../payments/index.ts'
import { loadMonth, type MonthInputs, rememberedPeriods } from './inputs.ts'
import { meterFlags } from './meter-flags.ts'
import { accuracyFactorOf, type DayBaseline, dayBaseline } from './month-rules.ts'
import type { statementLine } from './tables.ts'

const quarterMs = 15 * 60_000

export type LineRow = Omit<typeof statementLine.$inferInsert, 'statementId' | 'number' | 'lineId'>

/** How many FUs are processed at a time, so that a month of thousands of FUs need not fit into memory. */
const unitsAtOnce = 50

/** What the lines of a month are computed from. */
export interface MonthScope {
  at: Instant
  contracts: Contract[]
  terms: Map<string, SettlementTerms>
  month: YearMonth
}

/** FUs in the order of a statement's lines: by name, then by identifier. */
export function unitsInOrder(contracts: Iterable<Pick<Contract, 'fuId' | 'fuName'>>): string[] {
  const names = new Map([...contracts].map((c) => [c.fuId, c.fuName]))
  const units = [...names].map(([fuId, fuName]) => ({ fuId, fuName }))
  return units.sort(byUnit).map(({ fuId }) => fuId)
}

/**
 * The lines of FUs in a month, a few FUs at a time: every contracted quarter-hour that has ended by `at`, in order of FU and time. The
 * payment rules compute the amounts.
 */
export async function* linesOf(
  tx: Queryable,
  { at, contracts, terms, month }: MonthScope,
  fuIds: string[],
): AsyncGenerator<{ fuIds: string[]; lines: LineRow[] }> {
  const [first, last] = [month.atDay(1), month.atEndOfMonth()]
  const byFu = Map.groupBy(contracts, (c) => c.fuId)
  const contracted = rememberedPeriods()
  const load = (from: number) =>
    loadMonth(tx, at, fuIds.slice(from, from + unitsAtOnce), first, last, { withNominations: true, contracted })
  if (fuIds.length === 0) return
  let inputs = await load(0)
  for (let i = 0; i < fuIds.length; i += unitsAtOnce) {
    const part = fuIds.slice(i, i + unitsAtOnce)
    // PostgreSQL reads the next FUs while these lines are computed.
    const next = i + unitsAtOnce < fuIds.length ? load(i + unitsAtOnce) : null
    next?.catch(() => undefined)
    await setImmediate()
    const lines = part.flatMap((fuId) =>
      (byFu.get(fuId) ?? [])
        .map((contract) =>
          settledContract(contract, terms.get(contract.contractId) ?? defaultTerms, inputs, at, first, last),
        )
        .flatMap((settled) => linesOfContract(settled, inputs, at, first, last))
        .sort(inOrder),
    )
    // Finish reading before the lines are copied: COPY occupies the connection.
    if (next) inputs = await next
    yield { fuIds: part, lines }
  }
}

export function byUnit(a: { fuId: string; fuName: string }, b: { fuId: string; fuName: string }): number {
  return compare(a.fuName, b.fuName) || compare(a.fuId, b.fuId)
}

/** Order of an FU's lines: by time, then by contract identifier. */
export function inOrder(a: LineRow, b: LineRow): number {
  return a.fromAt.compareTo(b.fromAt) || compare(a.contractId, b.contractId)
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** A contract, its settlement terms, and its schedule accuracy factor of the month. */
export interface SettledContract {
  contract: Contract
  terms: SettlementTerms
  accuracyFactor: number
  /** The worth of a quarter-hour in service without an instruction: the same for most of a month. */
  idle?: Worth
}

/** The outcome of a settled quarter-hour on its line. */
type Worth = Pick<
  LineRow,
  'deliveredWh' | 'deliveryRatio' | 'performanceFactor' | 'availabilityGbp' | 'utilisationGbp' | 'settledGbp' | 'flags'
>

/** A contract with its schedule accuracy factor, which needs the whole month even if few of its days are settled. */
export function settledContract(
  contract: Contract,
  terms: SettlementTerms,
  inputs: Pick<MonthInputs, 'histories'>,
  at: Instant,
  first: LocalDate,
  last: LocalDate,
): SettledContract {
  const history = inputs.histories.get(contract.fuId)
  const accuracyFactor =
    history && terms.scheduleAccuracy ? accuracyFactorOf(terms.scheme, history, first, last, at) : 1
  return { contract, terms, accuracyFactor }
}

/** The lines of one contract between two days, from inputs already read. */
export function linesOfContract(
  settled: SettledContract,
  inputs: MonthInputs,
  at: Instant,
  first: LocalDate,
  last: LocalDate,
): LineRow[] {
  const { contract, terms } = settled
  const history = inputs.histories.get(contract.fuId)
  if (!history) return []
  const lines: LineRow[] = []
  const endedMs = at.toEpochMilli() - quarterMs
  for (let day = first; !day.isAfter(last); day = day.plusDays(1)) {
    const starts = inputs.contracted(contract, day).filter((start) => start.toEpochMilli() <= endedMs)
    if (starts.length === 0) continue
    const baseline = dayBaseline(history, terms, day, inputs.ders.get(contract.fuId) ?? 0)
    for (const fromAt of starts) lines.push(lineOf(settled, inputs, baseline, fromAt))
  }
  return lines
}

/** Settles a period. A period without an instruction is worth the same whatever was metered, so it is computed once per contract. */
function worthOf(own: SettledContract, given: PeriodInputs): Worth {
  if (given.instructedW || !given.inService) return asWorth(settlePeriod(own.terms.scheme, given))
  own.idle ??= asWorth(settlePeriod(own.terms.scheme, given))
  return own.idle
}

function asWorth(settled: SettledPeriod): Worth {
  return {
    deliveredWh: settled.deliveredWh.toNumber(),
    deliveryRatio: settled.ratio?.toNumber() ?? null,
    performanceFactor: settled.factor.toNumber(),
    availabilityGbp: settled.availabilityGbp.toString(),
    utilisationGbp: settled.utilisationGbp.toString(),
    settledGbp: formatGbp(settled.amountGbp),
    flags: settled.flags,
  }
}

/** The inputs of an FU's quarter-hour, except its prices. */
export function periodInputs(
  fuId: string,
  terms: Pick<SettlementTerms, 'missingMeterData'>,
  inputs: MonthInputs,
  baseline: DayBaseline,
  fromAt: Instant,
) {
  const q = fromAt.toEpochMilli()
  const instructedW = inputs.histories.get(fuId)?.instructedW.get(q) ?? null
  const metered = baseline.meteredWh.get(q)
  // What the sender estimated is as good as missing: the terms say whether an estimate is paid.
  const isUnmeasured = metered === undefined || baseline.meteredWh.marks(q).includes('estimated')
  const isMissing = isUnmeasured && Boolean(instructedW)
  const isAllowed = isMissing && terms.missingMeterData === 'estimate'
  const estimate = isAllowed ? (metered ?? estimatedWh(baseline.meteredWh, q)) : null
  return {
    instructedW,
    baselineWh: baseline.energyWh.get(q) ?? null,
    meteredWh: isMissing ? estimate : (metered ?? null),
    limitWh: inputs.limitWh(fuId, fromAt),
    inService: inputs.inService(fuId, fromAt),
    isEstimated: estimate !== null,
  }
}

function lineOf(own: SettledContract, inputs: MonthInputs, baseline: DayBaseline, fromAt: Instant): LineRow {
  const { contract, terms, accuracyFactor } = own
  const given = periodInputs(contract.fuId, terms, inputs, baseline, fromAt)
  const { instructedW, baselineWh, meteredWh, limitWh, inService } = given
  const { availabilityGbpPerMwH: availability, utilisationGbpPerMwh: utilisation, turnDownW: contractedW } = contract
  const worth = worthOf(own, { ...given, contractedW, accuracyFactor, availability, utilisation })
  const source = baseline.meteredWh.source(fromAt.toEpochMilli())
  const flags = [
    ...worth.flags,
    ...(given.isEstimated ? ['estimated-meter-data' as const] : []),
    ...(source === 'hub' && instructedW ? ['hub-meter-data' as const] : []),
    ...(source === 'hub-derived' && instructedW ? ['derived-meter-data' as const] : []),
    ...meterFlags(baseline.meteredWh, fromAt.toEpochMilli(), inputs.histories.get(contract.fuId)?.instructedW),
    ...baseline.flags,
  ]
  return {
    contractId: contract.contractId,
    fuId: contract.fuId,
    fuName: contract.fuName,
    fromAt,
    toAt: fromAt.plusSeconds(900),
    contractedW,
    instructedW,
    baselineWh,
    meteredWh,
    limitWh,
    inService,
    accuracyFactor,
    availability,
    utilisation,
    deliveredWh: worth.deliveredWh,
    deliveryRatio: worth.deliveryRatio,
    performanceFactor: worth.performanceFactor,
    availabilityGbp: worth.availabilityGbp,
    utilisationGbp: worth.utilisationGbp,
    settledGbp: worth.settledGbp,
    previousGbp: null,
    amountGbp: worth.settledGbp,
    terms,
    baselineDays: baseline.days,
    meterRevision: baseline.meteredWh.revision(fromAt.toEpochMilli()),
    flags: flags.length === worth.flags.length ? worth.flags : flags,
  }
}
