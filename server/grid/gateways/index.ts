import { ProblemError } from '../../../platform/http/index.ts'
import { gatewayOperations } from '../../../schemas/grid/gateway.ts'
import { bind } from '../../kit/index.ts'
import { endLease } from './leases.ts'
import { readPools } from './pools.ts'
import { readAssignment } from './read-assignment.ts'
import { reportHubs } from './report-hubs.ts'
import { savePool } from './save-pool.ts'

export { checkSilence } from './silence.ts'
export { noteContact } from './store.ts'

/** The assignments and reports of gateways, and the pools in which they share hubs. */
export const gateways = bind(gatewayOperations, {
  readAssignment,
  reportHubs,
  savePool,
  endLease: ({ db, actor }) => endLease(db, actor.gatewayId),
  listPools: ({ db }) => readPools(db),

  async readPool({ db, params: { name } }) {
    const [found] = await readPools(db, name)
    if (!found) throw new ProblemError('not-found', `There is no pool ${name}.`)
    return found
  },
})
