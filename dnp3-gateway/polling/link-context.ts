import type { Clock } from '../../platform/clock/index.ts'
import type { Log } from '../../platform/log/index.ts'
import type { Spool } from '../delivery/spool.ts'
import type { TlsIdentity } from '../dnp3/index.ts'
import type { BeliefRules } from './belief.ts'
import type { Gate } from './gate.ts'
import type { PointMapCache } from './point-map.ts'
import type { QuarantineRules } from './quarantine.ts'
import type { Reception } from './reception.ts'

/** Time-outs of real sockets, and how often device clocks are compared; all have defaults. */
export interface LinkSettings {
  /** Longest wait for each response fragment, real ms. */
  readonly responseTimeoutMs: number
  readonly connectTimeoutMs: number
  /** Ask a connection silent for this long for a sign of life, and drop it if none comes (FM25), real ms. */
  readonly keepAliveMs: number
  readonly linkTimeoutMs: number
  /** First and longest wait before a new connection attempt, by the clock; jittered. */
  readonly reconnectMinMs: number
  readonly reconnectMaxMs: number
  readonly driftCheckMs: number
  /**
   * A hub with this interval between its integrity polls, s, or a longer one is called for each poll and left after it: one process then polls
   * more hubs than it can hold connections to. What happens in between waits in the hub as an event.
   */
  readonly callPerPollFromS: number
  readonly belief: BeliefRules
  readonly quarantine: QuarantineRules
}

/** What all links of a gateway share. */
export interface LinkContext {
  readonly clock: Clock
  readonly log: Log
  readonly spool: Spool
  readonly maps: PointMapCache
  /** Every connection attempt passes through it. */
  readonly gate: Gate
  readonly settings: LinkSettings
  /** Whether a request may be sent to a hub at all. */
  readonly permits: (request: Uint8Array) => boolean
  /** The certificate shown to hubs over TLS; `null` if the gateway has none. */
  readonly identity: TlsIdentity | null
  /** Where hubs call in; `null` if they cannot. */
  readonly reception: Reception | null
}
