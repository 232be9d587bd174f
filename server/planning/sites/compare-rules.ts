import type { PlanResult } from '../../../schemas/planning/sites/plan.ts'
import type { PlanComparison } from '../../../schemas/planning/sites/runs.ts'
import { formatGbp, Money } from '../../../schemas/vocabulary/money.ts'
import { dayName } from './engine/impossible.ts'

/** A finished run, as a comparison needs it. */
export interface ComparedRun {
  runId: string
  name: string
  result: PlanResult
}

type Line = PlanComparison['runs'][number]

/** Runs side by side, each with how it differs from the first. */
export function comparisonOf(runs: readonly ComparedRun[]): PlanComparison {
  const lines = runs.map(figuresOf)
  const [first] = lines
  return {
    runs: lines.map((line) => ({ ...line, differsByFirst: differenceOf(line, first ?? line) })),
    explanation:
      'Capacity is the peak by the power factor. Costs are those beyond the site as it is today. Two scenarios of the same vehicles charge the same energy, so that what charging costs differs by when it is charged alone.',
  }
}

function figuresOf({ runId, name, result }: ComparedRun): Omit<Line, 'differsByFirst'> {
  const { scenario, peakKw, capacityKva, extraKva, chargedKwh, money } = result
  return {
    runId,
    name,
    scenario,
    peakKw,
    capacityKva,
    extraKva,
    chargedKwh,
    peak: `${dayName(result.peakDay)} ${result.peakFrom}`,
    isEnough: extraKva === null ? null : extraKva === 0,
    chargingGbpPerWeek: money.chargingGbpPerWeek,
    capitalGbp: money.capital.totalGbp,
    runningGbpPerYear: money.runningPerYear.totalGbp,
    totalCostOfOwnershipGbp: money.totalCostOfOwnershipGbp,
    impossibleJourneys: result.impossible.reduce((sum, { vehicles }) => sum + vehicles, 0),
  }
}

type Figures = ReturnType<typeof figuresOf>

function differenceOf(line: Figures, first: Figures): Line['differsByFirst'] {
  const less = (a: number, b: number) => Number((a - b).toFixed(3)) + 0
  const gbp = (a: string, b: string) => formatGbp(new Money(a).minus(b))
  return {
    peakKw: less(line.peakKw, first.peakKw),
    capacityKva: less(line.capacityKva, first.capacityKva),
    chargingGbpPerWeek: gbp(line.chargingGbpPerWeek, first.chargingGbpPerWeek),
    capitalGbp: gbp(line.capitalGbp, first.capitalGbp),
    runningGbpPerYear: gbp(line.runningGbpPerYear, first.runningGbpPerYear),
    totalCostOfOwnershipGbp: gbp(line.totalCostOfOwnershipGbp, first.totalCostOfOwnershipGbp),
  }
}
