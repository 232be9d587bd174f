import { createRoute, z } from '@hono/zod-openapi'
import { pageOf } from '../../../schemas/portal.ts'
import { newStatement, statement, statementSummary } from '../../../schemas/settlement.ts'
import { uuid } from '../../../schemas/units.ts'
import { answers, requirePerson, requireReader, type ServerContext, serverRouter } from '../../access/index.ts'
import { statementCsv } from './csv.ts'
import { listStatements, prepareStatement, readStatement } from './service.ts'

const params = z.object({ id: uuid })
const tags = ['Settlement']

/** Statements. */
export function statementRoutes(context: ServerContext) {
  const router = serverRouter()
  router.openapi(
    createRoute({
      method: 'get',
      path: '/statements',
      tags,
      summary: 'Statements',
      responses: answers(pageOf(statementSummary)),
    }),
    async (c) =>
      c.json({ items: await listStatements(context.db, requireReader(c.get('actor')).fspId), nextCursor: null }, 200),
  )
  const body = { content: { 'application/json': { schema: newStatement } }, required: true }
  router.openapi(
    createRoute({
      method: 'post',
      path: '/statements',
      tags,
      summary: 'Prepare a draft statement',
      request: { body },
      responses: answers(statement),
    }),
    async (c) =>
      c.json(await prepareStatement(context, requirePerson(c.get('actor'), 'settlement'), c.req.valid('json')), 200),
  )
  const csvAnswer = { 200: { description: 'The statement as CSV', content: { 'text/csv': { schema: z.string() } } } }
  router.openapi(
    createRoute({
      method: 'get',
      path: '/statements/{id}/csv',
      tags,
      summary: 'A statement as a file',
      request: { params },
      responses: csvAnswer,
    }),
    async (c) => {
      const found = await readStatement(context, c.req.valid('param').id, requireReader(c.get('actor')).fspId)
      c.header('content-type', 'text/csv; charset=utf-8')
      c.header('content-disposition', `attachment; filename="statement-${found.number}.csv"`)
      return c.body(statementCsv(found), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/statements/{id}',
      tags,
      summary: 'One statement with its lines',
      request: { params },
      responses: answers(statement),
    }),
    async (c) =>
      c.json(await readStatement(context, c.req.valid('param').id, requireReader(c.get('actor')).fspId), 200),
  )
  return router
}
