import type { UnitConstraints } from '../../../schemas/market/parties.ts'
import { brokenField, failure, type Outcome, type Refusal, success } from '../../../schemas/vocabulary/outcome.ts'

/** What the rules need to know about a DER. */
interface RatedDer {
  derId: string
  connectionId: string
  mpan: string
  ratedW: number
}

/** The first of a unit's DERs, if all are behind one connection. */
export function firstOfUnit<D extends RatedDer>(ders: readonly D[]): Outcome<D> {
  const [first] = ders
  if (!first)
    return failure(
      brokenField('derIds', 'names no DER: name one, or state the nodeId or groupId of an FU over many connections'),
    )
  if (ders.every((d) => d.connectionId === first.connectionId)) return success(first)
  return failure(
    brokenField('derIds', 'are behind different connections: state the nodeId or groupId that they are all behind'),
  )
}

/** Why an FU cannot be turned down by as much; one without DERs yet is bounded by those that join. */
export function ratingFault(ders: readonly RatedDer[], maxTurnDownW: number): Refusal | null {
  const ratedW = ders.reduce((sum, d) => sum + d.ratedW, 0)
  if (ders.length === 0 || maxTurnDownW <= ratedW) return null
  return brokenField('maxTurnDownW', `is more than the ${ratedW} W that its DERs are rated for`)
}

/** An FU whose minimum turn-down is above its maximum could never be dispatched. */
export function constraintsFault(constraints: UnitConstraints | null, maxTurnDownW: number): Refusal | null {
  if (!constraints || constraints.minimumTurnDownW <= maxTurnDownW) return null
  const message = `is more than the ${maxTurnDownW} W that the FU can be turned down by`
  return brokenField('limits.minimumTurnDownW', message)
}
