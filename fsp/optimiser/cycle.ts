import type { RegisteredModel } from '../registers/index.ts'
import { allocate, type Claim, type Share, type SharedLimit, type Use } from './allocation.ts'
import { type Place, type SupplyState, supplyLimits, withoutDraws } from './supply.ts'

/** A socket with a vehicle, as one decision sees it. */
export interface CycleSocket {
  key: string
  place: Place
  model: Pick<RegisteredModel, 'maxCurrentA' | 'minCurrentA' | 'canPause' | 'coupling'>
  /** What the vehicle was seen to use at most, A; `null`: not known. */
  usefulA: number | null
  laxityMs: number
  /** What the plan gives it now, A; `null`: the plan says nothing of it. */
  plannedA: number | null
  /** What it may draw while it gets no command, A. */
  uncommandedA: number
  /** Whether it can be given a limit at all. */
  isReachable: boolean
}

/** What a socket gets and why; one that is not commanded keeps what it has. */
export interface SocketShare extends Share {
  isCommanded: boolean
}

export interface CycleResult {
  limits: SharedLimit[]
  usesOf: (place: Place) => Use[]
  shares: Map<string, SocketShare>
}

/** What bounds a socket beside the limits that it shares. */
export const boundByPlan = 'plan'
export const boundByUnit = 'one-socket-at-a-time'

/**
 * Decides the currents of a depot's sockets under its limits. Sockets that cannot be commanded are counted with what they may draw: those
 * without a link, and at a unit that takes set points one socket at a time all but the most urgent.
 * @param minimumA what every vehicle gets before any gets more, A; `null`: nothing is kept.
 */
export function decideCycle(
  state: SupplyState,
  sockets: readonly CycleSocket[],
  minimumA: number | null = null,
): CycleResult {
  const supply = supplyLimits(
    state,
    sockets.map(({ place }) => place),
  )
  const chosen = commanded(sockets)
  const others = sockets.filter((socket) => !chosen.has(socket))
  const limits = withoutDraws(
    supply,
    others.map(({ place, uncommandedA }) => ({ place, currentA: uncommandedA })),
  )
  const idle = [...chosen].filter(isHeldByPlan)
  const claims = [...chosen]
    .filter((socket) => !isHeldByPlan(socket))
    .map((socket) => claimOf(socket, supply, minimumA))
  const shares = new Map<string, SocketShare>()
  for (const [key, share] of allocate(claims, limits, { floorsFirst: minimumA !== null }))
    shares.set(key, { ...share, isCommanded: true })
  for (const socket of chosen) {
    const share = shares.get(socket.key)
    if (share?.boundBy === null && socket.plannedA !== null && socket.plannedA < mostOf(socket))
      share.boundBy = boundByPlan
  }
  const last = claims.length
  for (const [i, { key }] of idle.entries())
    shares.set(key, { limitA: 0, rank: last + i + 1, boundBy: boundByPlan, isForced: false, isCommanded: true })
  for (const [i, { key, uncommandedA, isReachable }] of others.entries()) {
    const boundBy = isReachable ? boundByUnit : null
    const rank = last + idle.length + i + 1
    shares.set(key, { limitA: uncommandedA, rank, boundBy, isForced: true, isCommanded: false })
  }
  return { limits, usesOf: supply.usesOf, shares }
}

/** The sockets that get a command: all that can be reached, but of a unit that takes one at a time only the most urgent. */
function commanded(sockets: readonly CycleSocket[]): Set<CycleSocket> {
  const chosen = new Set(sockets.filter(({ isReachable }) => isReachable))
  const alone = [...chosen].filter(({ model }) => model.coupling === 'one-at-a-time')
  for (const [, own] of Map.groupBy(alone, ({ place }) => place.identity)) {
    const [, ...rest] = own.sort((a, b) => a.laxityMs - b.laxityMs || (a.key < b.key ? -1 : 1))
    for (const socket of rest) chosen.delete(socket)
  }
  return chosen
}

/** The plan gives it nothing now, and it can wait. */
function isHeldByPlan({ plannedA, model }: CycleSocket): boolean {
  return plannedA === 0 && model.canPause
}

function mostOf({ usefulA, model }: CycleSocket): number {
  return Math.min(usefulA ?? model.maxCurrentA, model.maxCurrentA)
}

function claimOf(socket: CycleSocket, supply: ReturnType<typeof supplyLimits>, minimumA: number | null): Claim {
  const { key, model, plannedA, laxityMs, place } = socket
  const leastA = Math.ceil(model.minCurrentA)
  const mostA = Math.max(leastA, Math.min(mostOf(socket), plannedA ?? Number.POSITIVE_INFINITY))
  return {
    key,
    leastA,
    mostA,
    floorA: minimumA ?? leastA,
    canPause: model.canPause,
    laxityMs,
    uses: supply.usesOf(place),
  }
}

/** A socket that is to have another current than it holds, A, in the order of urgency. */
export interface Move {
  key: string
  place: Place
  heldA: number
  wantedA: number
}

/**
 * The moves that fit beside what the others still hold: a raise waits until the sockets that are to draw less have taken their limits, so that
 * the sum is never above what is there, whatever becomes of a message.
 */
export function movesThatFit(
  { limits, usesOf }: Pick<CycleResult, 'limits' | 'usesOf'>,
  moves: readonly Move[],
): Set<string> {
  const left = limits.map(({ capacityA }) => capacityA)
  const take = (place: Place, ampere: number) => {
    for (const { limit, factor } of usesOf(place)) left[limit] = (left[limit] as number) - factor * ampere
  }
  for (const { place, heldA } of moves) take(place, heldA)
  const fitting = new Set<string>()
  for (const { key, place, heldA, wantedA } of moves) {
    const more = wantedA - heldA
    const fits = usesOf(place).every(({ limit, factor }) => (left[limit] as number) >= factor * more - 1e-6)
    if (more > 0 && !fits) continue
    fitting.add(key)
    if (more > 0) take(place, more)
  }
  return fitting
}
