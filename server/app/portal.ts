import { streamSSE } from 'hono/streaming'
import { type NamedKind, type Overview, portalOperations } from '../../schemas/portal/portal.ts'
import { tradingDayOf } from '../../schemas/vocabulary/time.ts'
import { accessNames, isSessionOpen } from '../access/index.ts'
import { readTotalsOfAll } from '../dispatch/index.ts'
import { countAlarms, gridNames, overviewSites } from '../grid/index.ts'
import { type Actor, bind, type Namer, personBehind, type ServerContext } from '../kit/index.ts'
import { marketNames } from '../market/index.ts'
import { settlementNames } from '../settlement/index.ts'
import type { EventBus } from './events.ts'

/** How often an open stream sends a heartbeat, ms, so that proxies keep it open and half-open connections are noticed. */
const keepAliveMs = 15_000

/** A namer of every kind; a kind without one does not compile. */
const namers: Readonly<Record<NamedKind, Namer>> = Object.assign(
  {},
  accessNames,
  gridNames,
  marketNames,
  settlementNames,
)

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
        dispatch: await readTotalsOfAll(db, at, day),
      }
    },

    async nameThings({ context: { db }, query: { kind, ids } }) {
      return { names: Object.fromEntries(await namers[kind](db, ids.split(','))) }
    },

    followChanges: ({ context, http, actor }) =>
      streamSSE(http, async (stream) => {
        const unsubscribe = bus.subscribe((topic) => {
          void stream.writeSSE({ event: 'changed', data: JSON.stringify({ topic }) })
        })
        const ended = endOfSession(context, bus, actor)
        const stop = () => {
          unsubscribe()
          ended.stop()
        }
        stream.onAbort(stop)
        try {
          await stream.writeSSE({ event: 'open', data: '{}' })
          while (!stream.aborted && !(await ended.within(keepAliveMs))) {
            if (!stream.aborted) await stream.writeSSE({ event: 'alive', data: '{}' })
          }
        } catch (error) {
          // The screen connects again by itself; what failed must not go out on the stream.
          if (!stream.aborted) context.log.warn({ err: error }, 'a stream of changes ended early')
        } finally {
          stop()
        }
      }),
  })
}

/** Watches the session that a stream belongs to: when it has ended, at log-out or by time, the stream ends. */
function endOfSession({ db, clock, people }: ServerContext, bus: EventBus, actor: Actor) {
  const user = personBehind(actor)
  const session = user?.session
  // A notice may arrive while nothing waits for it.
  let isNoticed = false
  let wake = () => {}
  const unwatch = user
    ? bus.onSessionsEnded(user.accountId, () => {
        isNoticed = true
        wake()
      })
    : () => {}
  return {
    /** Waits for this long at most; whether the session has ended by then. */
    async within(ms: number): Promise<boolean> {
      if (!isNoticed)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      isNoticed = false
      return session !== undefined && !(await isSessionOpen(db, clock.now(), people, session.sessionId))
    },
    stop() {
      unwatch()
      wake()
    },
  }
}
