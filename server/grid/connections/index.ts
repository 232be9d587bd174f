export { demandRoutes } from './demand-routes.ts'
export { checkExpiry } from './expiry.ts'
export { connectionRoutes } from './routes.ts'
export { type ConnectionTerms, limitAt, limitSteps, localMoment, type ProfileLimits } from './rules.ts'
export {
  type ImpliedLimit,
  type NewConnection,
  type NewProfile,
  removeImpliedLimits,
  saveConnection,
  saveImpliedLimits,
  saveProfile,
} from './service.ts'
export {
  agreementsOf,
  type ConnectionRecord,
  connectionOfMpan,
  findConnection,
  mpansOf,
  profileOn,
  termsOf,
} from './store.ts'
export { connection } from './tables.ts'
