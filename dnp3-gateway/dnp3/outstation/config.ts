/** An outstation's configuration and its defaults. */
import type { PointType } from '../spec/groups.ts'
import type { CommandHandler } from './command.ts'
import type { ConfirmedEvent } from './events.ts'

/** Values by variation: text of at most 255 octets, or a number. */
export type AttributeValues = Readonly<Record<number, string | number>>

/** Class of a point's events; 0 for none. Every point is in class 0 for static reads. */
export type EventClass = 0 | 1 | 2 | 3

/** One point of the database. */
export interface PointConfig {
  readonly type: PointType
  readonly index: number
  /** Default 0: no events. */
  readonly eventClass?: EventClass
  /** Variation for reads that do not specify one; default by type, see `DEFAULT_STATIC`. */
  readonly staticVariation?: number
  /** Variation of its events; default by type, see `DEFAULT_EVENT`. */
  readonly eventVariation?: number
  /** A change greater than this makes an event, in the point's unit; default 0. */
  readonly deadband?: number
  /** Default 0 (strings: empty). */
  readonly value?: number
  /** Default restart: a point has no valid value before its first update. */
  readonly flags?: number
}

export interface OutstationOptions {
  /** Link address of the outstation, 0–65519. */
  readonly address: number
  /** The only master that is answered; any if omitted. */
  readonly masterAddress?: number
  readonly points: readonly PointConfig[]
  /** Device clock in ms since 1970 UTC; default the system's. */
  readonly now?: () => number
  /** Events kept per class; beyond that the oldest is lost; default 500. */
  readonly maxEventsPerClass?: number
  /** Largest fragment sent, in octets; default 2048, at least 292. */
  readonly maxFragmentOctets?: number
  /** How long a response waits for its confirm, in real ms; default 5,000. */
  readonly confirmTimeoutMs?: number
  /** Whether it asks for the time after a start; default true. */
  readonly needsTime?: boolean
  /** Also answer frames to address 0xFFFC; default false. */
  readonly selfAddress?: boolean
  /** Carries out commands; without it every command is answered with status 4, not supported. */
  readonly onCommand?: CommandHandler
  /** How long a select holds, in ms of the runtime's clock; default 10,000. */
  readonly selectTimeoutMs?: number
  /** Commands carried out per request; more are answered with status 8; default 16. */
  readonly maxCommands?: number
  /** Told of each event that a master has confirmed and that has left the buffers by that. */
  readonly onConfirmed?: (event: ConfirmedEvent) => void
  /** Class of the events that report commands (g13, g43); default 0, none. */
  readonly commandEventClass?: EventClass
  /** Device attributes by variation of group 0. */
  readonly attributes?: AttributeValues
  /** Sends events unsolicited once a master enables it; without it unsolicited functions are refused. */
  readonly unsolicited?: UnsolicitedOptions
  /**
   * A master requests a restart. The protocol's part (restart indication, events gone, unsolicited off) is done in any
   * case; return the ms until the device is back, or null to refuse. Default: at once.
   */
  readonly onRestart?: (kind: 'cold' | 'warm') => number | null
  /** A master requests that applications be stopped, by name (g90v1), or all (no names); false refuses. Default: refused. */
  readonly onStopApplication?: (names: readonly string[]) => boolean
}

export interface UnsolicitedOptions {
  /** How long an unsolicited response waits for its confirm, in real ms; default 5,000. */
  readonly confirmTimeoutMs?: number
  /** How often it is sent again, unchanged, before its events go back to their buffers; default 3. */
  readonly retries?: number
  /** Rest after the retries before the next attempt, in real ms; default 30,000. */
  readonly restMs?: number
  /** How long events are collected before they are sent, in real ms; default 0: until the present turn ends. */
  readonly holdMs?: number
}

/** Largest request that is reassembled, in octets. */
export const MAX_REQUEST_OCTETS = 2048

/** Static and event group of each type of point. */
export const POINT_GROUPS: Readonly<Record<PointType, readonly [staticGroup: number, eventGroup: number]>> = {
  binary: [1, 2],
  doubleBit: [3, 4],
  binaryOutput: [10, 11],
  counter: [20, 22],
  frozenCounter: [21, 23],
  analog: [30, 32],
  frozenAnalog: [31, 33],
  analogOutput: [40, 42],
  octetString: [110, 111],
}

export const DEFAULT_STATIC: Readonly<Record<PointType, number>> = {
  binary: 2,
  doubleBit: 2,
  binaryOutput: 2,
  counter: 1,
  frozenCounter: 1,
  analog: 5,
  frozenAnalog: 7,
  analogOutput: 3,
  octetString: 0,
}

/** With time if there is such a variation: a poll comes long after the event. */
export const DEFAULT_EVENT: Readonly<Record<PointType, number>> = {
  binary: 2,
  doubleBit: 2,
  binaryOutput: 2,
  counter: 5,
  frozenCounter: 5,
  analog: 7,
  frozenAnalog: 7,
  analogOutput: 7,
  octetString: 0,
}

/** Variations that report a difference since the last report: obsolete, and never sent. */
const DELTAS: Readonly<Record<number, readonly number[]>> = {
  20: [3, 4, 7, 8],
  21: [3, 4, 7, 8, 11, 12],
  22: [3, 4, 7, 8],
  23: [3, 4, 7, 8],
}

/** Whether the outstation answers with this variation. */
export function isOffered(group: number, variation: number): boolean {
  return !(DELTAS[group]?.includes(variation) ?? false)
}
