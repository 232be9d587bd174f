import { createRoute, z } from '@hono/zod-openapi'
import { createRouter, ProblemError } from '../../platform/http/index.ts'
import type { TokenVerifier } from '../../platform/oauth/index.ts'
import { instruction, instructionAnswer } from '../../schemas/instructions.ts'
import { limit, limitAnswer } from '../../schemas/limits.ts'
import { problem } from '../../schemas/problem.ts'
import { uuid } from '../../schemas/units.ts'
import type { Instructions } from './instructions.ts'
import type { Limits } from './limits.ts'
import { controlScope } from './registration.ts'

const answers = <T extends z.ZodType>(schema: T) =>
  ({
    200: { description: 'The answer', content: { 'application/json': { schema } } },
    default: { description: 'A problem (RFC 9457)', content: { 'application/problem+json': { schema: problem } } },
  }) as const

/** The control API that the DNO calls, with a token of our own token endpoint. */
export function controlRoutes(instructions: Instructions, limits: Limits, verifyToken: TokenVerifier) {
  const router = createRouter()
  router.use('*', async (c, next) => {
    if (!c.req.header('authorization'))
      throw new ProblemError('unauthenticated', 'Send an access token of this FSP’s token endpoint.')
    const { scopes } = await verifyToken(c.req.raw)
    if (!scopes.has(controlScope)) throw new ProblemError('forbidden', `This needs the scope ${controlScope}.`)
    await next()
  })
  router.openapi(
    createRoute({
      method: 'post',
      path: '/instructions',
      tags: ['Control'],
      summary: 'Instruct a unit to turn down',
      description:
        'The instruction’s identifier is its idempotency key: however often it is sent, it has one effect and one answer.',
      request: { body: { content: { 'application/json': { schema: instruction } }, required: true } },
      responses: answers(instructionAnswer),
    }),
    async (c) => c.json(await instructions.take(c.req.valid('json')), 200),
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/instructions/{id}',
      tags: ['Control'],
      summary: 'What an instruction was answered',
      request: { params: z.object({ id: uuid }) },
      responses: answers(instructionAnswer),
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const answer = await instructions.answerTo(id)
      if (!answer) throw new ProblemError('not-found', `Instruction ${id} was never received.`)
      return c.json(answer, 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/limits',
      tags: ['Control'],
      summary: 'Say what a connection may import',
      description:
        'The limit’s identifier is its idempotency key. Of several limits for a connection the one issued last counts; when it has ended without another, its fail-safe limit holds.',
      request: { body: { content: { 'application/json': { schema: limit } }, required: true } },
      responses: answers(limitAnswer),
    }),
    async (c) => c.json(await limits.take(c.req.valid('json')), 200),
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/limits/{id}',
      tags: ['Control'],
      summary: 'What a limit was answered',
      request: { params: z.object({ id: uuid }) },
      responses: answers(limitAnswer),
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const answer = await limits.answerTo(id)
      if (!answer) throw new ProblemError('not-found', `Limit ${id} was never received.`)
      return c.json(answer, 200)
    },
  )
  return router
}
