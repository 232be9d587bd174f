import { type Problem, type ProblemKind, problem } from '../../schemas/vocabulary/problem.ts'
import { ProblemError } from './problems.ts'

/** The responses for some kinds of problem in an OpenAPI document: one for each status, with an example for each kind. */
export function problemResponses(kinds: readonly ProblemKind[]) {
  const byStatus = Map.groupBy(new Set(kinds), (kind) => exampleOf(kind).status)
  return Object.fromEntries(
    [...byStatus].map(([status, own]) => {
      const examples = Object.fromEntries(own.map((kind) => [kind, { value: exampleOf(kind) }]))
      const description = own.map((kind) => exampleOf(kind).title).join('; ')
      return [status, { description, content: { 'application/problem+json': { schema: problem, examples } } }]
    }),
  )
}

const made = new Map<ProblemKind, Problem>()

/** Made once: each of some hundred operations states its problems, and an error is dear for what it remembers of its origin. */
function exampleOf(kind: ProblemKind): Problem {
  const example = made.get(kind) ?? new ProblemError(kind, '…').toProblem()
  made.set(kind, example)
  return example
}
