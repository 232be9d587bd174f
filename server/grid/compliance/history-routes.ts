import { z } from '@hono/zod-openapi'
import { LocalDate } from '@js-joda/core'
import { ProblemError } from '../../../platform/http/index.ts'
import { complianceDay, complianceReport } from '../../../schemas/grid/compliance.ts'
import { people } from '../../../schemas/vocabulary/access.ts'
import { connectionParams, daySpanQuery, monthParams } from '../../../schemas/vocabulary/examples.ts'
import { problem } from '../../../schemas/vocabulary/problem.ts'
import { answers, createRoute, requirePerson, type ServerContext, serverRouter } from '../../kit/index.ts'
import { connectionHistory, fleetHistory } from './history.ts'
import { monthlyReport, reportFile } from './report.ts'
import { reportPdf } from './report-pdf.ts'

function daysOf({ from, to }: z.infer<typeof daySpanQuery>): [LocalDate, LocalDate] {
  if (from > to)
    throw new ProblemError('contract-broken', 'to: must not be before from.', {
      errors: [{ field: 'to', message: 'must not be before from' }],
    })
  return [LocalDate.parse(from), LocalDate.parse(to)]
}

/** How connections and the fleet did, day by day and month by month. */
export function historyRoutes({ db }: ServerContext) {
  const router = serverRouter()
  router.openapi(
    createRoute({
      method: 'get',
      path: '/connections/{id}/compliance',
      access: people(),
      problems: ['not-found'],
      tags: ['Compliance'],
      summary: 'How long a connection was in each state, day by day',
      request: { params: connectionParams, query: daySpanQuery },
      responses: answers(z.array(complianceDay)),
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      const [from, to] = daysOf(c.req.valid('query'))
      return c.json(await connectionHistory(db, c.req.valid('param').id, from, to), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/compliance',
      access: people(),
      tags: ['Compliance'],
      summary: 'How long connections were in each state, summed over all, day by day',
      request: { query: daySpanQuery },
      responses: answers(z.array(complianceDay)),
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      const [from, to] = daysOf(c.req.valid('query'))
      return c.json(await fleetHistory(db, from, to), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/compliance/reports/{month}',
      access: people(),
      tags: ['Compliance'],
      summary: 'The compliance of every connection in a month',
      request: { params: monthParams },
      responses: answers(complianceReport),
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      return c.json(await monthlyReport(db, c.req.valid('param').month), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/compliance/reports/{month}/file.csv',
      access: people(),
      tags: ['Compliance'],
      summary: 'The compliance of every connection in a month as CSV',
      request: { params: monthParams },
      responses: {
        200: { description: 'A CSV file', content: { 'text/csv': { schema: z.string() } } },
        default: { description: 'A problem (RFC 9457)', content: { 'application/problem+json': { schema: problem } } },
      },
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      const { month: wanted } = c.req.valid('param')
      return c.body(reportFile(await monthlyReport(db, wanted)), 200, {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="compliance ${wanted}.csv"`,
      })
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/compliance/reports/{month}/file.pdf',
      access: people(),
      tags: ['Compliance'],
      summary: 'The compliance of every connection in a month as PDF',
      request: { params: monthParams },
      responses: {
        200: { description: 'A PDF file', content: { 'application/pdf': { schema: z.string() } } },
        default: { description: 'A problem (RFC 9457)', content: { 'application/problem+json': { schema: problem } } },
      },
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      const { month: wanted } = c.req.valid('param')
      const file = await reportPdf(await monthlyReport(db, wanted))
      return c.body(new Uint8Array(file), 200, {
        'content-type': 'application/pdf',
        'content-disposition': `attachment; filename="compliance ${wanted}.pdf"`,
      })
    },
  )
  return router
}
