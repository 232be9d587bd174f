import { z } from '@hono/zod-openapi'
import { ProblemError } from '../../../platform/http/index.ts'
import {
  deliveryReport,
  dispute,
  disputeOutcome,
  lineExplanation,
  newDispute,
  newStatement,
  settlementTerms,
  statement,
  statementEvent,
  statementSummary,
} from '../../../schemas/settlement/statements.ts'
import { people, readers } from '../../../schemas/vocabulary/access.ts'
import { pageOf } from '../../../schemas/vocabulary/paging.ts'
import { uuid } from '../../../schemas/vocabulary/units.ts'
import {
  type Actor,
  answers,
  createRoute,
  requirePerson,
  requireReader,
  type ServerContext,
  serverRouter,
} from '../../kit/index.ts'
import { listContracts } from '../../market/index.ts'
import { defaultTerms, setTerms, termsOfContracts } from '../payments/index.ts'
import { moveStatement } from './approval.ts'
import { comparisonRoutes } from './comparison-routes.ts'
import { statementCsv } from './csv.ts'
import { decideDispute, listDisputes, raiseDispute } from './disputes.ts'
import { explainLine } from './explanation.ts'
import { statementPdf } from './pdf.ts'
import { deliveryReports } from './reports.ts'
import { prepareStatement } from './service.ts'
import { listStatements, readStatement } from './store.ts'

const params = z.object({ id: uuid })
const tags = ['Settlement']
const jsonBody = <T extends z.ZodType>(schema: T) => ({
  body: { content: { 'application/json': { schema } }, required: true },
})

