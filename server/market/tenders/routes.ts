import { z } from '@hono/zod-openapi'
import {
  contract,
  newTender,
  newTenderResponse,
  reserveRelease,
  tender,
  tenderResponse,
} from '../../../schemas/market/tenders.ts'
import { fsps, people, readers } from '../../../schemas/vocabulary/access.ts'
import { pageOf } from '../../../schemas/vocabulary/paging.ts'
import { uuid } from '../../../schemas/vocabulary/units.ts'
import {
  answers,
  createRoute,
  requireFsp,
  requirePerson,
  requireReader,
  type ServerContext,
  serverRouter,
} from '../../kit/index.ts'
import { releaseReserve } from './releases.ts'
import {
  awardTender,
  createTender,
  evaluateTender,
  publishTender,
  readTender,
  respondToTender,
  withdrawTender,
} from './service.ts'
import { listContracts, listResponses, listTenders } from './store.ts'

const json = <T extends z.ZodType>(schema: T) => ({ content: { 'application/json': { schema } }, required: true })
const params = z.object({ id: uuid })
const keyHeader = z.object({ 'idempotency-key': z.string().optional() })
const tags = ['Tenders']

/** Tenders, the responses to them, and the contracts that come of them. */
export function tenderRoutes(context: ServerContext) {
  const router = serverRouter()
  const { db } = context

  router.openapi(
    createRoute({
      method: 'get',
      path: '/tenders',
      tags,
      summary: 'Tenders',
      responses: answers(pageOf(tender)),
      access: readers,
    }),
    async (c) => {
      const { fspId } = requireReader(c.get('actor'))
      return c.json({ items: await listTenders(db, fspId), nextCursor: null }, 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/tenders',
      access: people('flexibility-engineer'),
      problems: ['conflict'],
      tags,
      summary: 'Draft a tender',
      request: { headers: keyHeader, body: json(newTender) },
      responses: answers(tender),
    }),
    async (c) => {
      const actor = requirePerson(c.get('actor'), 'flexibility-engineer')
      const key = c.req.valid('header')['idempotency-key']
      return c.json(await createTender(context, actor, key, c.req.valid('json')), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/tenders/{id}',
      access: readers,
      problems: ['not-found'],
      tags,
      summary: 'One tender',
      request: { params },
      responses: answers(tender),
    }),
    async (c) => c.json(await readTender(context, c.req.valid('param').id, requireReader(c.get('actor')).fspId), 200),
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/tenders/{id}/publish',
      access: people('flexibility-engineer'),
      problems: ['not-found', 'conflict'],
      tags,
      summary: 'Open a tender for responses',
      request: { params },
      responses: answers(tender),
    }),
    async (c) =>
      c.json(
        await publishTender(context, requirePerson(c.get('actor'), 'flexibility-engineer'), c.req.valid('param').id),
        200,
      ),
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/tenders/{id}/withdrawal',
      access: people('flexibility-engineer'),
      problems: ['not-found', 'conflict'],
      tags,
      summary: 'Withdraw a tender that has not been awarded',
      request: { params },
      responses: answers(tender),
    }),
    async (c) => {
      const actor = requirePerson(c.get('actor'), 'flexibility-engineer')
      return c.json(await withdrawTender(context, actor, c.req.valid('param').id), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/tenders/{id}/responses',
      access: fsps('market'),
      problems: ['not-found', 'conflict'],
      tags,
      summary: 'Respond to a tender',
      request: { params, body: json(newTenderResponse) },
      responses: answers(tenderResponse),
    }),
    async (c) =>
      c.json(
        await respondToTender(
          context,
          requireFsp(c.get('actor'), 'market'),
          c.req.valid('param').id,
          c.req.valid('json'),
        ),
        200,
      ),
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/tenders/{id}/responses',
      access: readers,
      problems: ['not-found'],
      tags,
      summary: 'Responses to a tender',
      request: { params },
      responses: answers(pageOf(tenderResponse)),
    }),
    async (c) => {
      const { fspId } = requireReader(c.get('actor'))
      const { tenderId } = await readTender(context, c.req.valid('param').id, fspId)
      return c.json({ items: await listResponses(db, tenderId, fspId), nextCursor: null }, 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/tenders/{id}/evaluation',
      access: people('flexibility-engineer'),
      problems: ['not-found', 'conflict'],
      tags,
      summary: 'Evaluate the responses and propose an award',
      request: { params },
      responses: answers(pageOf(tenderResponse)),
    }),
    async (c) => {
      const actor = requirePerson(c.get('actor'), 'flexibility-engineer')
      return c.json({ items: await evaluateTender(context, actor, c.req.valid('param').id), nextCursor: null }, 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/tenders/{id}/award',
      access: people('flexibility-engineer'),
      problems: ['not-found', 'conflict', 'second-person-needed'],
      tags,
      summary: 'Award the proposal of another person',
      request: { params },
      responses: answers(pageOf(contract)),
    }),
    async (c) => {
      const actor = requirePerson(c.get('actor'), 'flexibility-engineer')
      return c.json({ items: await awardTender(context, actor, c.req.valid('param').id), nextCursor: null }, 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/contracts',
      access: readers,
      tags,
      summary: 'Contracts',
      responses: answers(pageOf(contract)),
    }),
    async (c) =>
      c.json({ items: await listContracts(db, { fspId: requireReader(c.get('actor')).fspId }), nextCursor: null }, 200),
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/contracts/{id}/releases',
      access: people('flexibility-engineer'),
      problems: ['not-found', 'conflict'],
      tags,
      summary: 'Give days of reserve that is not needed back to the FSP',
      request: { params, body: json(reserveRelease) },
      responses: answers(contract),
    }),
    async (c) => {
      const actor = requirePerson(c.get('actor'), 'flexibility-engineer')
      return c.json(await releaseReserve(context, actor, c.req.valid('param').id, c.req.valid('json')), 200)
    },
  )
  return router
}
