import { type ServerContext, serverRouter } from '../kit/index.ts'
import { alarmRoutes } from './alarms/index.ts'
import { compliance, evaluateHubs, standing } from './compliance/index.ts'
import { connectionRoutes } from './connections/index.ts'
import { feedRoutes } from './feeds/index.ts'
import { gateways } from './gateways/index.ts'
import { hubs, monitors } from './hubs/index.ts'
import { networkRoutes } from './network/index.ts'
import { measurements, telemetry } from './telemetry/index.ts'

/** Everything that the grid wing serves. */
export function gridRoutes(context: ServerContext) {
  const router = serverRouter()
  const slices = [
    networkRoutes(context),
    connectionRoutes(context),
    measurements(evaluateHubs).routes(context),
    telemetry.routes(context),
    hubs.routes(context),
    monitors.routes(context),
    gateways.routes(context),
    standing.routes(context),
    compliance.routes(context),
    alarmRoutes(context),
    feedRoutes(context),
  ]
  for (const slice of slices) router.route('/', slice)
  return router
}
