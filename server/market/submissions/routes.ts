import { z } from '@hono/zod-openapi'
import { LocalDate } from '@js-joda/core'
import { ProblemError } from '../../../platform/http/index.ts'
import {
  scheduleSubmission,
  submissionKind,
  submissionReceipt,
  submittedSchedule,
} from '../../../schemas/market/schedules.ts'
import { readers } from '../../../schemas/vocabulary/access.ts'
import { pageOf } from '../../../schemas/vocabulary/paging.ts'
import { tradingDay, uuid } from '../../../schemas/vocabulary/units.ts'
import {
  type Actor,
  answers,
  createRoute,
  requireFsp,
  requirePerson,
  requireReader,
  type ServerContext,
  serverRouter,
} from '../../kit/index.ts'
import { listFlexibleUnits } from '../parties/index.ts'
import { submitSchedules } from './bulk.ts'
import { submitSchedule } from './service.ts'
import { currentSubmissions, findRevision, viewSubmission } from './store.ts'
import { readSchedules, writeSchedules } from './upload.ts'

const params = z.object({ fuId: uuid, day: tradingDay, kind: submissionKind })
const dayQuery = z.object({ day: tradingDay })
const tags = ['Schedules']

/** Who may submit: an FSP for its own FUs, or a flexibility engineer for any, as in the manual fallback. */
function requireSubmitter(actor: Actor | null): { actor: Actor; fspId: string | null } {
  if (actor?.kind === 'person') return { actor: requirePerson(actor, 'flexibility-engineer'), fspId: null }
  const fsp = requireFsp(actor, 'market')
  return { actor: fsp, fspId: fsp.fspId }
}

/** Schedules that FSPs submit: baseline, cost, deviation, availability. */
export function submissionRoutes(context: ServerContext) {
  const router = serverRouter()
  const { db, clock } = context

  /** FUs that the reader may see; `undefined` for all. */
  const visible = async (fspId: string | null) =>
    fspId === null ? undefined : (await listFlexibleUnits(db, clock.now(), { fspId })).map((unit) => unit.fuId)

  router.openapi(
    createRoute({
      method: 'put',
      path: '/schedules/{fuId}/{day}/{kind}',
      access: { people: ['flexibility-engineer'], fsp: 'market' },
      problems: ['not-found', 'conflict'],
      tags,
      summary: 'Submit a schedule of an FU for a day',
      request: { params, body: { content: { 'application/json': { schema: scheduleSubmission } }, required: true } },
      responses: answers(submittedSchedule),
    }),
    async (c) => {
      const { actor, fspId } = requireSubmitter(c.get('actor'))
      const { fuId, day, kind } = c.req.valid('param')
      const given = c.req.valid('json')
      if (given.kind !== kind) {
        const errors = [{ field: 'kind', message: `is ${given.kind}, but the address says ${kind}` }]
        throw new ProblemError('contract-broken', `kind ${errors[0]?.message}.`, { errors })
      }
      return c.json(await submitSchedule(context, actor, fspId, { fuId, day: LocalDate.parse(day) }, given), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/schedules/{fuId}/{day}/{kind}',
      access: readers,
      problems: ['not-found'],
      tags,
      summary: 'A submitted schedule; the highest revision, or the one asked for',
      request: { params, query: z.object({ revision: z.coerce.number().int().min(1).optional() }) },
      responses: answers(submittedSchedule),
    }),
    async (c) => {
      const { fspId } = requireReader(c.get('actor'))
      const { fuId, kind, ...asked } = c.req.valid('param')
      const [day, { revision }] = [LocalDate.parse(asked.day), c.req.valid('query')]
      const [unit] = await listFlexibleUnits(db, clock.now(), { fspId, fuIds: [fuId] })
      const found = !unit
        ? undefined
        : revision === undefined
          ? (await currentSubmissions(db, day, { fuIds: [fuId], kinds: [kind] }))[0]
          : await findRevision(db, { fuId, day, kind }, revision)
      if (!found) throw new ProblemError('not-found', `FU ${fuId} has no such ${kind} schedule for ${day}.`)
      return c.json(viewSubmission(found), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/schedules',
      access: readers,
      tags,
      summary: 'All submitted schedules of a day; an FSP sees its own',
      request: { query: dayQuery },
      responses: answers(pageOf(submittedSchedule)),
    }),
    async (c) => {
      const fuIds = await visible(requireReader(c.get('actor')).fspId)
      const day = LocalDate.parse(c.req.valid('query').day)
      const rows = await currentSubmissions(db, day, fuIds ? { fuIds } : {})
      return c.json({ items: rows.map(viewSubmission), nextCursor: null }, 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/schedules/csv',
      access: { people: ['flexibility-engineer'], fsp: 'market' },
      tags,
      summary: 'Submit schedules as CSV: all of the file is taken, or none of it',
      request: { body: { content: { 'text/csv': { schema: z.string() } }, required: true } },
      responses: answers(submissionReceipt),
    }),
    async (c) => {
      const { actor, fspId } = requireSubmitter(c.get('actor'))
      const { body } = c.req.raw
      if (!body) throw new ProblemError('malformed', 'The request has no body: send the CSV file in it.')
      return c.json(await submitSchedules(context, actor, fspId, await readSchedules(body)), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/schedules/csv',
      access: readers,
      tags,
      summary: 'All submitted schedules of a day as CSV',
      request: { query: dayQuery },
      responses: {
        200: { description: 'CSV', content: { 'text/csv': { schema: z.string() } } },
        default: answers(submittedSchedule).default,
      },
    }),
    async (c) => {
      const fuIds = await visible(requireReader(c.get('actor')).fspId)
      const { day } = c.req.valid('query')
      const rows = await currentSubmissions(db, LocalDate.parse(day), fuIds ? { fuIds } : {})
      c.header('content-type', 'text/csv; charset=utf-8')
      c.header('content-disposition', `attachment; filename="schedules-${day}.csv"`)
      return c.body(writeSchedules(rows), 200)
    },
  )
  return router
}
