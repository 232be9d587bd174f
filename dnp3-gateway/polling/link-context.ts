import type { Clock } from '../../platform/clock/index.ts'
import type { Log } from '../../platform/log/index.ts'
import type { Spool } from '../delivery/spool.ts'
import type { TlsIdentity } from '../dnp3/index.ts'
import type { Gate } from './gate.ts'
import type { PointMapCache } from './point-map.ts'
import type { QuarantineRules } from './quarantine.ts'
import type { Reception } from './reception.ts'

/** Time-outs of real sockets, and how often devices' clocks are compared; all by default. */
export interface LinkSettings {
  /** Longest wait for each response fragment, real ms. */
  readonly responseTimeoutMs: number
  readonly connectTimeoutMs: number
  /** A connection that is silent for so long is asked for a sign of life, and given up without one (FM25), real ms. */
  readonly keepAliveMs: number
  readonly linkTimeoutMs: number
  /** First and longest wait before a new attempt to connect, by the clock; jittered. */
  readonly reconnectMinMs: number
  readonly reconnectMaxMs: number
  readonly driftCheckMs: number
  readonly quarantine: QuarantineRules
}

/** What all links of a gateway share. */
export interface LinkContext {
  readonly clock: Clock
  readonly log: Log
  readonly spool: Spool
  readonly maps: PointMapCache
  /** What every attempt to connect goes through. */
  readonly gate: Gate
  readonly settings: LinkSettings
  /** Whether a request may be sent to a hub at all. */
  readonly permits: (request: Uint8Array) => boolean
  /** What the gateway shows to hubs that are called by TLS; `null` if it has no certificate. */
  readonly identity: TlsIdentity | null
  /** Where hubs call; `null` if they cannot. */
  readonly reception: Reception | null
}
