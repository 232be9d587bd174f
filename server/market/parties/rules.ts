import type { UnitConstraints } from '../../../schemas/market/parties.ts'
import { brokenField, failure, type Outcome, type Refusal, success } from '../../../schemas/vocabulary/outcome.ts'

/** What the rules need to know about a DER. */
interface RatedDer {
  derId: string
  connectionId: string
  mpan: string
  ratedW: number
}

/** The first of a unit's DERs, if all are behind one connection and their rating covers the unit's turn-down. */
export function firstOfUnit(ders: readonly RatedDer[], maxTurnDownW: number): Outcome<RatedDer> {
  const [first] = ders
  if (!first || ders.some((d) => d.connectionId !== first.connectionId))
    return failure(brokenField('derIds', 'are behind different connections; register an FU for each'))
  const ratedW = ders.reduce((sum, d) => sum + d.ratedW, 0)
  if (maxTurnDownW <= ratedW) return success(first)
  return failure(brokenField('maxTurnDownW', `is more than the ${ratedW} W that its DERs are rated for`))
}

/** An FU whose minimum turn-down is above its maximum could never be dispatched. */
export function constraintsFault(constraints: UnitConstraints | null, maxTurnDownW: number): Refusal | null {
  if (!constraints || constraints.minimumTurnDownW <= maxTurnDownW) return null
  const message = `is more than the ${maxTurnDownW} W that the FU can be turned down by`
  return brokenField('limits.minimumTurnDownW', message)
}
