import { createRoute } from '@hono/zod-openapi'
import { createRouter, ProblemError, problemResponses } from '../../platform/http/index.ts'
import type { TokenVerifier } from '../../platform/oauth/index.ts'
import { controlApiOperations } from '../../schemas/fsp/control.ts'
import type { ProblemKind } from '../../schemas/vocabulary/problem.ts'
import { controlScope } from '../../schemas/vocabulary/roles.ts'
import type { Instructions } from './instructions.ts'
import type { Limits } from './limits.ts'

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
  router.openapi(createRoute(documented(controlApiOperations.instruct)), async (c) =>
    c.json(await instructions.take(c.req.valid('json')), 200),
  )
  router.openapi(createRoute(documented(controlApiOperations.answerTo)), async (c) => {
    const { id } = c.req.valid('param')
    const answer = await instructions.answerTo(id)
    if (!answer) throw new ProblemError('not-found', `Instruction ${id} was never received.`)
    return c.json(answer, 200)
  })
  router.openapi(createRoute(documented(controlApiOperations.limit)), async (c) =>
    c.json(await limits.take(c.req.valid('json')), 200),
  )
  router.openapi(createRoute(documented(controlApiOperations.answerToLimit)), async (c) => {
    const { id } = c.req.valid('param')
    const answer = await limits.answerTo(id)
    if (!answer) throw new ProblemError('not-found', `Limit ${id} was never received.`)
    return c.json(answer, 200)
  })
  return router
}

/** An operation of the control API with its problems among its responses. */
function documented<T extends { problems: readonly ProblemKind[]; responses: object }>({ problems, ...operation }: T) {
  return { ...operation, responses: { ...problemResponses(problems), ...operation.responses } as T['responses'] }
}
