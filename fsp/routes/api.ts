import { Instant } from '@js-joda/core'
import { writeCsv } from '../../platform/csv/index.ts'
import { refuse } from '../../platform/http/index.ts'
import { routeOperations } from '../../schemas/fsp/routes.ts'
import { brokenField } from '../../schemas/vocabulary/outcome.ts'
import type { FspContext } from '../app/context.ts'
import { bind, type Caller, type Entrance, maySee, noDepot } from '../kit/index.ts'
import type { RouteFigures } from './figures.ts'
import type { ForeignLimits } from './foreign-limits.ts'

const headings = [
  ...['route', 'model', 'depotId', 'day', 'messages', 'accepted', 'refused', 'lost', 'retries', 'lossShare'],
  ...[
    'latencyMedianMs',
    'latencyP95Ms',
    'effectsSeen',
    'effectMedianMs',
    'effectP95Ms',
    'costGbp',
    'costPerSetpointGbp',
  ],
] as const

interface Asked {
  caller: Caller
  query: { from: string; to: string; by?: string | undefined }
}

/** How the routes to charge points compare (I3), and limits that are not ours (I5). */
export function routeApi(
  context: FspContext,
  entrance: Entrance,
  { routeFigures, foreignLimits }: { routeFigures: RouteFigures; foreignLimits: ForeignLimits },
) {
  const report = ({ caller, query }: Asked) => {
    const [from, to] = [Instant.parse(query.from), Instant.parse(query.to)]
    refuse(from.isBefore(to) ? null : brokenField('to', 'must be after from'))
    const seen = context.depots.flatMap(({ depotId }) => (maySee(caller, depotId) ? [depotId] : []))
    const asked = (query.by ?? '').split(',')
    const by = { model: asked.includes('model'), depot: asked.includes('depot'), day: asked.includes('day') }
    return routeFigures.report(seen, from, to, by)
  }
  return bind(routeOperations, entrance, {
    compareRoutes: report,

    async exportRouteComparison(call) {
      const rows = await report(call)
      const content = writeCsv(
        headings,
        rows.map((row) => headings.map((heading) => row[heading])),
      )
      return { content, name: `routes-${call.query.from.slice(0, 10)}-${call.query.to.slice(0, 10)}.csv` }
    },

    async listForeignLimits({ params: { depotId } }) {
      if (!context.depots.some((depot) => depot.depotId === depotId)) throw noDepot(depotId)
      const rows = await foreignLimits.list(depotId)
      return rows.map(({ foreignLimitId: _, depotId: _depot, since, lastAt, endedAt, ...row }) => ({
        ...row,
        since: since.toString(),
        lastAt: lastAt.toString(),
        endedAt: endedAt?.toString() ?? null,
      }))
    },
  })
}
