export { gatewayRoutes } from './gateway-routes.ts'
export { type NewHub, saveHub } from './hubs.ts'
export type { MeasurementListener } from './ingest.ts'
export {
  connectionHalfHours,
  importTable,
  measurementTable,
  nodeHalfHours,
  preparePartitions,
  requirePartitions,
  utcDay,
} from './partitions.ts'
export { rollUp } from './rollup.ts'
export { telemetryRoutes } from './routes.ts'
export { telemetryDefaults } from './rules.ts'
export { checkSilence } from './silence.ts'
export { forgetBatches } from './store.ts'
