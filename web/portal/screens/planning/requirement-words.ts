import type { DemandRequirement } from '../../../../schemas/planning/demand-runs.ts'
import { Money } from '../../../../schemas/vocabulary/money.ts'
import { gbp, power } from '../../../shared/format/power.ts'

/** What a year of flexibility costs beside a year of reinforcement, in a sentence. */
export function costsInWords({ year, greatestNeedW, costs }: DemandRequirement): string {
  if (greatestNeedW === 0) return `In ${year} EV demand stays within the headroom: nothing has to be bought.`
  const { flexibilityGbp, reinforcementGbp } = costs
  const more = new Money(flexibilityGbp).minus(reinforcementGbp)
  const than = more.isZero()
    ? 'as much as'
    : `${gbp(more.abs().toFixed(2))} ${more.isNegative() ? 'less' : 'more'} than`
  return `Up to ${power(greatestNeedW)} of turn-down is needed in ${year}. Flexibility costs ${gbp(flexibilityGbp)} in that year, ${than} a year of reinforcement at ${gbp(reinforcementGbp)}.`
}

/** The season that ratings know it by. */
export const seasonWords: Record<DemandRequirement['seasons'][number]['season'], string> = {
  winter: 'Winter',
  summer: 'Summer',
}
