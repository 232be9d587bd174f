import type { Mounting, RegisteredModel } from '../registers/index.ts'
import { ClockWatch } from './clock-watch.ts'
import type { UnitLink } from './port.ts'
import { allowedLimitA, limitedW, safeLimitA } from './rules.ts'

/** A token that was shown at a charge point's reader. */
export interface ShownToken {
  idTag: string
  atMs: number
  isAccepted: boolean
}

/** A vehicle whose charge is over and that has not been unplugged, by its token. */
export interface LeftVehicle {
  idTag: string
  authorisedMs: number | null
}

export interface OpenTransaction {
  transactionId: number
  /** The unit's own name for it, where it gives one (OCPP 2.0.1). */
  unitTransactionId: string | null
  /** Empty where nobody showed one. */
  idTag: string
  /** When the token was shown; `null`: that did not reach us. */
  authorisedMs: number | null
  startMs: number
  startWh: number
  /** Whether the unit has stated the register at the start; else the first reading counts as that. */
  isStartKnown: boolean
  /** The register as last read. */
  lastWh: number
  lastReadMs: number
  /** Since when the unit gives signs that it is over: it is finishing, or has booted. `null`: none, or a later sign that it goes on. */
  doubtedMs: number | null
  /** Whether the unit has been told its number: before that it refuses a limit for it. */
  isTold: boolean
  /** What the vehicle itself asked for (ISO 15118), when, and the register at that time, Wh; `null`: nothing. */
  needs: (VehicleNeeds & { saidMs: number; registerWh: number }) | null
}

/** What a vehicle says that it needs (ISO 15118, by NotifyEVChargingNeeds of OCPP 2.0.1). What it leaves out is `null`. */
export interface VehicleNeeds {
  energyWh: number | null
  departureMs: number | null
  /** Of alternating current, per phase. */
  leastA: number | null
  mostA: number | null
  stateOfChargePercent: number | null
}

/** What a connector should be told, until it has acknowledged it. */
export interface Wanted {
  limitA: number
  decidedMs: number
  expiresMs: number
  attempts: number
  retryMs: number
}

/** A socket's power; `null`: the unit reported, but not its power. */
export interface PowerSample {
  atMs: number
  powerW: number | null
}

/** A socket as the central system sees it. */
export interface Connector {
  readonly unit: Unit
  readonly connector: number
  status: string | null
  /** When it took that status on, as the unit stamped it, as far as that is believed. */
  statusMs: number | null
  /** What the unit says is wrong with it; `null`: nothing. */
  fault: { errorCode: string; detail: string | null } | null
  /** A vehicle that still stands there after its charge. */
  left: LeftVehicle | null
  transaction: OpenTransaction | null
  /** Power over the last minutes, oldest first. */
  samples: PowerSample[]
  wanted: Wanted | null
  /** What the unit last acknowledged for the present transaction; `changedMs`: since when it has been this limit. */
  inForce: { limitA: number; sentMs: number; validToMs: number; changedMs: number } | null
  /** What a commissioning run may let it draw, A: the optimiser leaves it alone, and its current to it; `null`: there is none. */
  triedA: number | null
  /** The highest current that the vehicle was seen to draw, A. */
  drawCeilingA: number | null
}

export interface Unit {
  readonly identity: string
  /** These follow the register while the FSP runs. */
  depotId: string
  route: Mounting['route']
  backOffice: Mounting['backOffice']
  feeder: number
  controller: string | null
  /** Its own meter point; `null`: its feeder's, or the depot's. */
  mpan: string | null
  phase: Mounting['phase']
  model: RegisteredModel
  connectors: readonly Connector[]
  link: UnitLink | null
  /** How its clock compares with ours. */
  readonly clock: ClockWatch
  lastHeardMs: number | null
  /** The token that was last shown at its reader. */
  lastToken: ShownToken | null
  /** When it last introduced itself to us, since we run. */
  bootedMs: number | null
  lastSentMs: number | null
  /** Resolves once the unit has its standing limit. */
  introduced: Promise<void>
}

/** Keep samples for as long as a site load may be late. */
const samplesKeptMs = 20 * 60_000

/** What changed when the charge points were brought up to the registers. */
export interface Synced {
  /** Units that stand no longer. */
  removed: readonly Unit[]
}

/** Every charge point of every depot, by its identity: those in the register, as it has them now. */
export class Units {
  readonly #byIdentity = new Map<string, Unit>()
  #byDepot = new Map<string, Connector[]>()

