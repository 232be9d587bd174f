import type { CutPoint } from './fuse.ts'

/** One that messages go to as to one address; of the gateway, which nobody calls, it is its own calls to the DNO. */
export type Party = 'dno' | 'fsp-1' | 'fsp-2' | 'gateway'

/** A process that can fail: each party is one, and the DNO has a second server on many days. */
export type Process = Party | 'dno-2'

/** A hub that the gateway polls. */
export type Hub = 'hub-1' | 'hub-2'

/** Who a fault befalls. */
export type Place = Process | Hub

export const processes: readonly Process[] = ['dno', 'dno-2', 'fsp-1', 'fsp-2', 'gateway']
const parties: readonly Party[] = ['dno', 'fsp-1', 'fsp-2', 'gateway']
/** In the order of their databases and wires. */
export const fsps: readonly Party[] = ['fsp-1', 'fsp-2']
/** Those that issue tokens to who calls them. */
const issuers: readonly Party[] = ['dno', ...fsps]
export const hubs: readonly Hub[] = ['hub-1', 'hub-2']

/** Each kind of fault, and where it can happen. */
const kinds = {
  /** A message never arrives; its sender's connection breaks. */
  'message-lost': parties,
  /** A message arrives and has its effect; its sender's connection breaks before the answer. */
  'answer-lost': parties,
  /** A message arrives twice. */
  'message-repeated': parties,
  /** A message arrives minutes later, after its sender's connection broke: by then others have overtaken it. */
  'message-delayed': parties,
  /** A message is answered 503 and goes no further. */
  'answered-503': parties,
  /** A message arrives, and its answer takes so long that others overtake it. */
  'answered-slowly': parties,
  /** An FSP does as it is told, and answers what no contract describes. */
  'answered-nonsense': fsps,
  /** An FSP refuses what it could do. */
  'instruction-refused': fsps,
  /** An FSP answers that it has accepted, for another instruction than it was sent. */
  'answered-for-another': fsps,
  /** The token endpoint is down for minutes, while tokens that are held are refused. */
  'token-endpoint-down': parties,
  /** A token is refused, as one that was revoked. */
  'token-revoked': parties,
  /** The keys that sign the tokens of a party are replaced, as after a break-in: what it issued before is void. */
  'keys-rotated': issuers,
  /**
   * A process is killed between two messages to its database (the gateway between two to hubs or server), or at the end of a minute, and
   * started again minutes later.
   */
  killed: processes,
  /** A process is stopped as by an operator, and started again minutes later. */
  restarted: processes,
  /** All database connections of a process break between two messages. */
  'database-cut': [...issuers, 'dno-2'],
  /** The clock of the server or of the gateway is wrong for minutes. */
  'clock-step': ['dno', 'dno-2', 'gateway'],
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

/** Those that befall a process, and no message. */
export const processFaults = [
  'killed',
  'restarted',
  'database-cut',
  'clock-step',
  'keys-rotated',
] as const satisfies FaultKind[]
export type ProcessFault = (typeof processFaults)[number]
export type HubFault = Extract<FaultKind, `hub-${string}`>

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
    'keys-rotated': '',
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
