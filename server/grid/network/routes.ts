import type { ReadableStream } from 'node:stream/web'
import { z } from '@hono/zod-openapi'
import { writeCsv } from '../../../platform/csv/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import { networkNode, nodeKind } from '../../../schemas/grid/connections.ts'
import { networkImport } from '../../../schemas/grid/network.ts'
import { people, readers } from '../../../schemas/vocabulary/access.ts'
import { csvBody } from '../../../schemas/vocabulary/examples.ts'
import { pageOf } from '../../../schemas/vocabulary/paging.ts'
import { problem } from '../../../schemas/vocabulary/problem.ts'
import { uuid } from '../../../schemas/vocabulary/units.ts'
import {
  answers,
  createRoute,
  newIdFor,
  requirePerson,
  requireReader,
  type ServerContext,
  serverRouter,
} from '../../kit/index.ts'
import { importNetwork, importOf, listImports } from './import.ts'
import { ownColumns } from './layouts.ts'
import { allNodes, listNodes } from './store.ts'

const pageQuery = z.object({
  /** Part of an identifier or a name. */
  search: z.string().max(100).optional(),
  kind: nodeKind.optional(),
  parentId: z.string().max(100).optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(5_000).default(500),
})
const importQuery = z.object({ dryRun: z.enum(['true', 'false']).default('false') })

/** `/network`: the tree of nodes, and its files. */
export function networkRoutes(context: ServerContext) {
  const router = serverRouter()
  router.openapi(
    createRoute({
      method: 'get',
      path: '/network/nodes',
      access: readers,
      tags: ['Network'],
      summary: 'Nodes of the network with their ratings',
      request: { query: pageQuery },
      responses: answers(pageOf(networkNode)),
    }),
    async (c) => {
      requireReader(c.get('actor'))
      return c.json(await listNodes(context.db, c.req.valid('query')), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/network/nodes.csv',
      access: people(),
      tags: ['Network'],
      summary: 'The whole network as CSV, in the layout that is also imported',
      responses: {
        200: { description: 'A CSV file', content: { 'text/csv': { schema: z.string() } } },
        default: { description: 'A problem (RFC 9457)', content: { 'application/problem+json': { schema: problem } } },
      },
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      const nodes = await allNodes(context.db)
      const rows = nodes.map((n) => ownColumns.map((column) => (column === 'reserved' ? String(n[column]) : n[column])))
      return c.body(writeCsv(ownColumns, rows), 200, {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': 'attachment; filename="network.csv"',
      })
    },
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/network/imports',
      access: people('planner'),
      tags: ['Network'],
      summary: 'Import a network file: all of it or, with a single flaw, nothing',
      description:
        'The body is the CSV file itself. With dryRun=true it is checked as much and nothing changes. With an Idempotency-Key the same upload sent again answers what became of the first.',
      request: {
        query: importQuery,
        headers: z.object({ 'idempotency-key': z.string().optional() }),
        body: csvBody(
          'nodeId,name,kind,parentId,licenceArea,ratingWinterKva,ratingSummerKva',
          'lpn-example,Example Street,secondary,lpn-almeida-pri,LPN,800,720',
        ),
      },
      responses: answers(networkImport, 'Checked or imported'),
    }),
    async (c) => {
      const actor = requirePerson(c.get('actor'), 'planner')
      const body = c.req.raw.body
      if (!body) throw new ProblemError('malformed', 'The body is empty: send the CSV file as the body.')
      const importId = newIdFor(actor, 'POST /network/imports', c.req.header('idempotency-key'))
      const dryRun = c.req.valid('query').dryRun === 'true'
      const outcome = await importNetwork(context, actor, body as ReadableStream, { importId, dryRun })
      if (outcome.state === 'refused' && !dryRun) throw refusal(outcome)
      return c.json(outcome, 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/network/imports',
      access: people(),
      tags: ['Network'],
      summary: 'The latest imports',
      responses: answers(z.array(networkImport)),
    }),
    async (c) => c.json(await listImports(context, c.get('actor')), 200),
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/network/imports/{id}',
      access: people(),
      problems: ['not-found'],
      tags: ['Network'],
      summary: 'How far an import is, or how it ended',
      request: { params: z.object({ id: uuid.meta({ description: 'As GET /network/imports lists it.' }) }) },
      responses: answers(networkImport),
    }),
    async (c) => c.json(await importOf(context, c.get('actor'), c.req.valid('param').id), 200),
  )
  return router
}

function refusal({ importId, flaws, flawCount }: z.infer<typeof networkImport>): ProblemError {
  const errors = flaws.map(({ line, field, message }) => ({ field: `line ${line}${field && `, ${field}`}`, message }))
  const [first] = errors
  return new ProblemError(
    'contract-broken',
    `${flawCount} flaws, the first on ${first?.field}: ${first?.message}. Nothing was stored; the import is ${importId}.`,
    { errors },
  )
}