/** Statements, their files, their way to issue, disputes, and the terms that contracts are settled by. */
export function statementRoutes(context: ServerContext) {
  const router = serverRouter()
  router.route('/', comparisonRoutes(context))
  const { db } = context
  const readerOf = (actor: Actor | null) => requireReader(actor).fspId

  router.openapi(
    createRoute({
      method: 'get',
      path: '/statements',
      tags,
      summary: 'Statements',
      access: readers,
      responses: answers(pageOf(statementSummary)),
    }),
    async (c) => c.json({ items: await listStatements(db, readerOf(c.get('actor'))), nextCursor: null }, 200),
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/statements',
      tags,
      access: people('settlement'),
      problems: ['not-found', 'conflict'],
      summary: 'Prepare a draft statement; of a month that was issued, a delta statement',
      request: jsonBody(newStatement),
      responses: answers(statement),
    }),
    async (c) => {
      const person = requirePerson(c.get('actor'), 'settlement')
      const { statementId } = await prepareStatement(context, person, c.req.valid('json'))
      return c.json(await readStatement(db, statementId, null), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/statements/{id}/csv',
      tags,
      summary: 'A statement as CSV',
      access: readers,
      problems: ['not-found'],
      request: { params },
      responses: { 200: { description: 'CSV', content: { 'text/csv': { schema: z.string() } } } },
    }),
    async (c) => {
      const found = await readStatement(db, c.req.valid('param').id, readerOf(c.get('actor')))
      c.header('content-type', 'text/csv; charset=utf-8')
      c.header('content-disposition', `attachment; filename="statement-${found.number}.csv"`)
      return c.body(statementCsv(found), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/statements/{id}/pdf',
      tags,
      summary: 'A statement as PDF',
      access: readers,
      problems: ['not-found'],
      request: { params },
      responses: { 200: { description: 'PDF', content: { 'application/pdf': { schema: z.string() } } } },
    }),
    async (c) => {
      const found = await readStatement(db, c.req.valid('param').id, readerOf(c.get('actor')))
      c.header('content-type', 'application/pdf')
      c.header('content-disposition', `attachment; filename="statement-${found.number}.pdf"`)
      return c.body(new Uint8Array(await statementPdf(found)), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/statements/{id}',
      tags,
      summary: 'One statement with its lines',
      access: readers,
      problems: ['not-found'],
      request: { params },
      responses: answers(statement),
    }),
    async (c) => c.json(await readStatement(db, c.req.valid('param').id, readerOf(c.get('actor'))), 200),
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/statements/{id}/state',
      tags,
      access: people('settlement'),
      problems: ['not-found', 'conflict', 'second-person-needed'],
      summary: 'Check, approve, issue or return a statement; whoever prepared or checked it cannot approve it',
      request: { params, ...jsonBody(z.object({ event: statementEvent })) },
      responses: answers(statement),
    }),
    async (c) => {
      const person = requirePerson(c.get('actor'), 'settlement')
      return c.json(await moveStatement(context, person, c.req.valid('param').id, c.req.valid('json').event), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/statements/{id}/lines/{lineId}/explanation',
      tags,
      access: readers,
      problems: ['not-found'],
      summary: 'A line with its inputs and arithmetic',
      request: { params: params.extend({ lineId: uuid }) },
      responses: answers(lineExplanation),
    }),
    async (c) => {
      const { id, lineId } = c.req.valid('param')
      return c.json(await explainLine(db, id, lineId, readerOf(c.get('actor'))), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/statements/{id}/delivery',
      tags,
      summary: 'Non-delivery per unit',
      access: readers,
      problems: ['not-found'],
      request: { params },
      responses: answers(pageOf(deliveryReport)),
    }),
    async (c) => {
      const found = await readStatement(db, c.req.valid('param').id, readerOf(c.get('actor')))
      return c.json({ items: deliveryReports(found.lines), nextCursor: null }, 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/statements/{id}/disputes',
      tags,
      summary: 'Disputes of a statement',
      access: readers,
      problems: ['not-found'],
      request: { params },
      responses: answers(pageOf(dispute)),
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      await readStatement(db, id, readerOf(c.get('actor')))
      return c.json({ items: await listDisputes(db, id), nextCursor: null }, 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/statements/{id}/disputes',
      tags,
      summary: 'Dispute a statement or a line',
      access: readers,
      problems: ['not-found', 'conflict'],
      request: { params, ...jsonBody(newDispute) },
      responses: answers(dispute),
    }),
    async (c) => {
      const actor = c.get('actor')
      const fspId = readerOf(actor)
      if (!actor) throw new ProblemError('unauthenticated', 'Log in to dispute a statement.')
      return c.json(await raiseDispute(context, actor, fspId, c.req.valid('param').id, c.req.valid('json')), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/disputes/{id}/outcome',
      tags,
      summary: 'Decide a dispute',
      access: people('settlement'),
      problems: ['not-found', 'conflict'],
      request: { params, ...jsonBody(disputeOutcome) },
      responses: answers(dispute),
    }),
    async (c) => {
      const person = requirePerson(c.get('actor'), 'settlement')
      return c.json(await decideDispute(context, person, c.req.valid('param').id, c.req.valid('json')), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/contracts/{id}/settlement-terms',
      tags,
      summary: 'What a contract is settled by',
      access: readers,
      problems: ['not-found'],
      request: { params },
      responses: answers(settlementTerms),
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const contracts = await listContracts(db, { fspId: readerOf(c.get('actor')) })
      if (!contracts.some((one) => one.contractId === id))
        throw new ProblemError('not-found', `There is no contract ${id}.`)
      return c.json((await termsOfContracts(db, [id])).get(id) ?? defaultTerms, 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'put',
      path: '/contracts/{id}/settlement-terms',
      tags,
      access: people('settlement'),
      problems: ['not-found'],
      summary: 'Set what a contract is settled by',
      request: { params, ...jsonBody(settlementTerms) },
      responses: answers(settlementTerms),
    }),
    async (c) => {
      const person = requirePerson(c.get('actor'), 'settlement')
      return c.json(await setTerms(context, person, c.req.valid('param').id, c.req.valid('json')), 200)
    },
  )
  return router
}
