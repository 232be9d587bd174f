import { setImmediate } from 'node:timers/promises'
import type { Instant, LocalDate, YearMonth } from '@js-joda/core'
import type { Queryable } from '../../../../platform/db/index.ts'
import type { Contract } from '../../../../schemas/market/contracts.ts'
import type { PaymentFigures } from '../../../../schemas/settings/payment.ts'
import type { SettlementTerms } from '../../../../schemas/settlement/statements.ts'
import type { Product } from '../../../../schemas/vocabulary/units.ts'
import { quarterMs } from '../../baselines/index.ts'
import { correctionDeadline, defaultTerms } from '../../payments/index.ts'
import { Claims, nothingElsewhere } from './claims.ts'
import { byAward, rememberedPeriods } from './contracted.ts'
import { loadMonth, type MonthInputs } from './inputs.ts'
import { type LineRow, lineOf, type SettledContract, settledContract } from './line.ts'
import { dayBaseline } from './month-rules.ts'
import { type PriceRules, priceRulesOf } from './product-prices.ts'

/** How many FUs are processed at a time, so that a month of thousands of FUs need not fit into memory. */
const unitsAtOnce = 50

/** What the lines of a month are computed from. */
export interface MonthScope {
  at: Instant
  product: Product
  /** Contracts of the FSP for every product: those of one FU share what it delivers. */
  contracts: Contract[]
  terms: Map<string, SettlementTerms>
  month: YearMonth
  figures: PaymentFigures
}

/** FUs in the order of a statement's lines: by name, then by identifier. */
export function unitsInOrder(contracts: Iterable<Pick<Contract, 'fuId' | 'fuName'>>): string[] {
  const names = new Map([...contracts].map((c) => [c.fuId, c.fuName]))
  const units = [...names].map(([fuId, fuName]) => ({ fuId, fuName }))
  return units.sort(byUnit).map(({ fuId }) => fuId)
}

/** The lines of some FUs in a month. */
export interface PartOfMonth {
  fuIds: string[]
  lines: LineRow[]
}

/**
 * Settles FUs in a month, a few at a time: every contracted quarter-hour that has ended by `at`, in order of FU and time. The payment rules
 * compute the amounts. While the lines of one part are computed, `store` has the connection for those of the part before, and after it the
 * next part is read.
 */
export async function settleInParts(
  tx: Queryable,
  scope: MonthScope,
  fuIds: string[],
  store: (part: PartOfMonth) => Promise<void>,
): Promise<void> {
  const { at, contracts, month, figures } = scope
  const [first, last] = [month.atDay(1), month.atEndOfMonth()]
  const contracted = rememberedPeriods()
  const rules = await priceRulesOf(tx, contracts, first)
  const options = { withNominations: true, contracted, figures, clearing: rules.clearing }
  const load = (part: string[]) => loadMonth(tx, at, part, first, last, options)
  const byFu = Map.groupBy(contracts, (c) => c.fuId)
  const parts = Array.from({ length: Math.ceil(fuIds.length / unitsAtOnce) }, (_, i) =>
    fuIds.slice(i * unitsAtOnce, (i + 1) * unitsAtOnce),
  )
  let inputs = parts[0] ? await load(parts[0]) : null
  let done: PartOfMonth | null = null
  for (const [i, part] of parts.entries()) {
    if (!inputs) break
    const next = storeAndLoad(done, store, parts[i + 1], load)
    // If the lines cannot be computed, that is what fails, once the connection is free.
    const lines = await linesOfPart(scope, byFu, rules, inputs, part).finally(() => next.catch(() => undefined))
    done = { fuIds: part, lines }
    inputs = await next
  }
  if (done) await store(done)
}

/** One after the other, because a COPY occupies the connection. */
async function storeAndLoad(
  done: PartOfMonth | null,
  store: (part: PartOfMonth) => Promise<void>,
  next: string[] | undefined,
  load: (part: string[]) => Promise<MonthInputs>,
): Promise<MonthInputs | null> {
  if (done) await store(done)
  return next ? load(next) : null
}

async function linesOfPart(
  { at, product, terms, month }: MonthScope,
  byFu: ReadonlyMap<string, Contract[]>,
  rules: PriceRules,
  inputs: MonthInputs,
  fuIds: readonly string[],
): Promise<LineRow[]> {
  const [first, last] = [month.atDay(1), month.atEndOfMonth()]
  const lines: LineRow[][] = []
  for (const fuId of fuIds) {
    // The connection gets its turn: rows go out, and answers come in.
    await setImmediate()
    const own = (byFu.get(fuId) ?? []).map((contract) =>
      settledContract(
        rules.asPaid(contract),
        terms.get(contract.contractId) ?? defaultTerms,
        inputs,
        at,
        first,
        last,
        rules.of(contract),
      ),
    )
    lines.push(linesOfUnit(own, inputs, at, first, last, product).sort(inOrder))
  }
  return lines.flat()
}

export function byUnit(a: { fuId: string; fuName: string }, b: { fuId: string; fuName: string }): number {
  return compare(a.fuName, b.fuName) || compare(a.fuId, b.fuId)
}

/** Order of an FU's lines: by time, then by contract identifier. */
export function inOrder(a: LineRow, b: LineRow): number {
  return a.fromAt.compareTo(b.fromAt) || compare(a.contractId, b.contractId)
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** The lines of one FU's contracts between two days, or of those of one product: the earliest awarded has what several cover. */
export function linesOfUnit(
  settled: readonly SettledContract[],
  inputs: MonthInputs,
  at: Instant,
  first: LocalDate,
  last: LocalDate,
  product?: Product,
): LineRow[] {
  const claims = settled.length > 1 ? new Claims() : undefined
  return settled
    .toSorted((a, b) => byAward(a.contract, b.contract))
    .flatMap((own) => {
      const lines = linesOfContract(own, inputs, at, first, last, claims)
      return product === undefined || own.contract.product === product ? lines : []
    })
}

/** The lines of one contract between two days, from inputs already read. @param claims what the FU's other contracts have. */
export function linesOfContract(
  settled: SettledContract,
  inputs: MonthInputs,
  at: Instant,
  first: LocalDate,
  last: LocalDate,
  claims?: Claims,
): LineRow[] {
  const { contract, terms } = settled
  const history = inputs.histories.get(contract.fuId)
  if (!history) return []
  const lines: LineRow[] = []
  const endedMs = at.toEpochMilli() - quarterMs
  const deadlineOf = (day: LocalDate) =>
    correctionDeadline(day, inputs.figures.correctionWorkingDays, history.facts.isWorkingDay)
  for (let day = first; !day.isAfter(last); day = day.plusDays(1)) {
    const starts = inputs.contracted(contract, day).filter((start) => start.toEpochMilli() <= endedMs)
    if (starts.length === 0) continue
    const baseline = dayBaseline(history, terms, day, inputs.ders(contract.fuId, day))
    const isOverdue = terms.scheme.name === 'usef' && !at.isBefore(deadlineOf(day))
    for (const fromAt of starts) {
      const elsewhere = claims?.of(fromAt.toEpochMilli(), contract.product) ?? nothingElsewhere
      const line = lineOf(settled, inputs, { fromAt, baseline, isOverdue, elsewhere })
      claims?.add(fromAt.toEpochMilli(), contract.product, {
        availableW: line.availableW ?? 0,
        turnedDownWh: line.turnedDownWh ?? 0,
      })
      lines.push(line)
    }
  }
  return lines
}
