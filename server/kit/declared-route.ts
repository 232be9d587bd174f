import { type RouteConfig, createRoute as undeclaredRoute } from '@hono/zod-openapi'
import { createMiddleware } from 'hono/factory'
import type { z } from 'zod'
import { problemResponses } from '../../platform/http/index.ts'
import { type Access, wordsOf } from '../../schemas/vocabulary/access.ts'
import type { ProblemKind } from '../../schemas/vocabulary/problem.ts'
import { requireAccess } from './access-rules.ts'
import type { ActorVariables } from './actors.ts'
import { accessExtension } from './binding.ts'

/** What every route of the server says of itself beside its contract. */
interface Declared {
  /** Who may call it. Enforced before the request is read. */
  access: Access
  /** Problems that are its own, beside those that follow from its access rule and its contract. */
  problems?: readonly ProblemKind[]
}

/** `createRoute`, with the access rule and the problems stated: the rule is enforced, and each problem’s status documented. */
export function createRoute<P extends string, R extends Omit<RouteConfig, 'path'> & { path: P } & Declared>(route: R) {
  const { access, problems = [], ...config } = route
  const middleware = createMiddleware<{ Variables: ActorVariables }>(async (c, next) => {
    requireAccess(c.get('actor'), access)
    await next()
  })
  const kinds = [...problemsOfAccess(access), ...problemsOfContract(config.request), ...problems]
  const declared = {
    ...config,
    [accessExtension]: access,
    description: [config.description, `Needs ${wordsOf(access)}.`].filter(Boolean).join('\n\n'),
    security: securityOf(access),
    responses: { ...config.responses, ...problemResponses(kinds) },
    middleware,
  }
  return undeclaredRoute<P, R>(declared as unknown as R)
}

/** A token that is no good is refused everywhere, even where none is needed. */
function problemsOfAccess(access: Access): ProblemKind[] {
  return access === 'anyone' ? ['invalid-token'] : ['unauthenticated', 'invalid-token', 'forbidden']
}

function problemsOfContract(request: RouteConfig['request'] | undefined): ProblemKind[] {
  const kinds: ProblemKind[] = []
  const isBreakable = [request?.params, request?.query].some((schema) => schema && isBreakableByText(schema as never))
  if (isBreakable || request?.body) kinds.push('contract-broken')
  if (request?.body) kinds.push('too-large')
  if (request?.body?.content['application/json']) kinds.push('malformed')
  return kinds
}

/** Whether there are parameters that the schema refuses: they come as text. */
function isBreakableByText(schema: z.ZodObject): boolean {
  const odd = Object.fromEntries(Object.keys(schema.shape).map((key) => [key, '\0'.repeat(300)]))
  return !schema.safeParse(odd).success
}

function securityOf(access: Access): Record<string, string[]>[] {
  if (access === 'anyone') return []
  const scopes = [...(access.fsp ? [access.fsp] : []), ...(access.gateway ? ['gateway'] : [])]
  const isForPeople = access.people !== undefined || access.user !== undefined
  return [...(isForPeople || access.fsp ? [{ session: [] }] : []), ...scopes.map((scope) => ({ token: [scope] }))]
}
