export { arePrivateAddressesAllowed, isForbiddenAddress } from './addresses.ts'
export { partyRoutes } from './routes.ts'
export type { TokenIssuer } from './service.ts'
export { findFsp, listFlexibleUnits, listFsps, serviceAt } from './store.ts'
