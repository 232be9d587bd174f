import { z } from '@hono/zod-openapi'
import { streamSSE } from 'hono/streaming'
import { type Overview, overview } from '../../schemas/portal/portal.ts'
import { people, users } from '../../schemas/vocabulary/access.ts'
import { tradingDayOf } from '../../schemas/vocabulary/time.ts'
import { readTotals } from '../dispatch/index.ts'
import { countAlarms, overviewSites } from '../grid/index.ts'
import { answers, createRoute, requirePerson, requireUser, type ServerContext, serverRouter } from '../kit/index.ts'
import type { EventBus } from './events.ts'

/** An open stream says so every so many ms, so that proxies and half-open connections show themselves. */
const keepAliveMs = 15_000

/** What the portal shows across wings: the overview, and the stream of news. */
export function portalRoutes(context: ServerContext, bus: EventBus) {
  const router = serverRouter()
  const { db, clock } = context
  router.openapi(
    createRoute({
      method: 'get',
      path: '/overview',
      access: people(),
      tags: ['Portal'],
      summary: 'Every site, the alarms and the day’s dispatch',
      responses: answers(overview),
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      const at = clock.now()
      const day = tradingDayOf(at)
      const body: Overview = {
        at: at.toString(),
        tradingDay: day.toString(),
        sites: await overviewSites(db, at),
        alarms: await countAlarms(db),
        dispatch: await readTotals(db, at, day, 'A'),
      }
      return c.json(body, 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/events',
      access: users,
      tags: ['Portal'],
      summary: 'News as server-sent events: `changed` with the topic that has changed',
      responses: { 200: { description: 'A stream', content: { 'text/event-stream': { schema: z.string() } } } },
    }),
    (c) => {
      requireUser(c.get('actor'))
      return streamSSE(c, async (stream) => {
        const unsubscribe = bus.subscribe((topic) => {
          void stream.writeSSE({ event: 'changed', data: JSON.stringify({ topic }) })
        })
        stream.onAbort(unsubscribe)
        await stream.writeSSE({ event: 'open', data: '{}' })
        while (!stream.aborted) {
          await stream.sleep(keepAliveMs)
          if (!stream.aborted) await stream.writeSSE({ event: 'alive', data: '{}' })
        }
        unsubscribe()
      })
    },
  )
  return router
}