  get all(): readonly Unit[] {
    return [...this.#byIdentity.values()]
  }

  /** Brings the charge points up to the register. One that stays keeps its connection, its transactions and its samples. */
  sync(mountings: readonly Mounting[]): Synced {
    const stays = new Set(mountings.map(({ identity }) => identity))
    const removed = this.all.filter(({ identity }) => !stays.has(identity))
    for (const { identity } of removed) this.#byIdentity.delete(identity)
    for (const mounting of mountings) {
      const known = this.#byIdentity.get(mounting.identity)
      if (known) adapt(known, mounting)
      else this.#byIdentity.set(mounting.identity, makeUnit(mounting))
    }
    const connectors = this.all.flatMap((unit) => unit.connectors)
    this.#byDepot = Map.groupBy(connectors, ({ unit }) => unit.depotId)
    return { removed }
  }

  find(identity: string): Unit | undefined {
    return this.#byIdentity.get(identity)
  }

  connectorsOf(depotId: string): readonly Connector[] {
    return this.#byDepot.get(depotId) ?? []
  }

  /** What a depot's vehicles drew at an instant, by their newest samples up to it, W; `null` if a socket's power is unknown. */
  evLoadW(depotId: string, atMs: number): number | null {
    let sum = 0
    for (const { samples } of this.connectorsOf(depotId)) {
      const { powerW } = samples.findLast((sample) => sample.atMs <= atMs) ?? { powerW: 0 }
      if (powerW === null) return null
      sum += powerW
    }
    return sum
  }

  /**
   * The least that a depot's vehicles drew at an instant, W; `null` where a socket's power is unknown. A unit without a link falls back to its
   * standing safe limit: what it drew before would make the building seem smaller than it is, and leave more for the others.
   * @param counts which charge points: all by default.
   */
  leastEvLoadW(depotId: string, atMs: number, counts: (unit: Unit) => boolean = () => true): number | null {
    let sum = 0
    for (const connector of this.connectorsOf(depotId)) {
      if (!counts(connector.unit)) continue
      const { powerW } = connector.samples.findLast((sample) => sample.atMs <= atMs) ?? { powerW: 0 }
      if (powerW === null) return null
      const isUnheard = connector.unit.link === null && isSilent(connector, atMs)
      const { model } = connector.unit
      sum += isUnheard ? Math.min(powerW, limitedW(model, allowedLimitA(model, safeLimitA))) : powerW
    }
    return sum
  }

  /** What of a depot's sockets cannot be controlled, and at how many a vehicle stands. Charge points that never spoke do not stand yet. */
  equipment(depotId: string): { sockets: number; withoutLink: number; faulted: number; pluggedIn: number } {
    const all = this.connectorsOf(depotId).filter(({ unit }) => hasSpoken(unit))
    const linked = all.filter(({ unit }) => unit.link !== null)
    return {
      sockets: all.length,
      withoutLink: all.length - linked.length,
      faulted: linked.filter(({ status }) => status === 'Faulted' || status === 'Unavailable').length,
      pluggedIn: all.filter(({ status, transaction }) => transaction !== null || standing.includes(status ?? ''))
        .length,
    }
  }

  /** What a depot's charge points meter at an instant, W: as `evLoadW`, and `null` too where one that charges has fallen silent. */
  meteredW(depotId: string, atMs: number): number | null {
    const isUnheard = this.connectorsOf(depotId).some((connector) => isSilent(connector, atMs))
    return isUnheard ? null : this.evLoadW(depotId, atMs)
  }
}

function hasSpoken({ link, connectors }: Unit): boolean {
  return link !== null || connectors.some(({ status }) => status !== null)
}

/** Without a charge, a vehicle that has no token yet, or whose charge is over. */
const standing = ['Preparing', 'Finishing']

/** A charge is read every minute; a socket that charges and has not been read for so long has lost its link. */
const heardMs = 3 * 60_000

function isSilent({ transaction, status, unit, samples }: Connector, atMs: number): boolean {
  if (transaction === null || (status !== 'Charging' && unit.link !== null)) return false
  const last = samples.findLast((sample) => sample.atMs <= atMs)
  return last === undefined || last.atMs <= atMs - heardMs
}

/** Stores a power sample; samples may arrive late and out of order. */
export function addSample(connector: Connector, atMs: number, powerW: number | null): void {
  const { samples } = connector
  const after = samples.findIndex((sample) => sample.atMs >= atMs)
  if (after < 0) samples.push({ atMs, powerW })
  else samples.splice(after, samples[after]?.atMs === atMs ? 1 : 0, { atMs, powerW })
  const newestMs = samples.at(-1)?.atMs ?? atMs
  while (samples.length > 1 && (samples[1]?.atMs ?? newestMs) < newestMs - samplesKeptMs) samples.shift()
}

function makeUnit(mounting: Mounting): Unit {
  const unit: Unit = {
    identity: mounting.identity,
    ...placeOf(mounting),
    lastToken: null,
    connectors: [],
    link: null,
    clock: new ClockWatch(),
    lastHeardMs: null,
    bootedMs: null,
    lastSentMs: null,
    introduced: Promise.resolve(),
  }
  unit.connectors = connectorsOf(unit)
  return unit
}

/** Takes over what the register says of a unit. A socket with a vehicle stays until the vehicle leaves. */
function adapt(unit: Unit, mounting: Mounting): void {
  Object.assign(unit, placeOf(mounting))
  const { sockets } = mounting.model
  const stays = (connector: Connector) => connector.connector <= sockets || connector.transaction !== null
  unit.connectors = connectorsOf(unit).filter(stays)
}

/** What the register says of a unit. */
function placeOf({ depotId, feeder, mpan, phase, model, route, backOffice, controller }: Mounting) {
  return { depotId, feeder, mpan, phase, model, route, backOffice, controller }
}

/** The sockets that a unit has, with those that its model states. */
function connectorsOf(unit: Unit): Connector[] {
  const known = unit.connectors.map(({ connector }) => connector)
  const stated = Array.from({ length: unit.model.sockets }, (_, i) => i + 1)
  const added = stated
    .filter((connector) => !known.includes(connector))
    .map((connector) => makeConnector(unit, connector))
  return [...unit.connectors, ...added].sort((a, b) => a.connector - b.connector)
}

function makeConnector(unit: Unit, connector: number): Connector {
  const unheard = { status: null, statusMs: null, fault: null, left: null }
  const nothing = { transaction: null, wanted: null, inForce: null, triedA: null, drawCeilingA: null }
  return { unit, connector, samples: [], ...unheard, ...nothing }
}
