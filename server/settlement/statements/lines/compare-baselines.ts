import { type Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../../platform/db/index.ts'
import { type BaselineMethod, baselineMethod } from '../../../../schemas/settlement/baselines.ts'
import type { BaselineComparison, statementOperations } from '../../../../schemas/settlement/statements.ts'
import { Money, sumGbp } from '../../../../schemas/vocabulary/money.ts'
import { periodStarts } from '../../../../schemas/vocabulary/time.ts'
import type { Verb } from '../../../kit/index.ts'
import { contractedPeriods, listContracts, termOf } from '../../../market/index.ts'
import { type Reader, requireUnit } from '../../metering/days/index.ts'
import { defaultTerms, termsOfContracts } from '../../payments/index.ts'
import { loadMonth, type MonthInputs } from './inputs.ts'
import { type SettledContract, settledContract } from './line.ts'
import { linesOfUnit } from './lines.ts'
import { dayBaseline } from './month-rules.ts'
import { priceRulesOf } from './product-prices.ts'

type Compared = BaselineComparison['methods'][number]

/** Compares the baselines of a day and what each would pay, for the DNO and for the FSP concerned. */
export const compareBaselines: Verb<typeof statementOperations.compareBaselines> = async (call) => {
  const { db, context, at, actor, params, query } = call
  await requireUnit(db, actor, params.id)
  // Prices that cleared and shares of a limit depend on other FSPs' units too, which the transaction of an FSP's read hides.
  return comparisonOf(context.db, at, actor, params.id, LocalDate.parse(query.day))
}

/** Every method that an FU's data of a day allow, and what the day would have paid by each with all else as contracted. */
async function comparisonOf(
  tx: Queryable,
  at: Instant,
  reader: Reader,
  fuId: string,
  day: LocalDate,
): Promise<BaselineComparison> {
  const [first, last] = [day.withDayOfMonth(1), day.withDayOfMonth(day.lengthOfMonth())]
  const found = await listContracts(tx, { fuIds: [fuId], from: day, to: day })
  const contracts = found.filter((contract) => contractedPeriods(termOf(contract), day).length > 0)
  const known = await termsOfContracts(
    tx,
    contracts.map((c) => c.contractId),
  )
  const rules = await priceRulesOf(tx, contracts, first)
  const { clearing } = rules
  const inputs = await loadMonth(tx, at, [fuId], first, last, { withNominations: true, reader, clearing })
  const history = inputs.histories.get(fuId)
  if (!history) throw new Error(`no history of FU ${fuId}`)
  const settled = contracts.map((contract) =>
    settledContract(
      rules.asPaid(contract),
      known.get(contract.contractId) ?? defaultTerms,
      inputs,
      at,
      first,
      last,
      rules.of(contract),
    ),
  )
  const methods = baselineMethod.options.flatMap((method) => compared(method, fuId, day, at, settled, inputs))
  const meteredWh = history.series(day)
  return {
    fuId,
    tradingDay: day.toString(),
    methods,
    contracts: settled.map(({ contract: { contractId, product }, terms }) => ({
      contractId,
      product,
      baselineMethod: terms.baselineMethod,
      inDayAdjustment: terms.inDayAdjustment,
      scheme: terms.scheme,
    })),
    periods: periodStarts(day, 'PT15M').map((from) => ({
      from: from.toString(),
      to: from.plusSeconds(900).toString(),
      meteredWh: meteredWh.get(from.toEpochMilli()) ?? null,
      instructedW: history.instructedW.get(from.toEpochMilli()) ?? null,
    })),
  }
}

/** One method, plain and with the in-day adjustment if that changes it; empty if the data do not allow it. */
function compared(
  method: BaselineMethod,
  fuId: string,
  day: LocalDate,
  at: Instant,
  settled: SettledContract[],
  inputs: MonthInputs,
): Compared[] {
  const history = inputs.histories.get(fuId)
  // Only a contract has a reference profile. Several contracts of one day may differ in theirs; the first is shown.
  const referenceWPerDer = settled.find(({ terms }) => terms.referenceWPerDer)?.terms.referenceWPerDer ?? null
  const inForce = settled.find(({ terms }) => terms.baselineMethod === method)?.terms
  const { baselineFallback } = inForce ?? defaultTerms
  const of = (inDayAdjustment: boolean) => {
    const terms = { baselineMethod: method, baselineFallback, inDayAdjustment, referenceWPerDer }
    return history && dayBaseline(history, terms, day, inputs.ders(fuId, day))
  }
  const [plain, adjusted] = [of(false), of(true)]
  const starts = periodStarts(day, 'PT15M').map((from) => from.toEpochMilli())
  if (!plain || !adjusted || !(plain.isByMethod || inForce) || starts.every((q) => plain.energyWh.get(q) === undefined))
    return []
  const isAdjusted = starts.some((q) => plain.energyWh.get(q) !== adjusted.energyWh.get(q))
  return [plain, ...(isAdjusted ? [adjusted] : [])].map((baseline) => {
    const inDayAdjustment = baseline === adjusted
    const byMethod = settled.map((own) => ({
      ...own,
      terms: { ...own.terms, baselineMethod: method, inDayAdjustment },
    }))
    const lines = linesOfUnit(byMethod, inputs, at, day, day)
    const delivered = lines.reduce((sum, line) => sum.plus(line.deliveredWh), new Money(0))
    return {
      method,
      inDayAdjustment,
      days: baseline.days,
      isOutturn: baseline.isOutturn,
      isInForce: settled.some(
        ({ terms }) => terms.baselineMethod === method && (terms.inDayAdjustment && isAdjusted) === inDayAdjustment,
      ),
      energyWh: starts.map((q) => baseline.energyWh.get(q) ?? null),
      deliveredWh: delivered.toNumber(),
      amountGbp: settled.length === 0 ? null : sumGbp(lines.map((line) => String(line.settledGbp))),
    }
  })
}
