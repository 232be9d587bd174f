import { z } from '@hono/zod-openapi'
import { LocalDate } from '@js-joda/core'
import { ProblemError } from '../../../platform/http/index.ts'
import { nodeHeadroom, nodePage } from '../../../schemas/grid/network.ts'
import {
  assessment,
  profileApplication,
  profileApproval,
  profileDay,
  profilePreview,
  profileRejection,
  profileVersion,
} from '../../../schemas/grid/profiles.ts'
import { people } from '../../../schemas/vocabulary/access.ts'
import { dayQuery, nodeParams } from '../../../schemas/vocabulary/examples.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { uuid } from '../../../schemas/vocabulary/units.ts'
import { answers, createRoute, requirePerson, type ServerContext, serverRouter } from '../../kit/index.ts'
import { approveProfile, rejectProfile } from './decisions.ts'
import { demandFile, previewOf } from './demand.ts'
import { csvAnswer, csvFile, demandRoutes } from './demand-routes.ts'
import { nodeHeadroomOn } from './headroom.ts'
import { masterRoutes } from './master-routes.ts'
import { nodePageOf } from './node-page.ts'
import { amendProfile, assessVersion, findVersion, listVersions } from './profiles.ts'

const params = z.object({ id: uuid.meta({ description: 'As GET /profiles lists it.' }) })
const matchHeader = z.object({ 'if-match': z.string().optional() })
const json = <T extends z.ZodType>(schema: T) => ({ content: { 'application/json': { schema } }, required: true })
const states = ['applied', 'approved', 'rejected', 'superseded', 'expired'] as const

/** The revision that `If-Match` names; `null` without the header. */
function revisionOf(header: string | undefined): number | null {
  if (header === undefined) return null
  const [, digits] = /^(?:W\/)?"?(\d+)"?$/.exec(header.trim()) ?? []
  if (digits === undefined)
    throw new ProblemError('malformed', 'If-Match must be an ETag of this resource, such as "3".')
  return Number(digits)
}

const etag = (revision: number) => ({ etag: `"${revision}"` })

/** Profiled connections from application to expiry, their demand schedules as files, and the headroom that they are judged by. */
export function connectionRoutes(context: ServerContext) {
  const router = serverRouter()
  const { db, clock } = context
  router.openapi(
    createRoute({
      method: 'get',
      path: '/profiles',
      access: people(),
      tags: ['Profiled connections'],
      summary: 'Versions of profiled connections, newest first: the inbox with state=applied',
      request: { query: z.object({ state: z.enum(states).optional(), connectionId: uuid.optional() }) },
      responses: answers(z.array(profileVersion)),
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      const { state, connectionId } = c.req.valid('query')
      return c.json(await listVersions(db, { connectionId, states: state && [state] }), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/profiles/{id}',
      access: people(),
      problems: ['not-found'],
      tags: ['Profiled connections'],
      summary: 'A version, with its revision as ETag',
      request: { params },
      responses: answers(profileVersion),
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      const { view } = await findVersion(db, c.req.valid('param').id)
      return c.json(view, 200, etag(view.revision))
    },
  )
  router.openapi(
    createRoute({
      method: 'put',
      path: '/profiles/{id}',
      access: people('planner'),
      problems: ['not-found', 'conflict', 'changed-meanwhile', 'precondition-required'],
      tags: ['Profiled connections'],
      summary: 'Amend an application that is not decided yet',
      description:
        'Needs If-Match. When somebody else has changed it meanwhile the answer is 412 and names what differs.',
      request: { params, headers: matchHeader, body: json(profileApplication) },
      responses: answers(profileVersion),
    }),
    async (c) => {
      const revision = revisionOf(c.req.header('if-match'))
      const saved = await amendProfile(context, c.get('actor'), c.req.valid('param').id, revision, c.req.valid('json'))
      return c.json(saved, 200, etag(saved.revision))
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/profiles/{id}/assessment',
      access: people(),
      problems: ['not-found'],
      tags: ['Profiled connections'],
      summary: 'Judge a version against the headroom of every node up the tree, half-hour by half-hour',
      request: { params },
      responses: answers(assessment),
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      return c.json(await assessVersion(context, c.req.valid('param').id), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/profiles/{id}/approval',
      access: people('planner'),
      problems: ['not-found', 'conflict', 'second-person-needed', 'changed-meanwhile', 'precondition-required'],
      tags: ['Profiled connections'],
      summary: 'Approve an application, as a second person',
      request: { params, headers: matchHeader, body: json(profileApproval) },
      responses: answers(profileVersion),
    }),
    async (c) => {
      const revision = revisionOf(c.req.header('if-match'))
      const { id } = c.req.valid('param')
      const saved = await approveProfile(context, c.get('actor'), id, revision, c.req.valid('json'))
      return c.json(saved, 200, etag(saved.revision))
    },
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/profiles/{id}/rejection',
      access: people('planner'),
      problems: ['not-found', 'conflict', 'changed-meanwhile', 'precondition-required'],
      tags: ['Profiled connections'],
      summary: 'Reject an application with a reason',
      request: { params, headers: matchHeader, body: json(profileRejection) },
      responses: answers(profileVersion),
    }),
    async (c) => {
      const revision = revisionOf(c.req.header('if-match'))
      const { id } = c.req.valid('param')
      const saved = await rejectProfile(context, c.get('actor'), id, revision, c.req.valid('json').reason)
      return c.json(saved, 200, etag(saved.revision))
    },
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/profile-previews',
      access: people(),
      tags: ['Profiled connections'],
      summary: 'What limits do on a day, also when the clock changes',
      request: { body: json(profilePreview) },
      responses: answers(profileDay),
    }),
    (c) => {
      requirePerson(c.get('actor'))
      const { limits, day } = c.req.valid('json')
      return c.json(previewOf(limits, LocalDate.parse(day)), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/profiles/{id}/demand-schedule.csv',
      access: people(),
      problems: ['not-found'],
      tags: ['Profiled connections'],
      summary: 'The demand schedule of a version as CSV',
      request: { params },
      responses: csvAnswer,
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      const { view } = await findVersion(db, c.req.valid('param').id)
      return csvFile(c, demandFile(view.limits), `${view.connectionName} v${view.version}`)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/network/nodes/{id}',
      access: people(),
      problems: ['not-found'],
      tags: ['Network'],
      summary: 'A node with what stands around it',
      request: { params: nodeParams },
      responses: answers(nodePage),
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      const { id } = c.req.valid('param')
      const page = await nodePageOf(db, id)
      if (!page) throw new ProblemError('not-found', `There is no node ${id}.`)
      return c.json(page, 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/network/nodes/{id}/headroom',
      access: people(),
      problems: ['not-found'],
      tags: ['Network'],
      summary: 'Load and headroom of a node on a day, half-hour by half-hour',
      request: { params: nodeParams, query: dayQuery },
      responses: answers(nodeHeadroom),
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      const [{ id }, { day }] = [c.req.valid('param'), c.req.valid('query')]
      const wanted = day ? LocalDate.parse(day) : tradingDayOf(clock.now())
      const found = await nodeHeadroomOn(db, id, wanted, clock.now())
      if (!found) throw new ProblemError('not-found', `There is no node ${id}.`)
      return c.json(found, 200)
    },
  )
  router.route('/', masterRoutes(context))
  router.route(
    '/',
    demandRoutes(context, { path: '/connections', what: 'a connection', connectionOf: async (id) => id }),
  )
  return router
}
