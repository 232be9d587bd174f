/** What operations return: expected failures are values with a stable code. */

/**
 * - `not-connected`: there was no connection when the operation was requested;
 * - `connection-lost`: the connection ended before the response was complete;
 * - `closed`: the channel or association was closed;
 * - `timeout`: no complete response in time;
 * - `refused`: the outstation answered with a refusal in its indications (`iin` holds them). A read that brought objects all the same is
 *   no failure: what was refused is in the indications of its summary;
 * - `malformed-response`: the response could not be read; it was not confirmed;
 * - `handler-failed`: the measurement handler threw or rejected (`cause`); the response was not confirmed;
 * - `queue-full`: too many operations are waiting on this association;
 * - `not-permitted`: the association's `permits` forbids the request; nothing was sent;
 * - `unexpected-objects`: the response lacks the objects that the operation needs;
 * - `bad-request`: the request could not be encoded as asked; nothing was sent;
 * - `echo-mismatch`: the echo differs from the command; `command-refused`: a status other than success (`status`).
 */
export type Dnp3ErrorCode =
  | 'not-connected'
  | 'connection-lost'
  | 'closed'
  | 'timeout'
  | 'refused'
  | 'malformed-response'
  | 'handler-failed'
  | 'queue-full'
  | 'not-permitted'
  | 'unexpected-objects'
  | 'bad-request'
  | 'echo-mismatch'
  | 'command-refused'

/** Failures that say nothing of the outstation: the connection has ended. */
export const LOST: ReadonlySet<Dnp3ErrorCode> = new Set<Dnp3ErrorCode>(['not-connected', 'connection-lost', 'closed'])

export interface Dnp3Error {
  readonly code: Dnp3ErrorCode
  readonly message: string
  readonly iin?: number
  readonly status?: number
  readonly cause?: unknown
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Dnp3Error }

export function success<T>(value: T): Outcome<T> {
  return { ok: true, value }
}

export function failure(
  code: Dnp3ErrorCode,
  message: string,
  details: Omit<Dnp3Error, 'code' | 'message'> = {},
): { readonly ok: false; readonly error: Dnp3Error } {
  return { ok: false, error: { code, message, ...details } }
}

/** What a complete response contained. */
export interface ResponseSummary {
  /** Measurement points, including events. */
  readonly points: number
  readonly events: number
  readonly fragments: number
  /** Indications of all its fragments, united. */
  readonly iin: number
}
