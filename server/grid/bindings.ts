import { alarms } from './alarms/index.ts'
import { applications, demandSchedules } from './applications/index.ts'
import { areas } from './areas/index.ts'
import { compliance, evaluateHubs, standing } from './compliance/index.ts'
import { connections, groups } from './connections/index.ts'
import { exports } from './exports/index.ts'
import { feeds } from './feeds/index.ts'
import { gateways } from './gateways/index.ts'
import { headroom } from './headroom/index.ts'
import { hubs, monitors, promisedPowers } from './hubs/index.ts'
import { installations } from './installations/index.ts'
import { layouts } from './network/index.ts'
import { notices } from './notices/index.ts'
import { latestDifferences, measurements, telemetry } from './telemetry/index.ts'

/** The wing's operations with their verbs. Stored measurements are checked against the limits at once. */
export const gridBindings = {
  areas,
  layouts,
  connections,
  groups,
  headroom: headroom({ promisedPowers, latestDifferences }),
  applications,
  demandSchedules,
  measurements: measurements(evaluateHubs),
  telemetry,
  exports,
  hubs,
  installations,
  monitors,
  gateways,
  standing,
  compliance,
  alarms,
  notices,
  feeds,
}
