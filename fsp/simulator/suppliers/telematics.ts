import { ProblemError } from '../../../platform/http/index.ts'
import { telematicsIdOf } from '../../../schemas/fsp/fleet.ts'
import type { VanReport } from '../../../schemas/fsp/simulation.ts'
import { isoOf } from '../common/local-time.ts'
import type { SupplierFaults } from '../common/supplier-faults.ts'
import type { Traffic } from '../vehicles/traffic.ts'

/** The name of the feed of the vehicles' telematics. */
export const telematicsFeedId = 'telematics'

/** What the vehicles of some depots report at an instant. */
export function vanReports(traffics: readonly Traffic[], atMs: number, faultOf: SupplierFaults): VanReport[] {
  const fault = faultOf(telematicsFeedId, atMs)
  if (fault === 'silent') throw new ProblemError('unavailable', 'The telematics supplier does not answer.')
  const reports = traffics
    .flatMap((traffic) => traffic.vehicles(atMs))
    .map((van) => ({
      unit: telematicsIdOf(van.idTag),
      reportedAt: isoOf(atMs),
      soc: Math.round(1_000 * van.socShare) / 10,
      odometerMiles: Math.round(10 * van.odometerMiles) / 10,
      ignition: van.isOut,
      pluggedIn: van.isPluggedIn,
    }))
  // One vehicle's firmware has begun to write its state of charge with a sign.
  return reports.map((report, i) => (fault === 'drift' && i === 0 ? { ...report, soc: `${report.soc} %` } : report))
}
