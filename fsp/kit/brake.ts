import type { Clock } from '../../platform/clock/index.ts'
import { addressThrough, networkOf, trustedProxiesOf } from '../../platform/http/index.ts'

/** How many failures are let pass in a span of time. */
export interface BrakePolicy {
  most: number
  windowMs: number
}

/** Keys that a brake remembers; when it is full, the one that failed longest ago is forgotten. */
const mostKeys = 10_000

/**
 * Counts failures by key, such as an address, in memory: the FSP is one process, and a restart that forgets them costs an attacker more
 * than it gains. It runs by the clock of the process, so that tests on virtual time need no waiting.
 */
export class Brake {
  readonly #clock: Clock
  readonly #policy: BrakePolicy
  readonly #failures = new Map<string, { count: number; sinceMs: number }>()

  constructor(clock: Clock, policy: BrakePolicy) {
    this.#clock = clock
    this.#policy = policy
  }

  /** Seconds until a key may try again; 0 if it may now. */
  waitS(key: string): number {
    const known = this.#failures.get(key)
    const leftMs = known ? known.sinceMs + this.#policy.windowMs - this.#nowMs() : 0
    return known && known.count >= this.#policy.most ? Math.max(0, Math.ceil(leftMs / 1000)) : 0
  }

  /** Counts a failure; returns how many there were in the window. */
  failed(key: string): number {
    const known = this.#failures.get(key)
    const isFresh = known !== undefined && this.#nowMs() - known.sinceMs < this.#policy.windowMs
    const next = isFresh ? { ...known, count: known.count + 1 } : { count: 1, sinceMs: this.#nowMs() }
    // Written anew, so that the map's order is that of the last failure.
    this.#failures.delete(key)
    this.#failures.set(key, next)
    if (this.#failures.size > mostKeys) this.#failures.delete(this.#failures.keys().next().value ?? '')
    return next.count
  }

  /** Takes back a failure that was counted ahead of an attempt that succeeded. */
  passed(key: string): void {
    const known = this.#failures.get(key)
    if (!known) return
    if (known.count <= 1) this.#failures.delete(key)
    else this.#failures.set(key, { ...known, count: known.count - 1 })
  }

  #nowMs(): number {
    return this.#clock.now().toEpochMilli()
  }
}

const noProxies = trustedProxiesOf([])

/** What counts as one caller: an IPv4 address, or the /64 of an IPv6 address, all of which one customer has. */
export function callerOf(address: string | undefined): string {
  return networkOf(addressThrough(address, '', noProxies))
}
