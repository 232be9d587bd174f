import { StartupError } from '../../../platform/errors/index.ts'
import type { ChargePointModel, DepotSeed } from '../../../schemas/fsp/depots.ts'
import { type ChargePointRoute, modelByRoute } from '../../../schemas/fsp/registers/subjects.ts'
import type { Vehicle } from './vehicle.ts'

/** A socket of a depot, with the vehicle there, whether or not its charge point is connected. */
export interface Socket {
  /** Index among the depot's sockets, from 0. */
  readonly index: number
  readonly connectorId: number
  readonly feeder: number
  vehicle: Vehicle | null
  /** A token that somebody holds to the reader beside it, until the unit has read it. */
  heldToken: string | null
  /** Kept empty by a test: vehicles there leave, and none arrive. */
  closed: boolean
}

/** A charge point as installed: identity, model, feeder, sockets. */
export interface Mounting {
  readonly identity: string
  /** As it behaves by its route. */
  readonly model: ChargePointModel
  readonly feeder: number
  readonly route: ChargePointRoute
  readonly backOffice: string | null
  readonly sockets: readonly Socket[]
  /** What it runs when it is installed; `null`: it does not say. */
  readonly firmware: string | null
  /** Its model under other firmwares, by firmware. */
  readonly variants: ReadonlyMap<string, ChargePointModel>
}

/** The charge points of a depot, numbered from 1 in the order of its groups. */
export function layOut(depot: DepotSeed, models: readonly ChargePointModel[]): Mounting[] {
  const mountings: Mounting[] = []
  let index = 0
  for (const group of depot.chargePoints) {
    const route = group.route ?? 'direct'
    const known = models.find((each) => each.model === group.model)
    if (!known)
      throw new StartupError(
        `Depot ${depot.depotId} has charge points of model ${group.model}, which is not in the list of models: add it to the list.`,
      )
    const model = modelByRoute(known, route)
    const variants = variantsOf(model.model, models, route)
    for (let n = 0; n < group.count; n++) {
      const sockets = Array.from({ length: model.sockets }, (_, i) => ({
        index: index++,
        connectorId: i + 1,
        feeder: group.feeder,
        vehicle: null,
        heldToken: null,
        closed: false,
      }))
      mountings.push({
        identity: identityOf(depot.depotId, mountings.length + 1),
        model,
        feeder: group.feeder,
        route,
        backOffice: group.backOffice ?? null,
        sockets,
        firmware: group.firmware ?? null,
        variants,
      })
    }
  }
  return mountings
}

/** The firmwares under which a model behaves otherwise. */
function variantsOf(
  name: string,
  models: readonly ChargePointModel[],
  route: ChargePointRoute,
): ReadonlyMap<string, ChargePointModel> {
  const prefix = `${name}@`
  const own = models.filter(({ model }) => model.startsWith(prefix))
  return new Map(own.map((model) => [model.model.slice(prefix.length), modelByRoute(model, route)]))
}

/** OCPP identity of a depot's charge point (fsp/CONTRACTS.md). */
function identityOf(depotId: string, number: number): string {
  return `${depotId}-${String(number).padStart(2, '0')}`
}

/** RFID token of a depot's vehicle, numbered from 1 (fsp/CONTRACTS.md). */
export function idTagOf(depotId: string, number: number): string {
  return `${depotId}-${String(number).padStart(3, '0')}`
}
