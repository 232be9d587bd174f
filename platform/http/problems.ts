import type { Outcome, Refusal } from '../../schemas/vocabulary/outcome.ts'
import { type FieldError, type Problem, type ProblemKind, problemKinds } from '../../schemas/vocabulary/problem.ts'

/** Thrown by a route or a service to answer with a problem; only `toResponse` turns it into an RFC 9457 document. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly kind: ProblemKind
  readonly errors: FieldError[] | undefined
  readonly headers: Record<string, string>

  /** @param detail what was wrong, where, and what to do, for a person to read. */
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
    return problemKinds[this.kind][0]
  }

  toProblem(instance?: string): Problem {
    const [status, title] = problemKinds[this.kind]
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

/** The problem document of a refusal, to be thrown. */
export function problemOf({ kind, detail, errors }: Refusal): ProblemError {
  return new ProblemError(kind, detail, errors ? { errors } : {})
}

/** Throws a refusal, if there is one. */
export function refuse(refusal: Refusal | null): void {
  if (refusal) throw problemOf(refusal)
}

/** The value of a successful outcome; throws a refusal. */
export function must<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value
  throw problemOf(outcome.failure)
}
