import { type ServerContext, serverRouter } from '../kit/index.ts'
import { alarmRoutes } from './alarms/index.ts'
import { complianceRoutes, evaluateHubs } from './compliance/index.ts'
import { connectionRoutes } from './connections/index.ts'
import { feedRoutes } from './feeds/index.ts'
import { networkRoutes } from './network/index.ts'
import { gatewayRoutes, telemetryRoutes } from './telemetry/index.ts'

/** Everything that the grid wing serves. */
export function gridRoutes(context: ServerContext) {
  const router = serverRouter()
  const slices = [
    networkRoutes(context),
    connectionRoutes(context),
    telemetryRoutes(context, evaluateHubs),
    gatewayRoutes(context),
    complianceRoutes(context),
    alarmRoutes(context),
    feedRoutes(context),
  ]
  for (const slice of slices) router.route('/', slice)
  return router
}
