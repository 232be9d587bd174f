export { partyRoutes } from './routes.ts'
export type { TokenIssuer } from './service.ts'
export { findFsp, findUnit, listFlexibleUnits, listFsps, serviceAt, serviceHistory, unitsDeclaredOut } from './store.ts'
