import { ProblemError } from '../../../platform/http/index.ts'
import { partyOperations } from '../../../schemas/market/parties.ts'
import { bind, proposed, tenantOf } from '../../kit/index.ts'
import { applyAsFsp } from './apply-as-fsp.ts'
import { decideOnApplication } from './decide-on-application.ts'
import { declareServiceStatus } from './declare-service-status.ts'
import { importDers } from './import-ders.ts'
import { listMembers } from './list-members.ts'
import { moveDer } from './move-der.ts'
import { recordConsent } from './record-consent.ts'
import { registerDer } from './register-der.ts'
import { registerFlexibleUnit } from './register-flexible-unit.ts'
import { setDispatchRoute } from './set-dispatch-route.ts'
import { stateConstraints } from './state-constraints.ts'
import { findFsp, listFlexibleUnits, pageOfDers, pageOfFsps, pageOfUnits } from './store.ts'

export { forgetApplications } from './applications.ts'
export { derIdsOn, fspsAtConnections, membersBetween, membersOn } from './members.ts'
export {
  type Capability,
  capabilityFault,
  capabilityOf,
  type RegisteredUnit,
} from './rules.ts'
export { serviceAt, serviceHistory, unitsOutOfService } from './service.ts'
export {
  acceptedFsps,
  findFsp,
  findUnit,
  listFlexibleUnits,
  listFsps,
  namesOfFsps,
  noticesOfUnits,
  pageOfUnits,
  unitEquipment,
  unitsThatExport,
  unitsWithExportLimit,
} from './store.ts'
export { sealedControlSecrets } from './tables.ts'

/** FSPs, their DERs and their FUs. */
export const parties = bind(partyOperations, {
  applyAsFsp,
  decideOnApplication: proposed(decideOnApplication),
  setDispatchRoute: proposed(setDispatchRoute),
  registerDer,
  importDers,
  recordConsent,
  moveDer,
  listMembers,
  registerFlexibleUnit,
  stateConstraints,
  declareServiceStatus,

  async readApplication({ db, params: { id } }) {
    const found = await findFsp(db, id)
    if (!found) throw new ProblemError('not-found', `Application ${id} not found.`)
    return { applicationId: id, status: found.status, reason: found.reason }
  },

  listFsps: ({ db, actor, query }) => pageOfFsps(db, tenantOf(actor), query),
  listDers: ({ db, actor, query }) => pageOfDers(db, tenantOf(actor), query),
  listFlexibleUnits: ({ db, at, actor, query }) => pageOfUnits(db, at, tenantOf(actor), query),

  async readFlexibleUnit({ db, at, actor, params: { id } }) {
    const [unit] = await listFlexibleUnits(db, at, { fspId: tenantOf(actor), fuIds: [id] })
    // FM40: an FSP does not learn whether another FSP's FU exists.
    if (!unit) throw new ProblemError('not-found', `FU ${id} not found.`)
    return unit
  },
})
