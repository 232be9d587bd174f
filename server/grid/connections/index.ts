import { connectionOperations } from '../../../schemas/grid/connections.ts'
import { bind, proposed } from '../../kit/index.ts'
import { changeCapacities } from './change-capacities.ts'
import { changeMasterData } from './change-master-data.ts'
import { importConnections } from './import-connections.ts'
import { masterDataOf } from './master-data.ts'
import { registerConnection } from './register-connection.ts'

export { type ChosenConnections, isChosen } from './chosen.ts'
export { differingFields } from './differences.ts'
export { findGroup, groups } from './groups.ts'
export { type ImpliedLimit, removeImpliedLimits, saveImpliedLimits } from './implied-limits.ts'
export { type ImposedSpan, imposedAt, imposedIn, imposedOver } from './imposed.ts'
export { exportLimitInForce, type Imposed, type LimitInForce, limitInForce, nothingImposed } from './limit-in-force.ts'
export {
  type Agreement,
  agreementOn,
  type ConnectionTerms,
  latestExpired,
  limitAt,
  limitSteps,
  localMoment,
} from './rules.ts'
export { saveConnection } from './save-connection.ts'
export { overlapProblemOf, requireWholeDays, saveProfile } from './save-profile.ts'
export {
  agreedTermsOf,
  agreementsOf,
  connectionOfMpan,
  feedingNodes,
  findConnection,
  mpansOf,
  namesOfConnections,
  type ProfileRecord,
  profileOn,
  termsOf,
} from './store.ts'

/** The register of connections. */
export const connections = bind(connectionOperations, {
  registerConnection,
  importConnections,
  changeCapacities: proposed(changeCapacities),
  changeMasterData: proposed(changeMasterData),
  readMasterData: ({ db, params }) => masterDataOf(db, params.id),
})
