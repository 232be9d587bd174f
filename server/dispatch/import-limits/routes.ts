import { z } from '@hono/zod-openapi'
import { expectedVersion, ProblemError } from '../../../platform/http/index.ts'
import {
  failSafePolicy,
  failSafePolicyForm,
  limitConfirmation,
  limitRecord,
  limitState,
} from '../../../schemas/dispatch/import-limits.ts'
import { people, readers } from '../../../schemas/vocabulary/access.ts'
import { pageOf } from '../../../schemas/vocabulary/paging.ts'
import { uuid } from '../../../schemas/vocabulary/units.ts'
import {
  answers,
  createRoute,
  requirePerson,
  requireReader,
  type ServerContext,
  serverRouter,
} from '../../kit/index.ts'
import { confirmLimit } from './confirming.ts'
import { readPolicy, savePolicy } from './policies.ts'
import { readLimits } from './store.ts'

const tags = ['Fail-safe limits']
const params = z.object({ id: uuid })
const matchHeader = z.object({ 'if-match': z.string().optional() })
const query = z.object({ connectionId: uuid.optional(), state: limitState.optional() })

/** When connections' FSPs are sent limits, and the limits that they were sent. */
export function limitRoutes(context: ServerContext) {
  const router = serverRouter()
  const oneLimit = async (filter: { fspId?: string | null; limitId: string }) => {
    const [found] = await readLimits(context.db, filter)
    if (!found) throw new ProblemError('not-found', `There is no limit ${filter.limitId}.`)
    return found
  }
  router.openapi(
    createRoute({
      method: 'get',
      path: '/connections/{id}/fail-safe-policy',
      access: people(),
      problems: ['not-found'],
      tags,
      summary: 'When the FSPs at a connection are sent a fail-safe limit',
      request: { params },
      responses: answers(failSafePolicy),
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      const policy = await readPolicy(context, c.req.valid('param').id)
      return c.json(policy, 200, { etag: `"${policy.revision}"` })
    },
  )
  router.openapi(
    createRoute({
      method: 'put',
      path: '/connections/{id}/fail-safe-policy',
      access: people('flexibility-engineer', 'operator'),
      problems: ['not-found', 'changed-meanwhile', 'precondition-required'],
      tags,
      summary: 'Set when the FSPs at a connection are sent a fail-safe limit',
      request: {
        params,
        headers: matchHeader,
        body: { content: { 'application/json': { schema: failSafePolicyForm } }, required: true },
      },
      responses: answers(failSafePolicy),
    }),
    async (c) => {
      const actor = requirePerson(c.get('actor'), 'flexibility-engineer', 'operator')
      const revision = expectedVersion(c.req.valid('header')['if-match'])
      const saved = await savePolicy(context, actor, c.req.valid('param').id, revision, c.req.valid('json'))
      return c.json(saved, 200, { etag: `"${saved.revision}"` })
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/limits',
      access: readers,
      tags,
      summary: 'Import limits that FSPs were sent, with every sending, the latest first. An FSP sees its own',
      request: { query },
      responses: answers(pageOf(limitRecord)),
    }),
    async (c) => {
      const { fspId } = requireReader(c.get('actor'))
      const items = await readLimits(context.db, { fspId, ...c.req.valid('query') })
      return c.json({ items, nextCursor: null }, 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/limits/{id}',
      access: readers,
      problems: ['not-found'],
      tags,
      summary: 'One import limit with every sending',
      request: { params },
      responses: answers(limitRecord),
    }),
    async (c) => {
      const { fspId } = requireReader(c.get('actor'))
      return c.json(await oneLimit({ fspId, limitId: c.req.valid('param').id }), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/limits/{id}/confirmation',
      access: people('flexibility-engineer', 'operator'),
      problems: ['not-found', 'conflict'],
      tags,
      summary: 'Record that an FSP took a limit that went by e-mail',
      request: {
        params,
        body: { content: { 'application/json': { schema: limitConfirmation } }, required: true },
      },
      responses: answers(limitRecord),
    }),
    async (c) => {
      const actor = requirePerson(c.get('actor'), 'flexibility-engineer', 'operator')
      const limitId = c.req.valid('param').id
      await confirmLimit(context, actor, limitId, c.req.valid('json').note)
      return c.json(await oneLimit({ limitId }), 200)
    },
  )
  return router
}
