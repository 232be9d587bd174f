import { z } from '@hono/zod-openapi'
import { ProblemError } from '../../../platform/http/index.ts'
import {
  gatewayAssignment,
  gatewayPool,
  hubForm,
  hubReports,
  pointMapForm,
  pointMapName,
  poolForm,
  poolName,
  registeredHub,
  storedPointMap,
} from '../../../schemas/grid/gateway.ts'
import { gateways, people } from '../../../schemas/vocabulary/access.ts'
import { hubParams } from '../../../schemas/vocabulary/examples.ts'
import { problem } from '../../../schemas/vocabulary/problem.ts'
import { answers, createRoute, requireGateway, type ServerContext, serverRouter } from '../../kit/index.ts'
import { assignmentOf } from './assignment.ts'
import { endLease } from './leases.ts'
import { listMaps, putMap, readMap } from './map-library.ts'
import { listPools, putPool, readPool } from './pools.ts'
import { readRegistration, register } from './registration.ts'
import { takeReports } from './service.ts'

const conditions = z.object({ 'if-match': z.string().optional(), 'if-none-match': z.literal('*').optional() })
const jsonBody = <T extends z.ZodType>(schema: T) => ({ content: { 'application/json': { schema } }, required: true })
const refusal = { description: 'A problem (RFC 9457)', content: { 'application/problem+json': { schema: problem } } }

