import type { ReadableStream } from 'node:stream/web'
import { z } from '@hono/zod-openapi'
import { Instant } from '@js-joda/core'
import { ProblemError, readJson } from '../../../platform/http/index.ts'
import { halfHour, hubState, latestReading } from '../../../schemas/grid/connections.ts'
import {
  batchReceipt,
  customerMonitor,
  isPlainMeasurementBatches,
  measurementBatches,
  monitorCredentials,
} from '../../../schemas/grid/measurements.ts'
import { loadHistoryReceipt } from '../../../schemas/grid/network.ts'
import { gateways, people } from '../../../schemas/vocabulary/access.ts'
import {
  connectionParams,
  csvBody,
  example,
  hubParams,
  nodeParams,
  spanQuery,
} from '../../../schemas/vocabulary/examples.ts'
import { uuid } from '../../../schemas/vocabulary/units.ts'
import { answers, createRoute, newIdFor, requirePerson, type ServerContext, serverRouter } from '../../kit/index.ts'
import { halfHoursOf } from './half-hours.ts'
import { ingest, type MeasurementListener } from './ingest.ts'
import { takeHistory } from './load-history.ts'
import { registerMonitor, renewMonitorSecret } from './monitors.ts'
import { listHubs, readingsOf } from './service.ts'

/** What monitors measure, and what people look up about them. `listener` hears of stored measurements. */
export function telemetryRoutes(context: ServerContext, listener: MeasurementListener) {
  const router = serverRouter()
  const measurements = createRoute({
    method: 'post',
    path: '/measurements',
    access: gateways,
    problems: ['not-found'],
    tags: ['Telemetry'],
    summary: 'Store batches of measurements',
    description: 'A batch that is stored already is acknowledged again and changes nothing.',
    request: { body: { content: { 'application/json': { schema: measurementBatches } }, required: true } },
    responses: answers(batchReceipt, 'The last sequence stored of each hub'),
  })
  router.openAPIRegistry.registerPath(measurements)
  // Its body is read by hand: the contract alone would take longer over a post than all the rest of the server.
  router.openapi({ ...measurements, hide: true, request: {} }, async (c) => {
    const { batches } = await readJson(c, measurementBatches, isPlainMeasurementBatches)
    return c.json(await ingest(context, c.get('actor'), batches, listener), 200)
  })
  router.openapi(
    createRoute({
      method: 'post',
      path: '/connections/{id}/monitors',
      access: people('planner', 'operator'),
      problems: ['not-found', 'conflict'],
      tags: ['Telemetry'],
      summary: 'Register a monitor that the customer owns',
      description: 'The answer holds the client by which it fetches tokens; its secret is shown this once.',
      request: {
        params: z.object({ id: uuid.meta({ description: 'As GET /connections lists it: one that no hub measures.' }) }),
        headers: z.object({ 'idempotency-key': z.string().optional() }),
        body: { content: { 'application/json': { schema: customerMonitor } }, required: true },
      },
      responses: answers(monitorCredentials),
    }),
    async (c) => {
      const actor = requirePerson(c.get('actor'), 'planner', 'operator')
      const { id } = c.req.valid('param')
      const hubId = newIdFor(actor, `POST /connections/${id}/monitors`, c.req.header('idempotency-key'))
      return c.json(await registerMonitor(context, actor, id, hubId, c.req.valid('json')), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/monitors/{id}/secret',
      access: people('planner', 'operator'),
      problems: ['not-found'],
      tags: ['Telemetry'],
      summary: 'Give a customer’s monitor another secret',
      description: 'The secret is shown this once; with the old one no token is given any more.',
      request: { params: z.object({ id: uuid.meta({ description: 'As GET /hubs lists it: a customer’s own.' }) }) },
      responses: answers(monitorCredentials),
    }),
    async (c) => c.json(await renewMonitorSecret(context, c.get('actor'), c.req.valid('param').id), 200),
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/hubs',
      access: people(),
      tags: ['Telemetry'],
      summary: 'Hubs with the state of their links, failing ones first',
      responses: answers(z.array(hubState)),
    }),
    async (c) => c.json(await listHubs(context, c.get('actor')), 200),
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/hubs/{id}/readings',
      access: people(),
      problems: ['not-found'],
      tags: ['Telemetry'],
      summary: 'The newest value of each point of a hub, with quality and both times',
      request: { params: hubParams },
      responses: answers(z.array(latestReading)),
    }),
    async (c) => c.json(await readingsOf(context, c.get('actor'), c.req.valid('param').id), 200),
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/connections/{id}/half-hours',
      access: people(),
      tags: ['Telemetry'],
      summary: 'Half-hourly import of a connection',
      request: { params: connectionParams, query: spanQuery },
      responses: answers(z.array(halfHour)),
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      const [from, to] = spanOf(c.req.valid('query'))
      return c.json(await halfHoursOf(context.db, { connectionId: c.req.valid('param').id }, from, to), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/network/nodes/{id}/half-hours',
      access: people(),
      tags: ['Telemetry'],
      summary: 'Half-hourly load of a node that has a hub',
      request: { params: nodeParams, query: spanQuery },
      responses: answers(z.array(halfHour)),
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      const [from, to] = spanOf(c.req.valid('query'))
      return c.json(await halfHoursOf(context.db, { nodeId: c.req.valid('param').id }, from, to), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/network/load-history',
      access: people('planner'),
      tags: ['Network'],
      summary: 'Upload half-hourly load of nodes: all of it or, with a single flaw, nothing',
      description: 'The body is a CSV file: nodeId, at, meanW and, where known, maxW. `stamp` says what `at` names.',
      request: {
        query: z.object({
          stamp: z.enum(['period-start', 'period-end']).meta({ example: 'period-start' }),
          dryRun: z.enum(['true', 'false']).default('false'),
        }),
        body: csvBody('nodeId,at,meanW,maxW', `${example.nodeId},2026-01-14T17:00:00Z,310000,325000`),
      },
      responses: answers(loadHistoryReceipt),
    }),
    async (c) => {
      const body = c.req.raw.body
      if (!body) throw new ProblemError('malformed', 'The body is empty: send the CSV file as the body.')
      const { stamp, dryRun } = c.req.valid('query')
      const options = { stamp, dryRun: dryRun === 'true' }
      return c.json(await takeHistory(context, c.get('actor'), body as ReadableStream, options), 200)
    },
  )
  return router
}

/** Two years of half-hours in one answer are enough. */
const longestSpanDays = 732

function spanOf({ from, to }: { from: string; to: string }): [Instant, Instant] {
  const [start, end] = [Instant.ofEpochMilli(Date.parse(from)), Instant.ofEpochMilli(Date.parse(to))]
  const days = (end.toEpochMilli() - start.toEpochMilli()) / 86_400_000
  if (days > 0 && days <= longestSpanDays) return [start, end]
  throw new ProblemError('contract-broken', `to: must be later than from, by at most ${longestSpanDays} days.`, {
    errors: [{ field: 'to', message: `must be later than from, by at most ${longestSpanDays} days` }],
  })
}
