import { StartupError } from '../../platform/errors/index.ts'
import type { ChargePointModel, DepotSeed } from '../../schemas/fsp/depots.ts'
import { ClockWatch } from './clock-watch.ts'
import type { UnitLink } from './port.ts'

export interface OpenTransaction {
  transactionId: number
  idTag: string
  startMs: number
  startWh: number
  /** The register as last read. */
  lastWh: number
  lastReadMs: number
  /** Since when the unit gives signs that it is over: it is finishing, or has booted. `null`: none, or a later sign that it goes on. */
  doubtedMs: number | null
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
  transaction: OpenTransaction | null
  /** Power over the last minutes, oldest first. */
  samples: PowerSample[]
  wanted: Wanted | null
  /** What the unit last acknowledged for the present transaction. */
  inForce: { limitA: number; sentMs: number; validToMs: number } | null
  /** The highest current that the vehicle was seen to draw, A. */
  drawCeilingA: number | null
}

export interface Unit {
  readonly identity: string
  readonly depotId: string
  readonly feeder: number
  readonly model: ChargePointModel
  readonly connectors: readonly Connector[]
  link: UnitLink | null
  /** How its clock compares with ours. */
  readonly clock: ClockWatch
  lastHeardMs: number | null
  lastSentMs: number | null
  /** Resolves once the unit has its standing limit. */
  introduced: Promise<void>
}

/** Keep samples for as long as a site load may be late. */
const samplesKeptMs = 20 * 60_000

/** Every charge point of every depot, by its identity (fsp/CONTRACTS.md). */
export class Units {
  readonly all: readonly Unit[]
  readonly #byIdentity: Map<string, Unit>
  readonly #byDepot: Map<string, Connector[]>

  constructor(depots: readonly DepotSeed[], models: readonly ChargePointModel[]) {
    this.all = depots.flatMap((depot) => unitsOf(depot, models))
    this.#byIdentity = new Map(this.all.map((unit) => [unit.identity, unit]))
    this.#byDepot = new Map(
      depots.map(({ depotId }) => [
        depotId,
        this.all.filter((unit) => unit.depotId === depotId).flatMap((unit) => unit.connectors),
      ]),
    )
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

  /** What a depot's charge points meter at an instant, W: as `evLoadW`, and `null` too where one that charges has fallen silent. */
  meteredW(depotId: string, atMs: number): number | null {
    const isUnheard = this.connectorsOf(depotId).some((connector) => isSilent(connector, atMs))
    return isUnheard ? null : this.evLoadW(depotId, atMs)
  }
}

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

function unitsOf(depot: DepotSeed, models: readonly ChargePointModel[]): Unit[] {
  let number = 0
  return depot.chargePoints.flatMap((group) => {
    const model = models.find((known) => known.model === group.model)
    if (!model)
      throw new StartupError(
        `Depot ${depot.depotId} has charge points of model ${group.model}, which is not in the list of models: add it to the list.`,
      )
    return Array.from({ length: group.count }, () => makeUnit(depot.depotId, ++number, group.feeder, model))
  })
}

function makeUnit(depotId: string, number: number, feeder: number, model: ChargePointModel): Unit {
  const connectors: Connector[] = []
  const unit: Unit = {
    identity: `${depotId}-${String(number).padStart(2, '0')}`,
    depotId,
    feeder,
    model,
    connectors,
    link: null,
    clock: new ClockWatch(),
    lastHeardMs: null,
    lastSentMs: null,
    introduced: Promise.resolve(),
  }
  for (let connector = 1; connector <= model.sockets; connector++)
    connectors.push({
      unit,
      connector,
      status: null,
      transaction: null,
      samples: [],
      wanted: null,
      inForce: null,
      drawCeilingA: null,
    })
  return unit
}