/** What gateways ask and report, and what people tell them: which hubs there are, how they are reached, what their points mean. */
export function gatewayRoutes(context: ServerContext) {
  const router = serverRouter()
  router.openapi(
    createRoute({
      method: 'get',
      path: '/gateway/assignment',
      access: gateways,
      tags: ['Gateways'],
      summary: 'The hubs that the asking gateway is to poll',
      description:
        'Hubs name their point maps, which stand beside them, each once. With If-None-Match: 304 while nothing has changed.',
      request: { headers: z.object({ 'if-none-match': z.string().optional() }) },
      responses: { ...answers(gatewayAssignment), 304: { description: 'Nothing has changed' } },
    }),
    async (c) => {
      const known = tagIn(c.req.header('if-none-match'))
      const { tag, assignment, leaseS } = await assignmentOf(context, c.get('actor'), known)
      const headers = { etag: `"${tag}"`, ...(leaseS === null ? {} : { 'lease-seconds': String(leaseS) }) }
      return assignment === null ? c.body(null, 304, headers) : c.json(assignment, 200, headers)
    },
  )
  router.openapi(
    createRoute({
      method: 'delete',
      path: '/gateway/lease',
      access: gateways,
      tags: ['Gateways'],
      summary: 'Give up the hubs that the asking gateway has leased, before it stops',
      responses: { 204: { description: 'Given up' }, default: refusal },
    }),
    async (c) => {
      await endLease(context.db, requireGateway(c.get('actor')).gatewayId)
      return c.body(null, 204)
    },
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/gateway/hub-reports',
      access: gateways,
      tags: ['Gateways'],
      summary: 'Report the state of the links to hubs, and of the gateway itself',
      request: { body: jsonBody(hubReports) },
      responses: { 204: { description: 'Taken over' }, default: refusal },
    }),
    async (c) => {
      const { hubs, gateway } = c.req.valid('json')
      await takeReports(context, c.get('actor'), hubs, gateway)
      return c.body(null, 204)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/point-maps',
      access: people(),
      tags: ['Gateways'],
      summary: 'What the points of each model of hub mean',
      responses: answers(z.array(storedPointMap)),
    }),
    async (c) => c.json(await listMaps(context, c.get('actor')), 200),
  )
  const poolParams = z.object({ name: poolName.meta({ example: 'london' }) })
  router.openapi(
    createRoute({
      method: 'get',
      path: '/gateway-pools',
      access: people(),
      tags: ['Gateways'],
      summary: 'Gateways that share their hubs, and who has how many',
      responses: answers(z.array(gatewayPool)),
    }),
    async (c) => c.json(await listPools(context, c.get('actor')), 200),
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/gateway-pools/{name}',
      access: people(),
      tags: ['Gateways'],
      summary: 'One pool',
      request: { params: poolParams },
      responses: answers(gatewayPool),
    }),
    async (c) => {
      const found = await readPool(context, c.get('actor'), c.req.valid('param').name)
      return c.json(found, 200, { etag: `"${found.etag}"` })
    },
  )
  router.openapi(
    createRoute({
      method: 'put',
      path: '/gateway-pools/{name}',
      access: people('operator'),
      tags: ['Gateways'],
      summary: 'Make a pool of gateways, or change it',
      description: 'If-Match with the ETag of what you have read, or If-None-Match: * for a new pool.',
      request: { params: poolParams, headers: conditions, body: jsonBody(poolForm) },
      responses: answers(gatewayPool),
    }),
    async (c) => {
      const etag = editedVersion(c.req.valid('header'))
      const { name } = c.req.valid('param')
      const saved = await putPool(context, c.get('actor'), name, etag, c.req.valid('json'))
      return c.json(saved, 200, { etag: `"${saved.etag}"` })
    },
  )
  const mapParams = z.object({ name: pointMapName.meta({ example: 'visnet-hub' }) })
  router.openapi(
    createRoute({
      method: 'get',
      path: '/point-maps/{name}',
      access: people(),
      problems: ['not-found'],
      tags: ['Gateways'],
      summary: 'One point map',
      request: { params: mapParams },
      responses: answers(storedPointMap),
    }),
    async (c) => {
      const found = await readMap(context, c.get('actor'), c.req.valid('param').name)
      return c.json(found, 200, { etag: `"${found.etag}"` })
    },
  )
  router.openapi(
    createRoute({
      method: 'put',
      path: '/point-maps/{name}',
      access: people('operator'),
      problems: ['not-found', 'changed-meanwhile', 'precondition-required'],
      tags: ['Gateways'],
      summary: 'Make or change a point map',
      description:
        'If-Match with the ETag of what you have read, or If-None-Match: * for a new one. Gateways follow within a minute.',
      request: { params: mapParams, headers: conditions, body: jsonBody(pointMapForm) },
      responses: answers(storedPointMap),
    }),
    async (c) => {
      const { name } = c.req.valid('param')
      const etag = editedVersion(c.req.valid('header'))
      const saved = await putMap(context, c.get('actor'), name, etag, c.req.valid('json').points)
      return c.json(saved, 200, { etag: `"${saved.etag}"` })
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/hubs/{id}/registration',
      access: people(),
      problems: ['not-found'],
      tags: ['Gateways'],
      summary: 'How a hub is reached and read',
      request: { params: hubParams },
      responses: answers(registeredHub),
    }),
    async (c) => {
      const found = await readRegistration(context, c.get('actor'), c.req.valid('param').id)
      return c.json(found, 200, { etag: `"${found.etag}"` })
    },
  )
  router.openapi(
    createRoute({
      method: 'put',
      path: '/hubs/{id}/registration',
      access: people('operator', 'planner'),
      problems: ['not-found', 'conflict', 'changed-meanwhile', 'precondition-required'],
      tags: ['Gateways'],
      summary: 'Register a hub, or change how it is reached and read',
      description:
        'If-Match with the ETag of what you have read, or If-None-Match: * for a new hub, under an identifier of your own.',
      request: { params: hubParams, headers: conditions, body: jsonBody(hubForm) },
      responses: answers(registeredHub),
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const etag = editedVersion(c.req.valid('header'))
      const saved = await register(context, c.get('actor'), id, etag, c.req.valid('json'))
      return c.json(saved, 200, { etag: `"${saved.etag}"` })
    },
  )
  return router
}

/** The tag in a condition, without what stands around it. */
function tagIn(condition: string | undefined): string | null {
  return condition?.replace(/^(?:W\/)?"?([^"]*)"?$/, '$1') ?? null
}

/** The version that an edit starts from; `null` for a new thing. */
function editedVersion(headers: z.infer<typeof conditions>): string | null {
  if (headers['if-none-match'] === '*') return null
  const tag = tagIn(headers['if-match'])
  if (tag !== null) return tag
  throw new ProblemError(
    'precondition-required',
    'Send If-Match with the ETag of what you have read, or If-None-Match: * for a new one.',
  )
}
