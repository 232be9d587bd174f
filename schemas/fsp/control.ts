import { z } from 'zod'
import { limit, limitAnswer } from '../dispatch/import-limits.ts'
import { instruction, instructionAnswer } from '../dispatch/instructions.ts'
import { uuid } from '../vocabulary/units.ts'

const answers = <T extends z.ZodType>(schema: T) =>
  ({ 200: { description: 'The answer', content: { 'application/json': { schema } } } }) as const
const body = <T extends z.ZodType>(schema: T) => ({
  content: { 'application/json': { schema } },
  required: true as const,
})
const params = z.object({ id: uuid })
const tags: string[] = ['Control']
const posting = ['malformed', 'unauthenticated', 'invalid-token', 'forbidden', 'too-large', 'contract-broken'] as const
const asking = ['unauthenticated', 'invalid-token', 'forbidden', 'not-found', 'contract-broken'] as const

/**
 * The control API that an FSP implements and the DNO calls, as data: the DNO publishes a document of it, and the reference FSP makes
 * its routes of it. `problems` are the kinds that each operation can answer with (RFC 9457). A refusal for a reason of the domain is
 * an answer (200), not a problem.
 */
export const controlApiOperations = {
  instruct: {
    method: 'post' as const,
    path: '/instructions' as const,
    tags,
    summary: 'Instruct a unit to turn down',
    description:
      'The instruction’s identifier is its idempotency key: however often it is sent, it has one effect and one answer.',
    request: { body: body(instruction) },
    responses: answers(instructionAnswer),
    problems: posting,
  },
  answerTo: {
    method: 'get' as const,
    path: '/instructions/{id}' as const,
    tags,
    summary: 'What an instruction was answered',
    description: 'For a DNO that does not know whether its instruction arrived: 404 says that it never did.',
    request: { params },
    responses: answers(instructionAnswer),
    problems: asking,
  },
  limit: {
    method: 'post' as const,
    path: '/limits' as const,
    tags,
    summary: 'Say what a connection may import',
    description:
      'The limit’s identifier is its idempotency key. Of several limits for a connection the one issued last counts; when it has ended without another, its fail-safe limit holds.',
    request: { body: body(limit) },
    responses: answers(limitAnswer),
    problems: posting,
  },
  answerToLimit: {
    method: 'get' as const,
    path: '/limits/{id}' as const,
    tags,
    summary: 'What a limit was answered',
    description: 'For a DNO that does not know whether its limit arrived: 404 says that it never did.',
    request: { params },
    responses: answers(limitAnswer),
    problems: asking,
  },
}
