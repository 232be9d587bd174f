import type { ProblemKind } from '../../schemas/vocabulary/problem.ts'
import { problem } from '../../schemas/vocabulary/problem.ts'
import { ProblemError } from './problems.ts'

/** The responses for some kinds of problem in an OpenAPI document: one for each status, with an example for each kind. */
export function problemResponses(kinds: readonly ProblemKind[]) {
  const byStatus = new Map<number, ProblemError[]>()
  for (const kind of new Set(kinds)) {
    const error = new ProblemError(kind, '…')
    byStatus.set(error.status, [...(byStatus.get(error.status) ?? []), error])
  }
  return Object.fromEntries(
    [...byStatus].map(([status, errors]) => {
      const examples = Object.fromEntries(errors.map((error) => [error.kind, { value: error.toProblem() }]))
      const description = errors.map((error) => error.toProblem().title).join('; ')
      return [status, { description, content: { 'application/problem+json': { schema: problem, examples } } }]
    }),
  )
}
