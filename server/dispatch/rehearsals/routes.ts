import { z } from '@hono/zod-openapi'
import { newPseudoNetwork, newRehearsal, pseudoNetwork, rehearsal } from '../../../schemas/dispatch/rehearsals.ts'
import { people } from '../../../schemas/vocabulary/access.ts'
import { pageOf } from '../../../schemas/vocabulary/paging.ts'
import { uuid } from '../../../schemas/vocabulary/units.ts'
import { answers, createRoute, requirePerson, type ServerContext, serverRouter } from '../../kit/index.ts'
import { adoptRehearsal, listNetworks, listRehearsals, makeNetwork, rehearse } from './service.ts'

const tags = ['Rehearsals']
const params = z.object({ id: uuid })
const json = <T extends z.ZodType>(schema: T) => ({ content: { 'application/json': { schema } }, required: true })

/** Pseudo-networks, and what the optimisation would choose on them. */
export function rehearsalRoutes(context: ServerContext) {
  const router = serverRouter()
  router.openapi(
    createRoute({
      method: 'post',
      path: '/pseudo-networks',
      access: people('flexibility-engineer'),
      problems: ['conflict'],
      tags,
      summary: 'Group FUs under made-up nodes',
      request: { body: json(newPseudoNetwork) },
      responses: answers(pseudoNetwork),
    }),
    async (c) => {
      const actor = requirePerson(c.get('actor'), 'flexibility-engineer')
      return c.json(await makeNetwork(context, actor, c.req.valid('json')), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/pseudo-networks',
      access: people(),
      tags,
      summary: 'Pseudo-networks by name',
      responses: answers(pageOf(pseudoNetwork)),
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      return c.json({ items: await listNetworks(context), nextCursor: null }, 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/pseudo-networks/{id}/rehearsals',
      access: people('flexibility-engineer'),
      problems: ['not-found'],
      tags,
      summary: 'Rehearse a scenario; nothing is sent',
      request: { params, body: json(newRehearsal) },
      responses: answers(rehearsal),
    }),
    async (c) => {
      const actor = requirePerson(c.get('actor'), 'flexibility-engineer')
      return c.json(await rehearse(context, actor, c.req.valid('param').id, c.req.valid('json')), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/pseudo-networks/{id}/rehearsals',
      access: people(),
      problems: ['not-found'],
      tags,
      summary: 'Rehearsals on a pseudo-network, the latest first',
      request: { params },
      responses: answers(pageOf(rehearsal)),
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      return c.json({ items: await listRehearsals(context, c.req.valid('param').id), nextCursor: null }, 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/rehearsals/{id}/adoption',
      access: people('flexibility-engineer'),
      problems: ['not-found', 'conflict', 'changed-meanwhile'],
      tags,
      summary: 'Make what a rehearsal chose the manual schedules of its FUs',
      request: { params },
      responses: answers(rehearsal),
    }),
    async (c) => {
      const actor = requirePerson(c.get('actor'), 'flexibility-engineer')
      return c.json(await adoptRehearsal(context, actor, c.req.valid('param').id), 200)
    },
  )
  return router
}
