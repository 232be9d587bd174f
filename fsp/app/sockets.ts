import { Instant } from '@js-joda/core'
import { type ControllerView, type SocketView, socketOperations } from '../../schemas/fsp/sockets.ts'
import { type Boots, type Connector, socketState, type Unit, type Units } from '../chargepoints/index.ts'
import { bind, type Entrance, noDepot } from '../kit/index.ts'
import { vehicleOf } from '../registers/index.ts'
import type { FspContext } from './context.ts'

const timeOf = (ms: number | null | undefined) =>
  ms === null || ms === undefined ? null : Instant.ofEpochMilli(ms).toString()

/** The sockets that charge, by the token that they charge with. */
type ByToken = ReadonlyMap<string | undefined, readonly Connector[]>

export function socketsByToken({ all }: Units): ByToken {
  const charging = all.flatMap(({ connectors }) => connectors.filter(({ transaction }) => transaction !== null))
  return Map.groupBy(charging, ({ transaction }) => transaction?.idTag)
}

/** A socket with the newest of each of its measures, each with its own time (H1d, H2). */
export function socketView(context: Pick<FspContext, 'registers'>, byToken: ByToken, socket: Connector): SocketView {
  const { unit, connector, status, transaction, left, inForce } = socket
  const present = transaction ?? left
  const connected = unit.link !== null
  const inTransaction = transaction !== null
  return {
    identity: unit.identity,
    connector,
    model: unit.model.model,
    vendor: unit.model.vendor,
    feeder: unit.feeder,
    controller: unit.controller,
    state: socketState({ status, connected, inTransaction, limitA: inForce?.limitA ?? null }),
    connected,
    lastHeardAt: timeOf(unit.lastHeardMs),
    status,
    statusAt: timeOf(socket.statusMs),
    fault: socket.fault,
    ...powerOf(socket),
    setpointA: inForce?.limitA ?? null,
    setpointAt: timeOf(inForce?.sentMs),
    setpointValidTo: timeOf(inForce?.validToMs),
    vehicle: present && { ...tokenOf(context, present.idTag), authorisedAt: timeOf(present.authorisedMs) },
    transaction: transaction && {
      ...tokenOf(context, transaction.idTag),
      transactionId: transaction.transactionId,
      since: Instant.ofEpochMilli(transaction.startMs).toString(),
      energyWh: transaction.lastWh - transaction.startWh,
      alsoAt: (byToken.get(transaction.idTag) ?? [])
        .filter((other) => other !== socket)
        .map((other) => ({ identity: other.unit.identity, connector: other.connector })),
    },
  }
}

/** A socket's power as last read. One that was never read takes nothing, unless something charges there: then it is not known. */
function powerOf({ samples, transaction }: Connector): Pick<SocketView, 'powerW' | 'powerAt'> {
  const last = samples.at(-1)
  if (!last) return { powerW: transaction ? null : 0, powerAt: null }
  return { powerW: last.powerW, powerAt: timeOf(last.atMs) }
}

function tokenOf({ registers }: Pick<FspContext, 'registers'>, idTag: string) {
  return { idTag, registration: vehicleOf(registers.now(), idTag) }
}

/** TDB01: the tree of a depot, by the names of its site controllers; charge points without one come first. */
export function socketApi(context: FspContext, parts: { units: Units; boots: Boots }, entrance: Entrance) {
  return bind(socketOperations, entrance, {
    readHierarchy({ params: { depotId } }) {
      if (!context.depots.some((depot) => depot.depotId === depotId)) throw noDepot(depotId)
      const own = parts.units.all.filter((unit) => unit.depotId === depotId)
      const byToken = socketsByToken(parts.units)
      const byController = Map.groupBy(own, ({ controller }) => controller)
      return [...byController]
        .sort(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1))
        .map(
          ([controller, units]): ControllerView => ({
            controller,
            chargePoints: units.map((unit) => chargePointView(context, { ...parts, byToken }, unit)),
          }),
        )
    },
  })
}

function chargePointView(
  context: FspContext,
  { boots, byToken }: { boots: Boots; byToken: ByToken },
  unit: Unit,
): ControllerView['chargePoints'][number] {
  const { identity, model, route, backOffice, feeder, lastToken } = unit
  return {
    identity,
    model: model.model,
    vendor: model.vendor,
    firmware: boots.firmware().get(identity) ?? null,
    route,
    backOffice,
    feeder,
    connected: unit.link !== null,
    lastHeardAt: timeOf(unit.lastHeardMs),
    lastToken: lastToken && {
      ...tokenOf(context, lastToken.idTag),
      at: Instant.ofEpochMilli(lastToken.atMs).toString(),
      isAccepted: lastToken.isAccepted,
    },
    sockets: unit.connectors.map((connector) => socketView(context, byToken, connector)),
  }
}
