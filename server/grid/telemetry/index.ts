import { eq } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import { measurementOperations } from '../../../schemas/grid/measurements.ts'
import { telemetryOperations } from '../../../schemas/grid/telemetry.ts'
import { bind, parsedByVerb } from '../../kit/index.ts'
import { hub } from '../hubs/tables.ts'
import { hubEvents } from './conditions.ts'
import { compareLoads } from './differences.ts'
import { halfHoursOf } from './half-hours.ts'
import { latestReadings } from './store.ts'
import { type MeasurementListener, storeMeasurements } from './store-measurements.ts'
import { uploadLoadHistory } from './upload-load-history.ts'

export { forgetHubEvents } from './conditions.ts'
export { latestDifferences } from './differences.ts'
export { siteHalfHours } from './half-hours.ts'
export { type MeasuredPlace, measuredMeans, measuredPlaces, minuteImports, placeNames } from './history.ts'
export {
  connectionHalfHours,
  importTable,
  measurementTable,
  monitorHalfHours,
  nodeHalfHours,
  preparePartitions,
  requirePartitions,
  utcDay,
} from './partitions.ts'
export { rollUp } from './rollup.ts'
export { longestHoldS, telemetryDefaults } from './rules.ts'
export { forgetBatches } from './store.ts'
export type { MeasurementListener } from './store-measurements.ts'
export {
  placesWithoutSynthetic,
  type SyntheticDay,
  storeSyntheticHistory,
  type UnknownPlace,
} from './synthetic-history.ts'

/** The measurements of gateways and monitors. @param listener called with stored measurements, in the transaction that stores them. */
export function measurements(listener: MeasurementListener) {
  return bind(measurementOperations, { storeMeasurements: parsedByVerb(storeMeasurements(listener)) })
}

/** Measurements that people read, and load history that they upload. */
export const telemetry = bind(telemetryOperations, {
  uploadLoadHistory,
  readConnectionHalfHours: ({ db, params: { id }, query }) => halfHoursOf(db, { connectionId: id }, query),
  readNodeHalfHours: ({ db, params: { id }, query }) => halfHoursOf(db, { nodeId: id }, query),

  compareLoads: ({ db, params: { id }, query }) => compareLoads(db, id, query),

  // A19
  async listHubEvents({ db, params: { id }, query }) {
    const [found] = await db.select({ hubId: hub.hubId }).from(hub).where(eq(hub.hubId, id))
    if (!found) throw new ProblemError('not-found', `There is no hub ${id}.`)
    return hubEvents(db, id, query)
  },

  // NM01
  async readNewestReadings({ db, params: { id } }) {
    const [found] = await db.select({ hubId: hub.hubId }).from(hub).where(eq(hub.hubId, id))
    if (!found) throw new ProblemError('not-found', `There is no hub ${id}.`)
    return latestReadings(db, id)
  },
})
