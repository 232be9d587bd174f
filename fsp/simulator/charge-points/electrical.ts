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
  /** Whether it keeps no limit: its cable was out, and it has not been sent one since. */
  isUnbound: boolean
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
  /** The model as it behaves under the present firmware. */
  readonly #model: () => ChargePointModel
  /** How far the unit's clock is ahead, ms: it reads the times of limits by it. */
  #clockAheadMs = 0
  #profiles: readonly InstalledProfile[] = []
  #offers: Offers | null = null
  #atMs: number

  /** @param registersWh readings of the connectors' meters at the start. */
  constructor(model: () => ChargePointModel, sockets: readonly Socket[], atMs: number, registersWh: readonly number[]) {
    this.#model = model
    this.#atMs = atMs
    this.connectors = sockets.map((socket, i) => ({
      socket,
      registerWh: registersWh[i] ?? 0,
      occupant: null,
      transaction: null,
      isUnbound: false,
    }))
  }

  get profiles(): readonly InstalledProfile[] {
    return this.#profiles
  }

  /** Replaces the profiles, as of an instant. */
  setProfiles(profiles: readonly InstalledProfile[], atMs: number): void {
    this.advance(atMs)
    for (const connector of this.connectors)
      if (profiles.some((held) => isOfCharge(held, connector) && !this.#profiles.includes(held)))
        connector.isUnbound = false
    this.#profiles = profiles
    this.#offers = null
  }

  /** Takes another clock. Energy must have been computed up to now. */
  setClock(aheadMs: number): void {
    this.#clockAheadMs = aheadMs
    this.#offers = null
  }

  /** Frees a connector of every limit until it is sent one: some units do so when a cable is plugged in again. */
  unbind(connector: Connector, atMs: number): void {
    this.advance(atMs)
    connector.isUnbound = true
    this.#profiles = this.#profiles.filter((held) => !isOfCharge(held, connector))
    this.#offers = null
  }

  /** Begins or ends a connector's transaction, as of an instant. When it ends, its profiles are removed. */
  setTransaction(connector: Connector, transaction: Transaction | null, atMs: number): void {
    this.advance(atMs)
    connector.transaction = transaction
    connector.isUnbound = false
    if (!transaction) this.#profiles = this.#profiles.filter((held) => !isOfCharge(held, connector))
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
    const ratedW = this.#model().maxCurrentA * volts
    const ownMs = atMs + this.#clockAheadMs
    const unit = unitLimit(this.#profiles, ownMs)
    if (!connector)
      return {
        limitW: Math.min(unit.limitW ?? Number.POSITIVE_INFINITY, ratedW * this.connectors.length),
        untilMs: unit.untilMs - this.#clockAheadMs,
      }
    const own = connectorLimit(this.#profiles, connectorId, connector.transaction, ownMs)
    const limitW = Math.min(unit.limitW ?? Number.POSITIVE_INFINITY, own.limitW ?? Number.POSITIVE_INFINITY, ratedW)
    return { limitW, untilMs: Math.min(unit.untilMs, own.untilMs) - this.#clockAheadMs }
  }

  #offersAt(atMs: number): Offers {
    const known = this.#offers
    if (known && atMs >= known.fromMs && atMs < known.untilMs) return known
    const { maxCurrentA, canPause, coupling } = this.#model()
    const ownMs = atMs + this.#clockAheadMs
    const unit = unitLimit(this.#profiles, ownMs)
    const inUse = Math.max(1, this.connectors.filter(({ transaction }) => transaction).length)
    // A limit of the whole unit, and the current of sockets that have one together, are shared equally among the connectors in use.
    const together = coupling === 'shared-current' ? maxCurrentA * volts : Number.POSITIVE_INFINITY
    const partW = Math.min(unit.limitW ?? Number.POSITIVE_INFINITY, together) / inUse
    let { untilMs } = unit
    const offeredW = this.connectors.map(({ socket, transaction, isUnbound }) => {
      const own = connectorLimit(this.#profiles, socket.connectorId, transaction, ownMs)
      untilMs = Math.min(untilMs, own.untilMs)
      const ownW = isUnbound ? Number.POSITIVE_INFINITY : (own.limitW ?? Number.POSITIVE_INFINITY)
      const limitW = Math.min(partW, ownW, maxCurrentA * volts)
      if (limitW >= leastPowerW) return limitW
      return canPause ? 0 : leastPowerW
    })
    this.#offers = { offeredW, fromMs: atMs, untilMs: untilMs - this.#clockAheadMs }
    return this.#offers
  }
}

/** Whether a profile limits the present charge of a connector. */
function isOfCharge({ connectorId, profile }: InstalledProfile, { socket }: Connector): boolean {
  return connectorId === socket.connectorId && profile.chargingProfilePurpose === 'TxProfile'
}

/** The vehicle that draws power, if any: noticed, still there, and with a transaction. */
function charging({ socket, occupant, transaction }: Connector): Vehicle | null {
  return transaction && occupant && socket.vehicle === occupant ? occupant : null
}
