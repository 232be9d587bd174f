import type { OCPP16 } from 'typed-ocpp'
import { isContent, leastPowerW } from '../vehicles/vehicle.ts'
import type { Connector, ElectricalUnit } from './electrical.ts'

export type Status = OCPP16.StatusNotificationRequest['status']

/** A vehicle that is full draws nothing: its transaction stays, but it is sampled this seldom. */
const fullSampleS = 900

/** What the unit knows of a connector beside its electrical side. */
export interface ConnectorState {
  readonly connector: Connector
  status: Status
  /** The vehicle here has no transaction and gets none until it is plugged in anew, or by remote start. */
  done: boolean
  faulted: boolean
  operative: boolean
  sampledMs: number
}

/** A connector that nothing has happened to yet. */
export function idleState(connector: Connector): ConnectorState {
  return { connector, status: 'Available', done: false, faulted: false, operative: true, sampledMs: 0 }
}

/** The status of a connector (OCPP 1.6, section 4.9). */
export function statusOf(electrical: ElectricalUnit, { connector, ...state }: ConnectorState, atMs: number): Status {
  if (state.faulted) return 'Faulted'
  const { transaction, occupant } = connector
  if (!transaction) {
    if (!state.operative) return 'Unavailable'
    if (!occupant) return 'Available'
    return state.done ? 'Finishing' : 'Preparing'
  }
  if (occupant && isContent(occupant)) return 'SuspendedEV'
  return electrical.offeredW(connector, atMs) < leastPowerW ? 'SuspendedEVSE' : 'Charging'
}

/**
 * Whether the meter of a connector is to be sampled.
 * @param wasFull whether its vehicle was full at the sample before.
 * @param sampleIntervalS as configured; 0 asks for none.
 */
export function isSampleDue(state: ConnectorState, wasFull: boolean, sampleIntervalS: number, atMs: number): boolean {
  if (!state.connector.transaction || sampleIntervalS === 0) return false
  const isFull = wasFull && state.status === 'SuspendedEV'
  const intervalS = isFull ? Math.max(sampleIntervalS, fullSampleS) : sampleIntervalS
  return atMs - state.sampledMs >= intervalS * 1000
}

/** The vehicle at a connector may begin a transaction. */
export function mayStart({ connector, faulted, operative }: ConnectorState): boolean {
  return connector.occupant !== null && !connector.transaction && !faulted && operative
}
