import { type ServerContext, serverRouter } from '../kit/index.ts'
import { alarms } from './alarms/index.ts'
import { applications, demandSchedules } from './applications/index.ts'
import { compliance, evaluateHubs, standing } from './compliance/index.ts'
import { connections } from './connections/index.ts'
import { feeds } from './feeds/index.ts'
import { gateways } from './gateways/index.ts'
import { headroom } from './headroom/index.ts'
import { hubs, monitors } from './hubs/index.ts'
import { network } from './network/index.ts'
import { notices } from './notices/index.ts'
import { measurements, telemetry } from './telemetry/index.ts'

/** Everything that the grid wing serves. */
export function gridRoutes(context: ServerContext) {
  const router = serverRouter()
  const slices = [
    network.routes(context),
    connections.routes(context),
    headroom.routes(context),
    applications.routes(context),
    demandSchedules.routes(context),
    measurements(evaluateHubs).routes(context),
    telemetry.routes(context),
    hubs.routes(context),
    monitors.routes(context),
    gateways.routes(context),
    standing.routes(context),
    compliance.routes(context),
    alarms.routes(context),
    notices.routes(context),
    feeds.routes(context),
  ]
  for (const slice of slices) router.route('/', slice)
  return router
}
