import type { ChargePointModel } from '../../../schemas/fsp/depots.ts'
import type { Socket } from '../vehicles/layout.ts'
import { charge, leastPowerW, powerTakenW, type Vehicle, volts } from '../vehicles/vehicle.ts'
import { connectorLimit, type InstalledProfile, type TransactionState, unitLimit } from './charging-profiles.ts'

/** A charge in progress. */
export interface Transaction extends TransactionState {
  readonly idTag: string
  /** Whether the central system refused the token after the charge had begun. */
  refused: boolean
}

/** The electrical side of a connector. */
export interface Connector {
  readonly socket: Socket
  /** The connector's meter since installation, Wh; messages carry whole Wh. */
  registerWh: number
  /** The vehicle that the unit has noticed; the one at the socket may be newer. */
  occupant: Vehicle | null
  transaction: Transaction | null
}

/** What a unit offers to each of its connectors, and until when at least. */
interface Offers {
  offeredW: number[]
  fromMs: number
  untilMs: number
}

/**
 * Current, energy and limits of one unit. Energy is computed exactly, whenever something changes or is read: limits change at the
 * instants stated in the profiles, and between them charging has a closed form.
 */
export class ElectricalUnit {
  readonly connectors: readonly Connector[]
  readonly #model: ChargePointModel
  #profiles: readonly InstalledProfile[] = []
  #offers: Offers | null = null
  #atMs: number

  /** @param registersWh readings of the connectors' meters at the start. */
  constructor(model: ChargePointModel, sockets: readonly Socket[], atMs: number, registersWh: readonly number[]) {
    this.#model = model
    this.#atMs = atMs
    this.connectors = sockets.map((socket, i) => ({
      socket,
      registerWh: registersWh[i] ?? 0,
      occupant: null,
      transaction: null,
    }))
  }

  get profiles(): readonly InstalledProfile[] {
    return this.#profiles
  }

  /** Replaces the profiles, as of an instant. */
  setProfiles(profiles: readonly InstalledProfile[], atMs: number): void {
    this.advance(atMs)
    this.#profiles = profiles
    this.#offers = null
  }

  /** Begins or ends a connector's transaction, as of an instant. When it ends, its profiles are removed. */
  setTransaction(connector: Connector, transaction: Transaction | null, atMs: number): void {
    this.advance(atMs)
    connector.transaction = transaction
    if (!transaction) {
      const { connectorId } = connector.socket
      this.#profiles = this.#profiles.filter(
        (p) => p.connectorId !== connectorId || p.profile.chargingProfilePurpose !== 'TxProfile',
      )
    }
    this.#offers = null
  }

  /** Computes the energy up to an instant. */
  advance(toMs: number): void {
    while (this.#atMs < toMs) {
      const { offeredW, untilMs } = this.#offersAt(this.#atMs)
      const endMs = Math.min(toMs, untilMs)
      const hours = (endMs - this.#atMs) / 3_600_000
      for (const [i, connector] of this.connectors.entries()) {
        const vehicle = charging(connector)
        if (vehicle) connector.registerWh += charge(vehicle, offeredW[i] ?? 0, hours)
      }
      this.#atMs = endMs
    }
  }

  /** Power that a connector may deliver now, W: what its profiles and the unit allow, subject to the model's restrictions. */
  offeredW(connector: Connector, atMs: number): number {
    return this.#offersAt(atMs).offeredW[this.connectors.indexOf(connector)] ?? 0
  }

  /** Power that a connector delivers, W. */
  powerW(connector: Connector, atMs: number): number {
    const vehicle = charging(connector)
    return vehicle ? powerTakenW(vehicle, this.offeredW(connector, atMs)) : 0
  }

  /** The combined limit of the profiles for a connector (0: the whole unit), W, and until when at least. */
  compositeAt(connectorId: number, atMs: number): { limitW: number; untilMs: number } {
    const connector = this.connectors.find(({ socket }) => socket.connectorId === connectorId)
    const ratedW = this.#model.maxCurrentA * volts
    const unit = unitLimit(this.#profiles, atMs)
    if (!connector)
      return {
        limitW: Math.min(unit.limitW ?? Number.POSITIVE_INFINITY, ratedW * this.connectors.length),
        untilMs: unit.untilMs,
      }
    const own = connectorLimit(this.#profiles, connectorId, connector.transaction, atMs)
    const limitW = Math.min(unit.limitW ?? Number.POSITIVE_INFINITY, own.limitW ?? Number.POSITIVE_INFINITY, ratedW)
    return { limitW, untilMs: Math.min(unit.untilMs, own.untilMs) }
  }

  #offersAt(atMs: number): Offers {
    const known = this.#offers
    if (known && atMs >= known.fromMs && atMs < known.untilMs) return known
    const unit = unitLimit(this.#profiles, atMs)
    // A limit of the whole unit is shared equally among the connectors in use.
    const inUse = Math.max(1, this.connectors.filter(({ transaction }) => transaction).length)
    const partW = (unit.limitW ?? Number.POSITIVE_INFINITY) / inUse
    let untilMs = unit.untilMs
    const offeredW = this.connectors.map(({ socket, transaction }) => {
      const own = connectorLimit(this.#profiles, socket.connectorId, transaction, atMs)
      untilMs = Math.min(untilMs, own.untilMs)
      const limitW = Math.min(partW, own.limitW ?? Number.POSITIVE_INFINITY, this.#model.maxCurrentA * volts)
      if (limitW >= leastPowerW) return limitW
      return this.#model.canPause ? 0 : leastPowerW
    })
    this.#offers = { offeredW, fromMs: atMs, untilMs }
    return this.#offers
  }
}

/** The vehicle that draws power, if any: noticed, still there, and with a transaction. */
function charging({ socket, occupant, transaction }: Connector): Vehicle | null {
  return transaction && occupant && socket.vehicle === occupant ? occupant : null
}
