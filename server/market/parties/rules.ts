import type { UnitConstraints } from '../../../schemas/market/parties.ts'
import { brokenField, failure, type Outcome, type Refusal, success } from '../../../schemas/vocabulary/outcome.ts'
import { type Direction, direction } from '../../../schemas/vocabulary/units.ts'

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

/** How far an FU can go in each direction, W. */
export interface Capability {
  maxTurnDownW: number
  maxTurnUpW: number
}

/** A registered FU, as far as what is offered of it goes. */
export interface RegisteredUnit extends Capability {
  name: string
}

/** How far an FU can go in a direction, W. */
export function capabilityOf(unit: Capability, way: Direction): number {
  return way === 'turn-up' ? unit.maxTurnUpW : unit.maxTurnDownW
}

/** The directions that an FU can go in. */
export function directionsOf(unit: Capability): Direction[] {
  return direction.options.filter((way) => capabilityOf(unit, way) > 0)
}

/** Why an FU cannot be asked for so many W in a direction; `null` if it can. */
export function capabilityFault(unit: RegisteredUnit, way: Direction, powerW: number): string | null {
  const mostW = capabilityOf(unit, way)
  if (powerW <= mostW) return null
  if (way === 'turn-up') return `is more than the ${mostW} W that ${unit.name} is registered to turn up by`
  return `is more than the ${mostW} W that ${unit.name} is registered for`
}

/** Why an FU cannot go as far; one without DERs yet is bounded by those that join. */
export function ratingFault(ders: readonly RatedDer[], { maxTurnDownW, maxTurnUpW }: Capability): Refusal | null {
  const ratedW = ders.reduce((sum, d) => sum + d.ratedW, 0)
  if (ders.length === 0) return null
  const message = `is more than the ${ratedW} W that its DERs are rated for`
  if (maxTurnDownW > ratedW) return brokenField('maxTurnDownW', message)
  return maxTurnUpW > ratedW ? brokenField('maxTurnUpW', message) : null
}

/** An FU whose minimum turn-down is above its maximum could never be dispatched. */
export function constraintsFault(constraints: UnitConstraints | null, unit: Capability): Refusal | null {
  const ways = directionsOf(unit)
  const maxTurnDownW = ways.length === 0 ? 0 : Math.min(...ways.map((way) => capabilityOf(unit, way)))
  if (!constraints || constraints.minimumTurnDownW <= maxTurnDownW) return null
  const message = `is more than the ${maxTurnDownW} W that the FU can be ${unit.maxTurnUpW > 0 ? 'turned down and up' : 'turned down'} by`
  return brokenField('limits.minimumTurnDownW', message)
}
