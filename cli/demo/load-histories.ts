import { messageOf } from '../../platform/errors/index.ts'
import type { Log } from '../../platform/log/index.ts'
import { seedGrowthRuns } from '../../seeds/demand.ts'
import { seedHalfHours } from '../../seeds/lived-in/half-hours.ts'
import type { RunningServer } from '../../server/app/index.ts'
import { onPool } from '../../server/kit/index.ts'
import { forecastPlaces } from '../../server/planning/index.ts'
import { fillDesks } from './desks.ts'
import { beginStudies } from './studies.ts'

/** Work that goes on beside the running demo. */
export interface Background {
  /** Resolves when it is done, has been stopped or has failed. */
  done: Promise<void>
  /** Lets it end after what it has in hand; the next start goes on from there. */
  stop(): void
}

/**
 * Gives the demo's nodes and connections two years of made-up half-hours, leaves work on its people's desks that can be judged by then, has
 * EV demand held against the headroom that follows, and forecasts, while the portal is in use already. Says on the terminal what it does: until it is done, some loads are unknown.
 */
export function loadHistories(server: RunningServer, say: (line: string) => void, log: Log): Background {
  const context = onPool(server.context, 'jobs')
  let isStopped = false
  const load = async () => {
    const startedAt = performance.now()
    const seconds = () => Math.round((performance.now() - startedAt) / 1_000)
    const { places, halfHours } = await seedHalfHours(context, { isStopped: () => isStopped })
    if (places > 0) {
      const millions = (halfHours / 1e6).toFixed(1)
      say(`Two years of made-up load are in: ${millions} million half-hours of ${places} places, in ${seconds()} s.`)
    }
    if (isStopped) return
    await fillDesks(server.url, context.clock.now())
    await beginStudies(server.url, context.clock.now())
    await seedGrowthRuns(context)
    await forecastPlaces(context, context.clock.now())
  }
  const done = load().catch((error: unknown) => {
    log.error({ err: error }, 'demo: load histories were not made up')
    say(`The made-up load histories are not complete: ${messageOf(error)}. The next start goes on with them.`)
  })
  return { done, stop: () => (isStopped = true) }
}
