import { z } from '@hono/zod-openapi'
import { ProblemError } from '../../../platform/http/index.ts'
import {
  decision,
  der,
  dispatchRoute,
  flexibleUnit,
  fsp,
  fspApplication,
  fspApplicationReceipt,
  fspApplicationState,
  newDer,
  newFlexibleUnit,
  serviceStatus,
  statedLimits,
} from '../../../schemas/market/market.ts'
import { pageOf } from '../../../schemas/portal/portal.ts'
import { uuid } from '../../../schemas/vocabulary/units.ts'
import { demandRoutes } from '../../grid/index.ts'
import {
  answers,
  anyone,
  createRoute,
  fsps,
  people,
  readers,
  requireFsp,
  requirePerson,
  requireReader,
  type ServerContext,
  serverRouter,
} from '../../kit/index.ts'
import {
  applyAsFsp,
  decideOnFsp,
  declareServiceStatus,
  registerDer,
  registerFlexibleUnit,
  setDispatchRoute,
  stateLimits,
  type TokenIssuer,
} from './service.ts'
import { findFsp, findUnit, listDers, listFlexibleUnits, listFsps } from './store.ts'

const json = <T extends z.ZodType>(schema: T) => ({ content: { 'application/json': { schema } }, required: true })
const idParam = z.object({ id: uuid })
const keyHeader = z.object({ 'idempotency-key': z.string().optional() })
const tags = ['Parties']

/** FSPs, DERs and FUs. */
export function partyRoutes(context: ServerContext, issuer: TokenIssuer) {
  const router = serverRouter()
  const { db, clock } = context

  router.openapi(
    createRoute({
      method: 'post',
      path: '/fsp-applications',
      access: anyone,
      tags,
      summary: 'Apply as an FSP',
      request: { body: json(fspApplication) },
      responses: answers(fspApplicationReceipt),
    }),
    async (c) => c.json(await applyAsFsp(context, issuer, c.req.valid('json')), 200),
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/fsp-applications/{id}',
      access: anyone,
      problems: ['not-found'],
      tags,
      summary: 'How an application stands',
      request: { params: idParam },
      responses: answers(fspApplicationState),
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const found = await findFsp(db, id)
      if (!found) throw new ProblemError('not-found', `There is no application ${id}.`)
      return c.json({ applicationId: id, status: found.status, reason: found.reason }, 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/fsp-applications/{id}/decision',
      access: people('flexibility-engineer'),
      problems: ['not-found', 'conflict'],
      tags,
      summary: 'Accept or reject an application',
      request: { params: idParam, body: json(decision) },
      responses: answers(fsp),
    }),
    async (c) => {
      const actor = requirePerson(c.get('actor'), 'flexibility-engineer')
      return c.json(await decideOnFsp(context, actor, c.req.valid('param').id, c.req.valid('json')), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/fsps',
      tags,
      summary: 'FSPs',
      responses: answers(pageOf(fsp)),
      access: readers,
    }),
    async (c) => c.json({ items: await listFsps(db, requireReader(c.get('actor')).fspId), nextCursor: null }, 200),
  )
  router.openapi(
    createRoute({
      method: 'put',
      path: '/fsps/{id}/dispatch-route',
      access: people('flexibility-engineer'),
      problems: ['not-found'],
      tags,
      summary: 'Send an FSP’s instructions to its control API, or as sheets by e-mail',
      request: { params: idParam, body: json(dispatchRoute) },
      responses: answers(fsp),
    }),
    async (c) => {
      const actor = requirePerson(c.get('actor'), 'flexibility-engineer')
      return c.json(await setDispatchRoute(context, actor, c.req.valid('param').id, c.req.valid('json')), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/ders',
      access: fsps('market'),
      problems: ['conflict'],
      tags,
      summary: 'Register a DER',
      request: { headers: keyHeader, body: json(newDer) },
      responses: answers(der),
    }),
    async (c) =>
      c.json(
        await registerDer(
          context,
          requireFsp(c.get('actor'), 'market'),
          c.req.valid('header')['idempotency-key'],
          c.req.valid('json'),
        ),
        200,
      ),
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/ders',
      tags,
      summary: 'DERs',
      responses: answers(pageOf(der)),
      access: readers,
    }),
    async (c) => c.json({ items: await listDers(db, requireReader(c.get('actor')).fspId), nextCursor: null }, 200),
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/flexible-units',
      access: fsps('market'),
      problems: ['not-found', 'conflict'],
      tags,
      summary: 'Register an FU',
      request: { headers: keyHeader, body: json(newFlexibleUnit) },
      responses: answers(flexibleUnit),
    }),
    async (c) => {
      const actor = requireFsp(c.get('actor'), 'market')
      return c.json(
        await registerFlexibleUnit(context, actor, c.req.valid('header')['idempotency-key'], c.req.valid('json')),
        200,
      )
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/flexible-units',
      access: readers,
      tags,
      summary: 'FUs',
      responses: answers(pageOf(flexibleUnit)),
    }),
    async (c) =>
      c.json(
        {
          items: await listFlexibleUnits(db, clock.now(), { fspId: requireReader(c.get('actor')).fspId }),
          nextCursor: null,
        },
        200,
      ),
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/flexible-units/{id}',
      access: readers,
      problems: ['not-found'],
      tags,
      summary: 'One FU',
      request: { params: idParam },
      responses: answers(flexibleUnit),
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const [unit] = await listFlexibleUnits(db, clock.now(), {
        fspId: requireReader(c.get('actor')).fspId,
        fuIds: [id],
      })
      // FM40: another FSP's FU does not exist as far as this one is concerned.
      if (!unit) throw new ProblemError('not-found', `There is no FU ${id}.`)
      return c.json(unit, 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'put',
      path: '/flexible-units/{id}/limits',
      access: fsps('market'),
      problems: ['not-found'],
      tags,
      summary: 'State what an FU’s turn-downs must keep to: run times, activations, notice, least turn-down, rebound',
      request: { params: idParam, body: json(statedLimits) },
      responses: answers(flexibleUnit),
    }),
    async (c) => {
      const actor = requireFsp(c.get('actor'), 'market')
      return c.json(await stateLimits(context, actor, c.req.valid('param').id, c.req.valid('json')), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/flexible-units/{id}/service-status',
      access: fsps('market'),
      problems: ['not-found'],
      tags,
      summary: 'Declare an FU in or out of service',
      request: { params: idParam, body: json(serviceStatus) },
      responses: answers(flexibleUnit),
    }),
    async (c) =>
      c.json(
        await declareServiceStatus(
          context,
          requireFsp(c.get('actor'), 'market'),
          c.req.valid('param').id,
          c.req.valid('json'),
        ),
        200,
      ),
  )
  router.route(
    '/',
    demandRoutes(context, {
      path: '/flexible-units',
      what: 'an FU',
      async connectionOf(id) {
        const unit = await findUnit(db, id, null)
        if (!unit) throw new ProblemError('not-found', `There is no FU ${id}.`)
        return unit.connectionId
      },
    }),
  )
  return router
}
