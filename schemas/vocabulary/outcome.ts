import type { FieldError, ProblemKind } from './problem.ts'

/** The result of something that a user or a peer can cause to fail. A bug is thrown instead. */
export type Outcome<T, F = Refusal> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: F }

/** Why a request is refused: the kind of problem, and the sentence for the person who reads it. */
export interface Refusal {
  readonly kind: ProblemKind
  readonly detail: string
  readonly errors?: FieldError[]
}

export function success<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value }
}

export function failure<F>(reason: F): { readonly ok: false; readonly failure: F } {
  return { ok: false, failure: reason }
}

/** The refusal of one invalid field: `brokenField('mpan', 'is not an MPAN of this network')`. */
export function brokenField(field: string, message: string): Refusal {
  return { kind: 'contract-broken', detail: `${field} ${message}.`, errors: [{ field, message }] }
}
