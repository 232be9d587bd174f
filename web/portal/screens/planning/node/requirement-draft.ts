import type { RequirementQuery } from '../../../../../schemas/planning/demand-runs.ts'
import { type Figure, figureFault, readFigure } from '../figures.ts'

type FigureName = Exclude<keyof RequirementQuery, 'year'>

/** What flexibility and reinforcement are costed by, as it is typed. */
export type CostDraft = Record<FigureName, string>

/** Bounds are those of a tender’s ceilings, which these prices become. */
export const costFigures: Record<FigureName, Figure> = {
  availabilityGbpPerMwH: { label: 'Availability', unit: '£ per MW per h', least: 0, most: 9_999_999, decimals: 4 },
  utilisationGbpPerMwh: { label: 'Utilisation', unit: '£ per MWh', least: 0, most: 9_999_999, decimals: 4 },
  reinforcementGbp: { label: 'Cost of reinforcement', unit: '£', least: 0, most: 1e9, decimals: 2 },
  lifeYears: { label: 'Life of the asset', unit: 'years', least: 1, most: 100, isWhole: true },
  discountRate: { label: 'Discount rate', unit: '% a year', least: 0, most: 50, scale: 100 },
}

/** Figures to begin with; the screen says that they are to be replaced. */
export const firstCosts: CostDraft = {
  availabilityGbpPerMwH: '10',
  utilisationGbpPerMwh: '200',
  reinforcementGbp: '150000',
  lifeYears: '40',
  discountRate: '3.5',
}

/** The draft as the API takes it, or what is wrong by field. */
export function readCosts(
  draft: CostDraft,
  year: number,
): { query: RequirementQuery | null; faults: Partial<Record<FigureName, string>> } {
  const faults: Partial<Record<FigureName, string>> = {}
  const values: Partial<Record<FigureName, number>> = {}
  for (const [name, figure] of Object.entries(costFigures) as [FigureName, Figure][]) {
    const value = readFigure(draft[name], figure)
    if (value === null) faults[name] = figureFault(draft[name], figure) ?? ''
    else values[name] = value
  }
  return { query: Object.keys(faults).length > 0 ? null : ({ ...values, year } as RequirementQuery), faults }
}
