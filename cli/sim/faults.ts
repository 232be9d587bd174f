import type { CutPoint } from './fuse.ts'

/** A process that can fail, and the calls to it; of the gateway, which nobody calls, its own calls to the DNO's server. */
export type Process = 'dno' | 'fsp-1' | 'fsp-2' | 'gateway'

/** A hub that the gateway polls. */
export type Hub = 'hub-1' | 'hub-2'

/** Who a fault befalls. */
export type Place = Process | Hub

export const processes: readonly Process[] = ['dno', 'fsp-1', 'fsp-2', 'gateway']
const withDatabase: readonly Process[] = ['dno', 'fsp-1', 'fsp-2']
const fsps: readonly Process[] = ['fsp-1', 'fsp-2']
export const hubs: readonly Hub[] = ['hub-1', 'hub-2']

/** Each kind of fault, and where it can happen. */
const kinds = {
  /** A message never arrives; its sender's connection breaks. */
  'message-lost': processes,
  /** A message arrives and has its effect; its sender's connection breaks before the answer. */
  'answer-lost': processes,
  /** A message arrives twice. */
  'message-repeated': processes,
  /** A message arrives minutes later, after its sender's connection broke: by then others have overtaken it. */
  'message-delayed': processes,
  /** A message is answered 503 and goes no further. */
  'answered-503': processes,
  /** A message arrives, and its answer takes so long that others overtake it. */
  'answered-slowly': processes,
  /** An FSP does as it is told, and answers what no contract describes. */
  'answered-nonsense': fsps,
  /** An FSP refuses what it could do. */
  'instruction-refused': fsps,
  /** An FSP answers that it has accepted, for another instruction than it was sent. */
  'answered-for-another': fsps,
  /** The token endpoint is down for minutes, while tokens that are held are refused. */
  'token-endpoint-down': processes,
  /** A token is refused, as one that was revoked. */
  'token-revoked': processes,
  /**
   * A process is killed between two messages to its database (the gateway between two to hubs or server), or at the end of a minute, and
   * started again minutes later.
   */
  killed: processes,
  /** A process is stopped as by an operator, and started again minutes later. */
  restarted: processes,
  /** All database connections of a process break between two messages. */
  'database-cut': withDatabase,
  /** The clock of the server or of the gateway is wrong for minutes. */
  'clock-step': ['dno', 'gateway'],
  /** A hub loses power for a moment: what it had not handed over is gone. */
  'hub-reboot': hubs,
  /** So much changes at once that a hub loses the oldest changes. */
  'hub-overflow': hubs,
  /** A hub's clock is wrong until somebody sets it. */
  'hub-drift': hubs,
  /** A hub's connections stay open and carry nothing for minutes. */
  'hub-mute': hubs,
} as const satisfies Record<string, readonly Place[]>

export type FaultKind = keyof typeof kinds
export const faultKinds = Object.keys(kinds) as FaultKind[]

/** Where a kind of fault can happen. */
export function placesOf(kind: FaultKind): readonly Place[] {
  return kinds[kind]
}

/** Something that goes wrong. Every fault has all members; which of them matter depends on its kind. */
export interface Fault {
  readonly kind: FaultKind
  readonly place: Place
  /** The step, from 0, at whose beginning it lies in wait. */
  readonly step: number
  /** Which message it befalls, from 1 for the first from then on. */
  readonly nth: number
  /** How long it lasts, or how late a message is. */
  readonly minutes: number
  /** How many messages a process gets through before it is killed or cut from its database; of the gateway, the tenth part. */
  readonly messages: number
  /** Whether the last of them still arrives. */
  readonly isAfter: boolean
}

/** A fault as a line that a person reads. */
export function wordsOf({ kind, place, step, nth, minutes, messages, isAfter }: Fault): string {
  const details: Partial<Record<FaultKind, string>> = {
    killed: `${isAfter ? 'after' : 'before'} message ${cutPointOf({ place, messages, isAfter }).messages}, back ${minutes} min later`,
    restarted: `back ${minutes} min later`,
    'database-cut': `${isAfter ? 'after' : 'before'} database message ${messages}`,
    'token-endpoint-down': `for ${minutes} min`,
    'clock-step': `${aheadMsOf({ nth, isAfter }) / 1_000} s for ${minutes} min`,
    'message-delayed': `message ${nth}, ${minutes} min late`,
    'hub-reboot': '',
    'hub-overflow': '',
    'hub-drift': `by ${aheadMsOf({ nth, isAfter }) / 1_000} s`,
    'hub-mute': `for ${minutes} min`,
  }
  return `step ${step}: ${[`${kind} at ${place}`, details[kind] ?? `message ${nth}`].filter(Boolean).join(', ')}`
}

/** The message at which a process is killed or cut from its database: the gateway has some ten in a minute, the others hundreds. */
export function cutPointOf({ place, messages, isAfter }: Pick<Fault, 'place' | 'messages' | 'isAfter'>): CutPoint {
  return { messages: place === 'gateway' ? Math.ceil(messages / 10) : messages, when: isAfter ? 'after' : 'before' }
}

/** How far a stepped clock is ahead, ms; negative where it is behind. */
export function aheadMsOf({ nth, isAfter }: Pick<Fault, 'nth' | 'isAfter'>): number {
  return (isAfter ? 1 : -1) * nth * 7_000
}
