import type { Log } from '../../platform/log/index.ts'
import type { Change, Registers } from './registers.ts'
import type { DataOf, Snapshot } from './rules.ts'
import type { Unknowns } from './unknowns.ts'

/** Who has registered what was let in without anybody's word. */
export const acceptedById = 'accept-unknown'
const by = { actor: 'accepted unseen', actorId: acceptedById }

/** The model of a charge point of which nothing is known. */
const anyMake = 'any-make'

/** Its requirements: what OCPP 1.6 and IEC 61851 let every charge point do, with a wide gap between set points. */
const anyMakeData: DataOf<'models'> = {
  vendor: 'not known',
  sockets: 1,
  coupling: 'independent',
  phases: 3,
  maxCurrentA: 32,
  minCurrentA: 6,
  canPause: true,
  minSetpointGapS: 10,
  replug: 'new-transaction',
  reportingIntervalS: 60,
  byRoute: null,
}

/** More sockets than any charge point has. */
const mostSockets = 20
/** Charge points that are let in unseen: anybody who reaches the port can make up identities. */
const mostAccepted = 1_000

/** Charge points that are not registered: noted, and where that is allowed, let in and registered with safe defaults (K9). */
export class Newcomers {
  readonly #parts: { registers: Registers; unknowns: Unknowns; log: Log }
  readonly isOpen: boolean

  constructor(parts: { registers: Registers; unknowns: Unknowns; log: Log }, isOpen: boolean) {
    this.#parts = parts
    this.isOpen = isOpen
  }

  /** A charge point that is not registered called, and was not let in. */
  async refused(identity: string, address: string): Promise<void> {
    await this.#parts.unknowns.saw('charge-point', identity, { depotId: null, place: address })
  }

  /** Registers a charge point with safe defaults; `false` where that is not allowed, or there is no depot for it. */
  async accept(identity: string, address: string): Promise<boolean> {
    const { registers, unknowns, log } = this.#parts
    const depotId = this.isOpen ? placeFor(registers.now(), identity) : null
    if (depotId === null || acceptedCount(registers) >= mostAccepted) return false
    await registers.change(
      acceptance(registers.now(), identity, depotId),
      by,
      async () => undefined,
      () => {
        if (registers.now().chargePoints.has(identity)) throw new Error(`${identity} has been registered meanwhile`)
      },
    )
    await unknowns.saw('charge-point', identity, { depotId, place: address })
    log.warn({ identity, depotId, address }, 'let in a charge point that is not registered, with safe defaults')
    return true
  }

  /** A charge point that was let in speaks of a socket that it was not known to have. */
  async grow(identity: string, socket: number): Promise<void> {
    const { registers } = this.#parts
    const known = registers.history('chargePoints', identity).at(-1)
    if (
      known?.changedById !== acceptedById ||
      socket < 1 ||
      socket > mostSockets ||
      socket <= (known.data.sockets ?? 1)
    )
      return
    const change: Change<'chargePoints'> = {
      register: 'chargePoints',
      key: identity,
      data: { ...known.data, sockets: socket },
    }
    await registers.change([change], by, async () => undefined)
  }
}

/** The depot whose identifier begins the identity, else the first; `null`: there is none. */
function placeFor({ depots }: Snapshot, identity: string): string | null {
  const ids = [...depots.keys()].sort()
  return ids.find((depotId) => identity.startsWith(`${depotId}-`)) ?? ids[0] ?? null
}

function acceptedCount(registers: Registers): number {
  const all = [...registers.now().chargePoints.keys()]
  return all.filter((key) => registers.history('chargePoints', key).at(-1)?.changedById === acceptedById).length
}

const unsaid = { controller: null, quirks: null }

function acceptance({ models, depots }: Snapshot, identity: string, depotId: string): Change[] {
  const feeders = depots.get(depotId)?.feeders ?? []
  const feeder = (feeders.find(({ role }) => role === 'ev') ?? feeders[0])?.feeder ?? 1
  const rest = { serial: null, mpan: null, phase: null, firmware: null, backOffice: null, sockets: 1, ...unsaid }
  const data: DataOf<'chargePoints'> = { depotId, feeder, model: anyMake, route: 'direct', ...rest }
  return [
    ...(models.has(anyMake) ? [] : [{ register: 'models' as const, key: anyMake, data: anyMakeData }]),
    { register: 'chargePoints', key: identity, data },
  ]
}
