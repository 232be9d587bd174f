import type { ChargePointData } from '../../schemas/fsp/registers/subjects.ts'
import { volts } from '../chargepoints/rules.ts'
import type { SharedLimit, Use } from './allocation.ts'

/** The phases that the current of a socket flows in; `one`: one of the three, and it is not known which. */
export type Wiring = 'L1' | 'L2' | 'L3' | 'all' | 'one'

const phases = ['L1', 'L2', 'L3'] as const

/** How a socket is wired, by what the registers say of its charge point and its model. */
export function wiringOf(phase: ChargePointData['phase'], modelPhases: 1 | 3): Wiring {
  if (phase !== null && phase !== 'all') return phase
  return modelPhases === 3 ? 'all' : 'one'
}

/** How many phases a socket's current flows in. */
export function phaseCount(wiring: Wiring): 1 | 3 {
  return wiring === 'all' ? 3 : 1
}

/** Another supply of a depot than its own: a meter point with its agreed capacity. */
export interface Supply {
  mpan: string
  limitW: number
  phaseLimitA: number | null
  /** What else it feeds, W. */
  otherLoadW: number
}

/** What limits the vehicles of a depot together, at one instant. */
export interface SupplyState {
  /** The depot's own meter point. */
  mpan: string | null
  /** What its connection leaves for vehicles, W: the headroom of SET01. */
  headroomW: number
  /** What the vehicles of the depot may draw together for other reasons, W, by the reason. */
  caps: readonly { id: string; capW: number }[]
  /** The connection’s agreed capacity, W, its current per phase where one is stated, and what the building takes of it with the buffer, W. */
  connectionW: number
  phaseLimitA: number | null
  takenW: number
  /** Cables, with what else they carry besides vehicles, W. */
  feeders: readonly { feeder: number; mpan: string | null; ratedA: number | null; otherLoadW: number }[]
  supplies: readonly Supply[]
}

/** Where a socket is fed from. */
export interface Place {
  identity: string
  feeder: number
  /** Its own meter point, if it is another than its feeder's. */
  mpan: string | null
  wiring: Wiring
  /** What all sockets of its unit carry together, A; `null`: each carries its own. */
  unitA: number | null
}

/** The limits of a depot, and what a socket takes of each. */
export interface SupplyLimits {
  limits: SharedLimit[]
  usesOf(place: Place): Use[]
}

/** What an ampere of unknown phase takes of each phase where no limit of a phase is stated: sockets are assumed to be spread evenly. */
const evenly = 1 / 3

/**
 * The limits that the sockets of a depot share: what the connection leaves, caps on all vehicles, each phase of the connection, other
 * meter points, the phases of each feeder with a rating, and units whose sockets share a current. A socket on another meter point than
 * the depot's takes nothing of the connection. A total counts the amperes of all phases.
 *
 * An ampere of which the phase is not known counts on every phase of a limit that is stated: it could flow in any. A connection
 * without a stated current per phase is taken to carry a third of its capacity on each, which binds only what is known to be on one.
 */
export function supplyLimits(state: SupplyState, places: readonly Place[]): SupplyLimits {
  const limits: SharedLimit[] = []
  const indexes = new Map<string, number>()
  const add = (id: string, capacityA: number) => {
    indexes.set(id, limits.length)
    limits.push({ id, capacityA: Math.max(0, capacityA) })
  }
  const addPhases = (id: string, capacityA: number) => {
    for (const phase of phases) add(`${id}/${phase}`, capacityA)
  }
  add('connection', state.headroomW / volts)
  for (const { id, capW } of state.caps) add(id, capW / volts)
  const perPhaseA = state.phaseLimitA ?? state.connectionW / volts / 3
  addPhases('connection', perPhaseA - state.takenW / volts / 3)
  for (const { mpan, limitW, phaseLimitA, otherLoadW } of state.supplies) {
    add(`mpan-${mpan}`, (limitW - otherLoadW) / volts)
    if (phaseLimitA !== null) addPhases(`mpan-${mpan}`, phaseLimitA - otherLoadW / volts / 3)
  }
  for (const { feeder, ratedA, otherLoadW } of state.feeders)
    if (ratedA !== null) addPhases(`feeder-${feeder}`, ratedA - otherLoadW / volts / 3)
  for (const { identity, unitA } of places)
    if (unitA !== null && !indexes.has(`unit-${identity}`)) add(`unit-${identity}`, unitA)

  const use = (id: string, factor: number): Use[] => {
    const limit = indexes.get(id)
    return limit === undefined ? [] : [{ limit, factor }]
  }
  const phasesTaken = (id: string, wiring: Wiring, unknown: number): Use[] =>
    phases.flatMap((phase) => {
      const factor = wiring === 'all' || wiring === phase ? 1 : wiring === 'one' ? unknown : 0
      return factor === 0 ? [] : use(`${id}/${phase}`, factor)
    })

  return {
    limits,
    usesOf({ identity, feeder, mpan: own, wiring, unitA }) {
      const total = phaseCount(wiring)
      const mpan = own ?? state.feeders.find((each) => each.feeder === feeder)?.mpan ?? state.mpan
      const isElsewhere = mpan !== state.mpan && indexes.has(`mpan-${mpan}`)
      const supply = isElsewhere ? `mpan-${mpan}` : 'connection'
      const isStated = isElsewhere || state.phaseLimitA !== null
      return [
        ...use(supply, total),
        ...state.caps.flatMap(({ id }) => use(id, total)),
        ...phasesTaken(supply, wiring, isStated ? 1 : evenly),
        ...phasesTaken(`feeder-${feeder}`, wiring, 1),
        ...(unitA === null ? [] : use(`unit-${identity}`, 1)),
      ]
    },
  }
}

/** Takes what cannot be commanded out of the limits, A by place. What would leave less than nothing leaves nothing. */
export function withoutDraws(
  { limits, usesOf }: SupplyLimits,
  draws: readonly { place: Place; currentA: number }[],
): SharedLimit[] {
  const left = limits.map(({ capacityA }) => capacityA)
  for (const { place, currentA } of draws)
    for (const { limit, factor } of usesOf(place)) left[limit] = (left[limit] as number) - factor * currentA
  return limits.map(({ id }, i) => ({ id, capacityA: Math.max(0, left[i] as number) }))
}
