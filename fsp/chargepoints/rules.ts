import type { ChargePointModel } from '../../schemas/fsp/depots.ts'
import type { SocketState } from '../../schemas/fsp/sockets.ts'

/** Nominal voltage of a single-phase socket, V. */
export const volts = 230

/** The lowest current at which a vehicle charges (IEC 61851), A. */
export const leastA = 6

/**
 * The limit to send to a unit: whole amperes, 0 or at least the least of its model, at most what the model carries; a model that cannot pause
 * gets its least for 0.
 */
export function allowedLimitA(
  model: Pick<ChargePointModel, 'maxCurrentA' | 'canPause' | 'minCurrentA'>,
  wantedA: number,
): number {
  const leastOfModelA = Math.ceil(model.minCurrentA ?? leastA)
  const whole = Math.floor(Math.min(wantedA, model.maxCurrentA))
  if (whole >= leastOfModelA) return whole
  return model.canPause ? 0 : leastOfModelA
}

/** What a socket carries, W: over all phases of its model. */
export function socketW({ maxCurrentA, phases = 1 }: Pick<ChargePointModel, 'maxCurrentA' | 'phases'>): number {
  return maxCurrentA * volts * phases
}

/** What a socket draws at most under a limit, W. */
export function limitedW({ phases = 1 }: Pick<ChargePointModel, 'phases'>, limitA: number): number {
  return limitA * volts * phases
}

/** Above what a socket carries: meters and clocks are not exact. */
const reachMargin = 1.25
/** Registers may count in whole kWh. */
const registerStepWh = 1_000

/** The most that a socket's register can rise in a span, Wh. */
export function reachWh(model: Pick<ChargePointModel, 'maxCurrentA' | 'phases'>, spanMs: number): number {
  return (Math.max(0, spanMs) / 3_600_000) * socketW(model) * reachMargin + registerStepWh
}

/** Added to a model's gap between set points, ms: the unit measures it between arrivals, and the second message may travel faster. */
const gapMarginMs = 500

/** When a unit may be sent its next set point, given when the last was sent, ms. */
export function nextSendMs(
  model: Pick<ChargePointModel, 'minSetpointGapS'>,
  lastSentMs: number | null,
  nowMs: number,
): number {
  return lastSentMs === null ? nowMs : Math.max(nowMs, lastSentMs + model.minSetpointGapS * 1000 + gapMarginMs)
}

/**
 * How long a set point holds before the unit falls back to its standing safe limit: short enough that a silent system fails safe, and
 * long enough that a charge takes six messages an hour instead of sixty.
 */
export const setpointLifeMs = 15 * 60_000
/** How long before its end a set point is sent again, so that a lost message is repeated before the fallback. */
export const renewBeforeMs = 5 * 60_000

/** A set point that failed is retried after this, until it expires. */
export const retryMs = 20_000

/** The standing limit of a unit without commands: the lowest at which vehicles still charge. */
export const safeLimitA = 6

const stateOfStatus: Record<string, SocketState> = {
  Available: 'available',
  Reserved: 'available',
  Preparing: 'preparing',
  Charging: 'charging',
  SuspendedEV: 'full',
  SuspendedEVSE: 'charging',
  Finishing: 'finishing',
  Unavailable: 'faulted',
  Faulted: 'faulted',
}

/** What the state of a socket follows from. */
interface SocketSigns {
  status: string | null
  connected: boolean
  inTransaction: boolean
  /** The limit in force, A; `null`: none of ours. */
  limitA: number | null
}

/**
 * A socket's state by its last status and link. Idle units go quiet without a fault; only silence while a vehicle charges counts, and a unit
 * that has never spoken. A vehicle that suspends its charge has taken what it wants, but where it is offered nothing: some units report
 * that so too.
 */
export function socketState({ status, connected, inTransaction, limitA }: SocketSigns): SocketState {
  if (status === null || (!connected && inTransaction)) return 'communications-lost'
  const state = stateOfStatus[status] ?? 'faulted'
  return state === 'full' && limitA === 0 ? 'charging' : state
}
