/** Who a fault befalls: calls to the DNO's server or that server itself, or the same of one of the two FSPs. */
export type Place = 'dno' | 'fsp-1' | 'fsp-2'

const everywhere: readonly Place[] = ['dno', 'fsp-1', 'fsp-2']
const fsps: readonly Place[] = ['fsp-1', 'fsp-2']

/** Each kind of fault, and where it can happen. */
const kinds = {
  /** A message never arrives; its sender's connection breaks. */
  'message-lost': everywhere,
  /** A message arrives and has its effect; its sender's connection breaks before the answer. */
  'answer-lost': everywhere,
  /** A message arrives twice. */
  'message-repeated': everywhere,
  /** A message arrives minutes later, after its sender's connection broke: by then others have overtaken it. */
  'message-delayed': everywhere,
  /** A message is answered 503 and goes no further. */
  'answered-503': everywhere,
  /** A message arrives, and its answer takes so long that others overtake it. */
  'answered-slowly': everywhere,
  /** An FSP does as it is told, and answers what no contract describes. */
  'answered-nonsense': fsps,
  /** An FSP refuses what it could do. */
  'instruction-refused': fsps,
  /** An FSP answers that it has accepted, for another instruction than it was sent. */
  'answered-for-another': fsps,
  /** The token endpoint is down for minutes, while tokens that are held are refused. */
  'token-endpoint-down': everywhere,
  /** A token is refused, as one that was revoked. */
  'token-revoked': everywhere,
  /** A process is killed between two messages to its database, or at the end of a minute, and started again minutes later. */
  killed: everywhere,
  /** A process is stopped as by an operator, and started again minutes later. */
  restarted: everywhere,
  /** All database connections of a process break between two messages. */
  'database-cut': everywhere,
  /** The server's clock is wrong for minutes. */
  'clock-step': ['dno'],
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
  /** How many messages to its database a process gets through before it is killed or cut. */
  readonly messages: number
  /** Whether the last of them still arrives. */
  readonly isAfter: boolean
}

/** A fault as a line that a person reads. */
export function wordsOf({ kind, place, step, nth, minutes, messages, isAfter }: Fault): string {
  const details: Partial<Record<FaultKind, string>> = {
    killed: `${isAfter ? 'after' : 'before'} database message ${messages}, back ${minutes} min later`,
    restarted: `back ${minutes} min later`,
    'database-cut': `${isAfter ? 'after' : 'before'} database message ${messages}`,
    'token-endpoint-down': `for ${minutes} min`,
    'clock-step': `${aheadMsOf({ nth, isAfter }) / 1_000} s for ${minutes} min`,
    'message-delayed': `message ${nth}, ${minutes} min late`,
  }
  return `step ${step}: ${kind} at ${place}, ${details[kind] ?? `message ${nth}`}`
}

/** How far a stepped clock is ahead, ms; negative where it is behind. */
export function aheadMsOf({ nth, isAfter }: Pick<Fault, 'nth' | 'isAfter'>): number {
  return (isAfter ? 1 : -1) * nth * 7_000
}
