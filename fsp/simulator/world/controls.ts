import type { ChargePoint } from '../charge-points/charge-point.ts'
import type { Vehicle } from '../vehicles/vehicle.ts'
import type { LiveDepot, World } from './world.ts'

/** What can be made to go wrong, or to happen out of turn. Effects on vehicles are noticed by the units at their next minute. */
export interface Controls {
  /** Cuts a unit's link and keeps it down until `reconnect`; it goes on charging by the profiles that it has. */
  disconnect(identity: string): Promise<void>
  reconnect(identity: string): Promise<void>
  /** A connector fails: its transaction ends, and nothing flows until it is repaired. */
  fail(identity: string, connectorId: number): Promise<void>
  repair(identity: string, connectorId: number): Promise<void>
  /** Pulls a vehicle's plug; it does not come back before its next trip. */
  unplug(identity: string, connectorId: number): void
  /** A vehicle from elsewhere is plugged into a free socket and stays until `unplug`. */
  plugIn(identity: string, connectorId: number, vehicle: Vehicle): void
  /** No vehicle stands at any socket of a depot, until it is opened again. */
  setEmpty(depotId: string, empty: boolean): void
}

export function controlsOf(world: World): Controls {
  const unitOf = (identity: string): ChargePoint => found(world.units, (unit) => unit.identity === identity, identity)
  const stateOf = (identity: string, connectorId: number) =>
    found(
      unitOf(identity).states,
      ({ connector }) => connector.socket.connectorId === connectorId,
      `${identity}/${connectorId}`,
    )
  const depotOf = (identity: string): LiveDepot =>
    found(world.depots, ({ units }) => units.some((unit) => unit.identity === identity), identity)

  return {
    disconnect: (identity) => unitOf(identity).link.hold(),
    async reconnect(identity) {
      const unit = unitOf(identity)
      unit.link.release()
      await unit.connect()
    },
    async fail(identity, connectorId) {
      const [unit, state] = [unitOf(identity), stateOf(identity, connectorId)]
      state.faulted = true
      unit.stop(state, 'Other', unit.nowMs())
      unit.report(state, unit.nowMs())
      await unit.link.flush()
    },
    async repair(identity, connectorId) {
      const [unit, state] = [unitOf(identity), stateOf(identity, connectorId)]
      state.faulted = false
      state.done = false
      unit.report(state, unit.nowMs())
      await unit.link.flush()
    },
    unplug(identity, connectorId) {
      const { socket } = stateOf(identity, connectorId).connector
      unitOf(identity).electrical.advance(unitOf(identity).nowMs())
      const { vehicle } = socket
      socket.vehicle = null
      if (vehicle) depotOf(identity).site.traffic.tookAway(vehicle.vehicleId)
    },
    plugIn(identity, connectorId, vehicle) {
      const { socket } = stateOf(identity, connectorId).connector
      if (socket.vehicle) throw new Error(`a vehicle stands at ${identity}/${connectorId} already`)
      socket.vehicle = vehicle
    },
    setEmpty(depotId, empty) {
      const { site } = found(world.depots, (depot) => depot.site.depot.depotId === depotId, depotId)
      for (const socket of site.sockets) socket.closed = empty
    },
  }
}

function found<T>(all: readonly T[], fits: (item: T) => boolean, name: string): T {
  const item = all.find(fits)
  if (!item) throw new Error(`the simulated world has no ${name}`)
  return item
}
