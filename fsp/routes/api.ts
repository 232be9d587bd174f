import { Instant } from '@js-joda/core'
import { writeCsv } from '../../platform/csv/index.ts'
import { ProblemError, refuse } from '../../platform/http/index.ts'
import { routeOperations } from '../../schemas/fsp/routes.ts'
import { brokenField } from '../../schemas/vocabulary/outcome.ts'
import type { FspContext } from '../app/context.ts'
import type { Credentials } from '../chargepoints/index.ts'
import { bind, type Caller, type Entrance, maySee, noDepot } from '../kit/index.ts'
import type { RouteFigures } from './figures.ts'
import type { ForeignLimits } from './foreign-limits.ts'
import type { Gateways } from './gateways/index.ts'

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
  parts: { routeFigures: RouteFigures; foreignLimits: ForeignLimits; gateways: Gateways; credentials: Credentials },
) {
  const { routeFigures, foreignLimits, gateways, credentials } = parts
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

    listRouteGateways() {
      return gateways.entries.map((entry) => {
        const sinceMs = gateways.sinceMs(entry.gatewayId)
        const connectedSince = sinceMs === null ? null : Instant.ofEpochMilli(sinceMs).toString()
        return { ...entry, connectedSince, serves: gateways.servedBy(entry.gatewayId) }
      })
    },

    async issueGatewayPassword({ params: { gatewayId }, audit }) {
      if (!gateways.isKnown(gatewayId))
        throw new ProblemError('not-found', `No charge point needs a gateway ${gatewayId}.`)
      await audit({ action: 'route-gateway.password-issued', subject: gatewayId })
      return { gatewayId, password: await credentials.makeNext(gatewayId) }
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
