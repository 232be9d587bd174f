/** What master and outstation need from their environment; the defaults are in `io/runtime.ts`. */

/** Protocol time-outs: real timers in production, substitutes elsewhere. */
export interface Timers {
  /** Calls back once after `ms` milliseconds, unless cleared. */
  set(ms: number, callback: () => void): unknown
  clear(handle: unknown): void
  /** Monotonic time in ms, on the scale that `set` counts on. With it, waits that usually end early cost no timer each. */
  readonly now?: () => number
}

export interface Runtime {
  /** Wall clock in ms since 1970 UTC; may be a virtual clock. */
  readonly now: () => number
  readonly timers: Timers
  /** Uniform in [0, 1); spreads reconnections. */
  readonly random: () => number
  /** Memory for octets that are passed to a wire at once, contents arbitrary; default plain arrays. */
  readonly alloc?: (octets: number) => Uint8Array
}

/** A stream of octets to one peer. */
export interface Wire {
  /** Sends octets in one write; they belong to the wire from then on. No effect after `close`. */
  send(octets: Uint8Array): void
  /** Flushes and closes; the handler's `closed` follows, once. */
  close(): void
}

/** Called by a wire's owner. */
export interface WireHandlers {
  opened(): void
  /** The chunk is valid during the call only. */
  received(chunk: Uint8Array): void
  closed(error?: Error): void
}

/** Starts a connection; `opened` or `closed` follows, but not before it has returned. */
export type Dial = (handlers: WireHandlers) => Wire

/** Sees every octet of a connection, before encryption and after decryption. Octets are valid during the call only. */
export interface WireTap {
  opened(): void
  sent(octets: Uint8Array): void
  received(octets: Uint8Array): void
}
