/** Options of an association, the logical link between this master and one outstation. */

import type { PassedOver } from '../app/passed-over.ts'

/** Something that the application may want to know. */
export type AssociationNotice =
  /** The outstation has restarted: its events may be lost; an integrity poll follows. */
  | { readonly kind: 'restarted' }
  /** Its event buffer overflowed: there is a gap in the events; an integrity poll follows. */
  | { readonly kind: 'event-gap' }
  | { readonly kind: 'time-written'; readonly timeMs: number }
  /** A response held objects that our tables lack; what was understood is handed over and confirmed all the same. */
  | { readonly kind: 'not-understood'; readonly objects: readonly PassedOver[] }
  /** A recovery, which the master makes on its own, failed: told once, although it is tried again at growing intervals. */
  | { readonly kind: 'recovery-failed'; readonly recovery: Recovery; readonly code: string }

/** What a master does on its own in reaction to a response's indications. */
export type Recovery = 'clear-restart' | 'integrity' | 'enable-unsolicited' | 'time-sync'

/** How a master communicates with one outstation. */
export interface ConversationOptions {
  /** Link address of this master, 0–65519; default 1. */
  readonly localAddress?: number
  /** Link address of the outstation, 0–65519. */
  readonly remoteAddress: number
  /** Checks each request before it is sent (except confirms); if it returns false the request fails with `not-permitted`. */
  readonly permits?: (request: Uint8Array) => boolean
  /** Real ms to wait for each response fragment; default 5,000. */
  readonly responseTimeoutMs?: number
  /** Operations that may be queued; default 32. */
  readonly maxQueued?: number
  /** How to set the outstation's clock when it asks (IIN1.4); default lan. The other procedure is used where it refuses this one. */
  readonly timeSync?: 'lan' | 'serial' | 'never'
  /** What to do on each new connection before anything else; all default to true except `disableUnsolicited`. */
  readonly startUp?: {
    readonly disableUnsolicited?: boolean
    readonly clearRestart?: boolean
    readonly integrityPoll?: boolean
    /** Classes whose events the outstation may send unsolicited, enabled after the integrity poll; default none. */
    readonly enableUnsolicited?: readonly (1 | 2 | 3)[]
    /**
     * A start-up that fails while connected is retried after this wait, in real ms; default 5,000. The wait doubles with each
     * failure up to the longest, default 300,000, and is multiplied by a random factor between ½ and 1.
     */
    readonly retryMinMs?: number
    readonly retryMaxMs?: number
  }
  /** Largest fragment that is reassembled, in octets; default 4,096. */
  readonly maxFragmentOctets?: number
}

/** What an association has counted; counts only grow. */
export interface AssociationCounters {
  requests: number
  /** Complete responses. */
  responses: number
  fragments: number
  points: number
  events: number
  confirms: number
  unsolicited: number
  duplicateUnsolicited: number
  /** Responses that nothing was waiting for: late, repeated, or out of sequence. */
  unexpected: number
  malformed: number
  /** Headers in responses that were passed over, because our tables lack their objects. */
  passedOver: number
  timeouts: number
  handlerFailures: number
}

export function newAssociationCounters(): AssociationCounters {
  return {
    requests: 0,
    responses: 0,
    fragments: 0,
    points: 0,
    events: 0,
    confirms: 0,
    unsolicited: 0,
    duplicateUnsolicited: 0,
    unexpected: 0,
    malformed: 0,
    passedOver: 0,
    timeouts: 0,
    handlerFailures: 0,
  }
}
