import { type ServerContext, serverRouter } from '../kit/index.ts'
import { alarms } from './alarms/index.ts'
import { applications, demandSchedules } from './applications/index.ts'
import { complianceRoutes, evaluateHubs } from './compliance/index.ts'
import { connections } from './connections/index.ts'
import { feeds } from './feeds/index.ts'
import { headroom } from './headroom/index.ts'
import { network } from './network/index.ts'
import { notices } from './notices/index.ts'
import { gatewayRoutes, telemetryRoutes } from './telemetry/index.ts'

/** Everything that the grid wing serves. */
export function gridRoutes(context: ServerContext) {
  const router = serverRouter()
  const slices = [
    network.routes(context),
    connections.routes(context),
    headroom.routes(context),
    applications.routes(context),
    demandSchedules.routes(context),
    telemetryRoutes(context, evaluateHubs),
    gatewayRoutes(context),
    complianceRoutes(context),
    alarms.routes(context),
    notices.routes(context),
    feeds.routes(context),
  ]
  for (const slice of slices) router.route('/', slice)
  return router
}
