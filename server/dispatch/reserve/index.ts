import { reserveOperations } from '../../../schemas/dispatch/reserve.ts'
import { bind, ownTransaction, type Verbs } from '../../kit/index.ts'
import { sortUnits } from './candidates.ts'
import { issueReserve } from './issue-reserve.ts'
import { offerOf } from './offering.ts'
import { readSituation } from './situation.ts'

/** Reserve for what an FU does not deliver, while there is time. @param send sends what is due, at once. */
export function reserve(send: () => Promise<void>) {
  const verbs: Verbs<typeof reserveOperations> = {
    async readReserve({ db, at, params, query }) {
      const situation = await readSituation(db, at, params.fuId, query.nodeId)
      return offerOf(situation, await sortUnits(db, situation))
    },
    issueReserve: ownTransaction(issueReserve(send)),
  }
  return bind(reserveOperations, verbs, { pool: 'dispatch' })
}
