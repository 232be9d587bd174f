import { ProblemError } from '../../platform/http/index.ts'
import { networkFor, networkMap, unitDemandSchedules } from '../grid/index.ts'
import { authorities } from './authorities/index.ts'
import { customerSites } from './customers/index.ts'
import { fspNotices } from './notices/index.ts'
import { findUnit, parties } from './parties/index.ts'
import { productsUnder } from './products/index.ts'
import { requirements } from './requirements/index.ts'
import { servicesToOthers } from './services-to-others/index.ts'
import { submissions } from './submissions/index.ts'
import { contracts, listContracts, nodesOfFsp, tenders, tendersAt } from './tenders/index.ts'
import { scheduleGates, timetable } from './timetables/index.ts'

/**
 * The wing's operations with their verbs, and those of the grid that depend on the market: which nodes an FSP sees, where tenders are,
 * whose connection an FU is at.
 */
export const marketBindings = {
  network: networkFor(nodesOfFsp),
  networkMap: networkMap(tendersAt),
  authorities,
  parties,
  unitDemandSchedules: unitDemandSchedules(async (db, fuId) => {
    const unit = await findUnit(db, fuId, null)
    if (!unit) throw new ProblemError('not-found', `FU ${fuId} not found.`)
    if (unit.connectionId === null)
      throw new ProblemError(
        'not-found',
        `${unit.name} is over many connections: each has a demand schedule of its own.`,
      )
    return unit.connectionId
  }),
  products: productsUnder((db, product, from) => listContracts(db, { product, from })),
  requirements,
  tenders,
  contracts,
  submissions,
  servicesToOthers,
  fspNotices,
  timetable,
  scheduleGates,
  customerSites,
}
