import { type AlarmEvent, alarmTransitions, raiseEvent } from '../../platform/alarms/index.ts'
import {
  type DepotAlarmEvent,
  type DepotAlarmKind,
  type DepotAlarmLevel,
  depotAlarmLevel,
} from '../../schemas/fsp/alarms.ts'
import type { alarmState } from '../../schemas/grid/alarms.ts'

type State = (typeof alarmState.options)[number]

/** Why something is to be alarmed about at present. */
export interface Cause {
  kind: DepotAlarmKind
  /** `null`: it is of several depots. */
  depotId: string | null
  /** A socket, a vehicle, a feed, or the depot. */
  sourceId: string
  level: DepotAlarmLevel
  /** What happened, in one sentence with figures. */
  message: string
}

/** What is known of an alarm that is open, or of a cause that waits for its on-delay. */
export interface Standing {
  state: State
  level: DepotAlarmLevel
  /** Epoch ms; `null`: its cause is there. */
  clearingSinceMs: number | null
}

/** What is to be done about a kind and source. Times are epoch ms. */
export type Step =
  | { do: 'nothing' }
  /** The on-delay begins, or goes on. */
  | { do: 'wait' }
  /** The cause went before its on-delay was over. */
  | { do: 'forget' }
  | { do: 'open' }
  | { do: 'change'; event: DepotAlarmEvent; state: State; level: DepotAlarmLevel }
  /** The off-delay begins. */
  | { do: 'begin-clearing' }
  /** The cause is back before the off-delay was over. */
  | { do: 'keep' }

export interface Delays {
  onDelayS: number
  offDelayS: number
}

const urgency = (level: DepotAlarmLevel) => depotAlarmLevel.options.indexOf(level)
const isActive = (state: State) => state === 'unacknowledged' || state === 'acknowledged'

/**
 * What follows from whether there is a cause and what stands: alarms begin after their on-delay, end after their off-delay, rise and fall
 * with their cause (ISA-18.2 by `alarmTransitions`).
 * @param pendingSinceMs since when a cause waits for its on-delay; `null`: none does.
 */
export function stepOf(
  level: DepotAlarmLevel | null,
  open: Standing | null,
  pendingSinceMs: number | null,
  delays: Delays,
  nowMs: number,
): Step {
  if (level === null) return withoutCause(open, pendingSinceMs, delays, nowMs)
  if (open && isActive(open.state)) return active(level, open)
  const isDue = delays.onDelayS === 0 || (pendingSinceMs !== null && nowMs - pendingSinceMs >= delays.onDelayS * 1_000)
  if (!isDue) return { do: 'wait' }
  return open ? change(open, 'raise', level, 'raised') : { do: 'open' }
}

function active(level: DepotAlarmLevel, open: Standing): Step {
  const event = raiseEvent(urgency(open.level), urgency(level))
  if (event === 'escalate') return change(open, 'escalate', level, 'escalated')
  if (event === 'ease') return change(open, 'ease', level, 'eased')
  return open.clearingSinceMs === null ? { do: 'nothing' } : { do: 'keep' }
}

function withoutCause(
  open: Standing | null,
  pendingSinceMs: number | null,
  { offDelayS }: Delays,
  nowMs: number,
): Step {
  if (!open || !isActive(open.state)) return pendingSinceMs === null ? { do: 'nothing' } : { do: 'forget' }
  const isDue = offDelayS === 0 || (open.clearingSinceMs !== null && nowMs - open.clearingSinceMs >= offDelayS * 1_000)
  if (isDue) return change(open, 'clear', open.level, 'cleared')
  return open.clearingSinceMs === null ? { do: 'begin-clearing' } : { do: 'nothing' }
}

function change(open: Standing, event: AlarmEvent, level: DepotAlarmLevel, as: DepotAlarmEvent): Step {
  return { do: 'change', event: as, state: alarmTransitions[open.state][event], level }
}

/** The level of a silence; `null`: it is none yet. @param silentS how long nothing came, s. */
export function levelOf(
  silentS: number,
  { amberS, redS }: { amberS: number | null; redS: number | null },
): DepotAlarmLevel | null {
  if (redS !== null && silentS > redS) return 'red'
  return amberS !== null && silentS > amberS ? 'amber' : null
}
