import { showToken } from '../charge-points/card-reader.ts'
import type { ChargePoint } from '../charge-points/charge-point.ts'
import { newcomer } from '../charge-points/connector-state.ts'
import type { Vehicle } from '../vehicles/vehicle.ts'
import type { LiveDepot, World } from './world.ts'

/** Faults and events to inject. Units notice effects on vehicles at their next minute. */
export interface Controls {
  /** Cuts a unit's link and keeps it down until `reconnect`; the unit continues to charge by its profiles. */
  disconnect(identity: string): Promise<void>
  reconnect(identity: string): Promise<void>
  /** Makes a connector fail: its transaction ends, and no power flows until it is repaired. */
  fail(identity: string, connectorId: number): Promise<void>
  repair(identity: string, connectorId: number): Promise<void>
  /** Unplugs a vehicle; it does not return before its next trip. */
  unplug(identity: string, connectorId: number): void
  /** Plugs a visiting vehicle into a free socket, where it stays until `unplug`. */
  plugIn(identity: string, connectorId: number, vehicle: Vehicle): void
  /** Holds a token to the reader beside a socket; resolves when the unit has dealt with it. */
  showToken(identity: string, connectorId: number, idTag: string): Promise<void>
  /** Ends a charge by the token that began it; nothing happens without a charge. */
  endByToken(identity: string, connectorId: number): Promise<void>
  /** Pulls a vehicle's cable out and plugs it in again at once. */
  replug(identity: string, connectorId: number): Promise<void>
  /** Puts a unit's clock ahead (behind: negative), and has it ignore the time that it is told; 0 sets it right again. */
  setClock(identity: string, aheadS: number): void
  /** Has a unit restart with other firmware; charges end, and it is back at its next attempt. */
  installFirmware(identity: string, version: string): Promise<void>
  /** Keeps all vehicles away from a depot's sockets until it is opened again. */
  setEmpty(depotId: string, empty: boolean): void
  /** Adds a load to a depot's building, W, in place of what was added before; 0 for none. */
  addLoad(depotId: string, watts: number): void
  /** Keeps a depot's site loads back; what was kept is delivered with the first after that. */
  holdSiteLoad(depotId: string, held: boolean): void
}

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a table of controls, each of them short, over what they share.
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

  const depotNamed = (depotId: string): LiveDepot =>
    found(world.depots, (depot) => depot.site.depot.depotId === depotId, depotId)

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
      Object.assign(state, newcomer)
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
      if (socket.vehicle) throw new Error(`${identity}/${connectorId} already has a vehicle`)
      socket.vehicle = vehicle
    },
    async showToken(identity, connectorId, idTag) {
      await showToken(unitOf(identity), stateOf(identity, connectorId), idTag, unitOf(identity).nowMs())
    },
    async endByToken(identity, connectorId) {
      const [unit, state] = [unitOf(identity), stateOf(identity, connectorId)]
      const { transaction } = state.connector
      if (transaction) await showToken(unit, state, transaction.idTag, unit.nowMs())
    },
    async replug(identity, connectorId) {
      const unit = unitOf(identity)
      unit.electrical.advance(unit.nowMs())
      unit.replug(stateOf(identity, connectorId), unit.nowMs())
      await unit.link.flush()
    },
    setClock(identity, aheadS) {
      unitOf(identity).setClock(aheadS * 1_000, aheadS !== 0)
    },
    async installFirmware(identity, version) {
      const unit = unitOf(identity)
      for (const state of unit.states) unit.stop(state, 'Reboot', unit.nowMs())
      await unit.link.flush()
      unit.runFirmware(version, unit.nowMs())
      await unit.link.hangUp()
    },
    addLoad(depotId, watts) {
      depotNamed(depotId).addedLoadW = watts
    },
    holdSiteLoad(depotId, held) {
      depotNamed(depotId).feed.isHeld = held
    },
    setEmpty(depotId, empty) {
      const { site } = depotNamed(depotId)
      for (const socket of site.sockets) socket.closed = empty
    },
  }
}

function found<T>(all: readonly T[], fits: (item: T) => boolean, name: string): T {
  const item = all.find(fits)
  if (!item) throw new Error(`the simulated world has no ${name}`)
  return item
}
