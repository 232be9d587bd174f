import { ProblemError } from '../../platform/http/index.ts'
import { unitDemandSchedules } from '../grid/index.ts'
import { findUnit, parties } from './parties/index.ts'
import { scheduleGates, submissions } from './submissions/index.ts'
import { contracts, tenders } from './tenders/index.ts'

/** The wing's operations with their verbs. An FU's demand schedule is that of its connection. */
export const marketBindings = {
  parties,
  unitDemandSchedules: unitDemandSchedules(async (db, fuId) => {
    const unit = await findUnit(db, fuId, null)
    if (!unit) throw new ProblemError('not-found', `FU ${fuId} not found.`)
    return unit.connectionId
  }),
  tenders,
  contracts,
  submissions,
  scheduleGates,
}
