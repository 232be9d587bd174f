import type { OCPP16 } from 'typed-ocpp'
import { isContent, leastPowerW } from '../vehicles/vehicle.ts'
import type { Connector, ElectricalUnit } from './electrical.ts'

export type Status = OCPP16.StatusNotificationRequest['status']

/** Sampling interval for a full vehicle, which draws nothing although its transaction continues. */
const fullSampleS = 900

/** What the unit knows about a connector apart from its electrical state. */
export interface ConnectorState {
  readonly connector: Connector
  status: Status
  /** The vehicle here has no transaction, and gets one only if it is plugged in again, started remotely, or a token is shown. */
  done: boolean
  /** Its transaction is over, and it still stands here. */
  ended: boolean
  /** The token that the vehicle was last refused with; another is asked about. */
  refusedToken: string | null
  /** A token that was let charge before a vehicle was plugged in, and until when it waits for one. */
  awaited: { idTag: string; untilMs: number } | null
  faulted: boolean
  operative: boolean
  sampledMs: number
}

/** What holds when a vehicle comes to a connector. */
export const newcomer = { done: false, ended: false, refusedToken: null }

/** The initial state of a connector. */
export function idleState(connector: Connector): ConnectorState {
  return { connector, status: 'Available', ...newcomer, awaited: null, faulted: false, operative: true, sampledMs: 0 }
}

/** The status of a connector (OCPP 1.6, section 4.9). */
export function statusOf(electrical: ElectricalUnit, { connector, ...state }: ConnectorState, atMs: number): Status {
  if (state.faulted) return 'Faulted'
  const { transaction, occupant } = connector
  if (!transaction) {
    if (!state.operative) return 'Unavailable'
    if (!occupant) return state.awaited ? 'Preparing' : 'Available'
    return state.ended ? 'Finishing' : 'Preparing'
  }
  if (occupant && isContent(occupant)) return 'SuspendedEV'
  return electrical.offeredW(connector, atMs) < leastPowerW ? 'SuspendedEVSE' : 'Charging'
}

/**
 * Whether a connector's meter is due for a sample.
 * @param wasFull whether its vehicle was full at the previous sample.
 * @param sampleIntervalS as configured; 0 for none.
 */
export function isSampleDue(state: ConnectorState, wasFull: boolean, sampleIntervalS: number, atMs: number): boolean {
  if (!state.connector.transaction || sampleIntervalS === 0) return false
  const isFull = wasFull && state.status === 'SuspendedEV'
  const intervalS = isFull ? Math.max(sampleIntervalS, fullSampleS) : sampleIntervalS
  return atMs - state.sampledMs >= intervalS * 1000
}

/** Whether the vehicle at a connector may begin a transaction. */
export function mayStart({ connector, faulted, operative }: ConnectorState): boolean {
  return connector.occupant !== null && !connector.transaction && !faulted && operative
}
