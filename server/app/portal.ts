import { streamSSE } from 'hono/streaming'
import { type Overview, portalOperations } from '../../schemas/portal/portal.ts'
import { tradingDayOf } from '../../schemas/vocabulary/time.ts'
import { readTotals } from '../dispatch/index.ts'
import { countAlarms, overviewSites } from '../grid/index.ts'
import { bind } from '../kit/index.ts'
import type { EventBus } from './events.ts'

/** How often an open stream sends a heartbeat, ms, so that proxies keep it open and half-open connections are noticed. */
const keepAliveMs = 15_000

/** What the portal shows across wings: the overview, and the stream of changes. */
export function portal(bus: EventBus) {
  return bind(portalOperations, {
    async readOverview({ context: { db }, at }): Promise<Overview> {
      const day = tradingDayOf(at)
      return {
        at: at.toString(),
        tradingDay: day.toString(),
        sites: await overviewSites(db, at),
        alarms: await countAlarms(db),
        dispatch: await readTotals(db, at, day, 'A'),
      }
    },

    followChanges: ({ http }) =>
      streamSSE(http, async (stream) => {
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
      }),
  })
}
