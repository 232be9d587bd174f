import { LocalDate } from '@js-joda/core'
import { createApi, ProblemError } from '../../../platform/http/index.ts'
import type { Log } from '../../../platform/log/index.ts'
import { tradingDay } from '../../../schemas/vocabulary/units.ts'
import type { History } from '../sites/history.ts'
import type { SiteFactory } from '../sites/site.ts'
import type { World } from './world.ts'

/** What the simulated world tells other simulators, and the command that imports a depot's history. */
export function worldRoutes(world: World, history: History, factory: SiteFactory, log: Log) {
  const api = createApi(log)
  api.get('/world', (c) => c.json(world.state()))
  api.get('/history', (c) => {
    const depot = factory.depots.find(({ depotId }) => depotId === c.req.query('depotId'))
    if (!depot)
      throw new ProblemError('not-found', `There is no depot ${c.req.query('depotId') ?? '(none was named)'}.`)
    const day = tradingDay.safeParse(c.req.query('day'))
    if (!day.success) {
      const message = day.error.issues[0]?.message ?? 'must be a date'
      throw new ProblemError('contract-broken', `day: ${message}`, { errors: [{ field: 'day', message }] })
    }
    return c.json(history.of(depot, LocalDate.parse(day.data)))
  })
  return api
}
