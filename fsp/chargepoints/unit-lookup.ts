import { ProblemError } from '../../platform/http/index.ts'
import type { Unit, Units } from './units.ts'

interface Named {
  depotId: string
  identity: string
}

/** A depot's charge point by its identity. Throws not-found if it has none. */
export function unitOfDepot(units: Units, { depotId, identity }: Named): Unit {
  const unit = units.find(identity)
  if (unit?.depotId !== depotId)
    throw new ProblemError('not-found', `Depot ${depotId} has no charge point ${identity}.`)
  return unit
}

/** The same if it is connected; else throws conflict. */
export function linkedUnit(units: Units, named: Named): Unit & { link: NonNullable<Unit['link']> } {
  const unit = unitOfDepot(units, named)
  if (!isLinked(unit)) throw new ProblemError('conflict', `${unit.identity} is not connected: wait until it is.`)
  return unit
}

function isLinked(unit: Unit): unit is Unit & { link: NonNullable<Unit['link']> } {
  return unit.link !== null
}
