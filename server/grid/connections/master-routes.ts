import { z } from '@hono/zod-openapi'
import { connectionForm, connectionMaster } from '../../../schemas/grid/profiles.ts'
import { people } from '../../../schemas/vocabulary/access.ts'
import { connectionParams, example } from '../../../schemas/vocabulary/examples.ts'
import { answers, createRoute, newIdFor, requirePerson, type ServerContext, serverRouter } from '../../kit/index.ts'
import { changeConnection, makeConnection, readMaster } from './master.ts'

/** The form of the connection that examples speak of, with its own MPAN. */
const changeBody = {
  content: {
    'application/json': {
      schema: connectionForm,
      example: {
        name: 'Islington',
        customer: 'Royal Mail',
        address: 'Almeida Street, London N1',
        licenceArea: 'LPN',
        nodeId: example.nodeId,
        ascKva: 300,
        powerFactor: 0.95,
        mpans: ['1200000112345'],
      },
    },
  },
  required: true,
}
const body = { content: { 'application/json': { schema: connectionForm } }, required: true }

/** A connection's own data: site, customer, authorised capacity, meter points. */
export function masterRoutes(context: ServerContext) {
  const router = serverRouter()
  router.openapi(
    createRoute({
      method: 'post',
      path: '/connections',
      access: people('planner'),
      problems: ['conflict'],
      tags: ['Connections'],
      summary: 'Make a connection',
      request: { headers: z.object({ 'idempotency-key': z.string().optional() }), body },
      responses: answers(connectionMaster),
    }),
    async (c) => {
      const actor = requirePerson(c.get('actor'), 'planner')
      const connectionId = newIdFor(actor, 'POST /connections', c.req.header('idempotency-key'))
      const made = await makeConnection(context, actor, connectionId, c.req.valid('json'))
      return c.json(made, 200, { etag: `"${made.etag}"` })
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/connections/{id}/master-data',
      access: people(),
      problems: ['not-found'],
      tags: ['Connections'],
      summary: 'The data of a connection that can be edited',
      request: { params: connectionParams },
      responses: answers(connectionMaster),
    }),
    async (c) => {
      const found = await readMaster(context, c.get('actor'), c.req.valid('param').id)
      return c.json(found, 200, { etag: `"${found.etag}"` })
    },
  )
  router.openapi(
    createRoute({
      method: 'put',
      path: '/connections/{id}/master-data',
      access: people('planner'),
      problems: ['not-found', 'conflict', 'changed-meanwhile', 'precondition-required'],
      tags: ['Connections'],
      summary: 'Change the data of a connection',
      description:
        'Needs If-Match. When somebody else has changed it meanwhile the answer is 412 and names what differs.',
      request: {
        params: connectionParams,
        headers: z.object({ 'if-match': z.string().optional() }),
        body: changeBody,
      },
      responses: answers(connectionMaster),
    }),
    async (c) => {
      const etag = c.req.header('if-match')?.replace(/^(?:W\/)?"?([^"]*)"?$/, '$1') ?? null
      const { id } = c.req.valid('param')
      const saved = await changeConnection(context, c.get('actor'), id, etag, c.req.valid('json'))
      return c.json(saved, 200, { etag: `"${saved.etag}"` })
    },
  )
  return router
}
