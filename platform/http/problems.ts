import type { FieldError, Problem } from '../../schemas/vocabulary/problem.ts'

/** Every kind of problem that a Ringmain API answers with, its HTTP status and title. The key ends the `type` URI. */
const kinds = {
  malformed: [400, 'The request could not be read'],
  unauthenticated: [401, 'Log in, or send a valid access token'],
  'invalid-token': [401, 'The access token is expired, revoked or not for this API'],
  'wrong-credentials': [401, 'The user name or the password is wrong'],
  forbidden: [403, 'This account may not do that'],
  'second-person-needed': [403, 'Another person has to approve this'],
  'not-found': [404, 'There is no such thing here'],
  conflict: [409, 'That does not fit the present state'],
  'changed-meanwhile': [412, 'Somebody else changed it meanwhile'],
  'too-large': [413, 'The request is too large'],
  'contract-broken': [422, 'The request does not fit its contract'],
  'precondition-required': [428, 'Say which version you are changing'],
  internal: [500, 'Something went wrong on our side'],
  unavailable: [503, 'The service cannot take this now; try again'],
} as const satisfies Record<string, readonly [number, string]>

export type ProblemKind = keyof typeof kinds

/** Thrown by a route or a service to answer with a problem; the one place that maps reasons to RFC 9457 documents is `toResponse`. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly kind: ProblemKind
  readonly errors: FieldError[] | undefined
  readonly headers: Record<string, string>

  /** @param detail what was wrong, where, and what to do, for the person who reads it. */
  constructor(
    kind: ProblemKind,
    detail: string,
    extra: { errors?: FieldError[]; headers?: Record<string, string> } = {},
  ) {
    super(detail)
    this.kind = kind
    this.errors = extra.errors
    this.headers = extra.headers ?? {}
  }

  get status(): number {
    return kinds[this.kind][0]
  }

  toProblem(instance?: string): Problem {
    const [status, title] = kinds[this.kind]
    const body: Problem = { type: `urn:ringmain:problem:${this.kind}`, title, status, detail: this.message }
    if (instance) body.instance = instance
    if (this.errors) body.errors = this.errors
    return body
  }

  toResponse(instance?: string): Response {
    return new Response(JSON.stringify(this.toProblem(instance)), {
      status: this.status,
      headers: { 'content-type': 'application/problem+json', ...this.headers },
    })
  }
}
