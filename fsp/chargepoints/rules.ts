import type { ChargePointModel } from '../../schemas/fsp/depots.ts'

/** Nominal voltage of a single-phase socket, V. */
export const volts = 230

/** The least current at which a vehicle charges (IEC 61851), A. */
export const leastA = 6

/** A limit that a unit can be told: 0 or at least 6 A, whole, at most what the model carries; models that cannot pause get 6 A for 0. */
export function allowedLimitA(model: Pick<ChargePointModel, 'maxCurrentA' | 'canPause'>, wantedA: number): number {
  const whole = Math.floor(Math.min(wantedA, model.maxCurrentA))
  if (whole >= leastA) return whole
  return model.canPause ? 0 : leastA
}

/** Added to a model's gap, ms: a unit measures it between arrivals, and the second message may be faster on its way than the first. */
const gapMarginMs = 500

/** When a unit may be sent its next set point, given when it was last sent one, ms. */
export function nextSendMs(
  model: Pick<ChargePointModel, 'minSetpointGapS'>,
  lastSentMs: number | null,
  nowMs: number,
): number {
  return lastSentMs === null ? nowMs : Math.max(nowMs, lastSentMs + model.minSetpointGapS * 1000 + gapMarginMs)
}

/**
 * How long a set point holds before the unit falls back to its standing safe limit: short, so that a silent system fails safe, and
 * long enough that a charge costs six messages an hour and not sixty.
 */
export const setpointLifeMs = 15 * 60_000
/** How long before its end a set point is sent again, so that a lost message is repeated before the fallback. */
export const renewBeforeMs = 5 * 60_000

/** How long after a failure a set point is tried again, until it expires. */
export const retryMs = 20_000

/** The standing limit of a unit that hears nothing: the least at which vehicles still charge. */
export const safeLimitA = 6

/** State of a socket (domain section 6.2). */
export type SocketState = 'available' | 'preparing' | 'charging' | 'finishing' | 'faulted' | 'communications-lost'

const stateOfStatus: Record<string, SocketState> = {
  Available: 'available',
  Reserved: 'available',
  Preparing: 'preparing',
  Charging: 'charging',
  SuspendedEV: 'charging',
  SuspendedEVSE: 'charging',
  Finishing: 'finishing',
  Unavailable: 'faulted',
  Faulted: 'faulted',
}

/**
 * A socket's state by its last status and link. Idle units go quiet without fault; only one with a vehicle charging is missed, and one that
 * never spoke at all.
 */
export function socketState(status: string | null, connected: boolean, inTransaction: boolean): SocketState {
  if (status === null || (!connected && inTransaction)) return 'communications-lost'
  return stateOfStatus[status] ?? 'faulted'
}
