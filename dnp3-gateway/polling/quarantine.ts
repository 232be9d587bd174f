/** What a hub may send before the gateway stops listening to it, and for how long (defaults). */
export interface QuarantineRules {
  /** Malformed frames within `windowMs` that start a quarantine. */
  readonly limit: number
  readonly windowMs: number
  /** The first quarantine; each further one lasts twice as long, up to `longestMs`. */
  readonly firstMs: number
  readonly longestMs: number
}

/**
 * A noisy line spoils a frame now and then; a broken device, or one that does not speak DNP3, sends nothing else. No working line makes
 * ten in a minute. Five minutes keep such a device from costing the gateway anything noticeable.
 */
export const quarantineDefaults: QuarantineRules = {
  limit: 10,
  windowMs: 60_000,
  firstMs: 300_000,
  longestMs: 3_600_000,
}

/** Octets of the longest frame: this many octets without a frame count as one malformed frame. */
const frameOctets = 292

/** Malformed frames as a quarantine counts them: refused frames, and stretches in which no frame was found. */
export function malformedCount(malformedFrames: number, skippedOctets: number): number {
  return malformedFrames + Math.floor(skippedOctets / frameOctets)
}

/** Assesses the growth of a hub's count of malformed frames. */
export class Quarantine {
  /** Until when the hub is not polled, epoch ms; `null` while it is in use. */
  untilMs: number | null = null
  readonly #rules: QuarantineRules
  #windowStartMs = Number.NEGATIVE_INFINITY
  #countAtStart = 0
  #endedMs = 0
  /** Quarantines so far, forgotten once the hub has behaved for the longest of them. */
  #times = 0

  constructor(rules: QuarantineRules) {
    this.#rules = rules
  }

  /** Takes the present count; returns `begin` or `end` if the hub enters or leaves quarantine. */
  assess(count: number, nowMs: number): 'begin' | 'end' | null {
    const { limit, windowMs, firstMs, longestMs } = this.#rules
    if (this.untilMs !== null) {
      if (nowMs < this.untilMs) return null
      this.untilMs = null
      this.#endedMs = nowMs
      this.#startWindow(count, nowMs)
      return 'end'
    }
    if (count - this.#countAtStart >= limit) {
      this.untilMs = nowMs + Math.min(longestMs, firstMs * 2 ** this.#times++)
      return 'begin'
    }
    if (nowMs - this.#windowStartMs >= windowMs) this.#startWindow(count, nowMs)
    if (nowMs - this.#endedMs >= longestMs) this.#times = 0
    return null
  }

  #startWindow(count: number, nowMs: number): void {
    this.#windowStartMs = nowMs
    this.#countAtStart = count
  }
}
