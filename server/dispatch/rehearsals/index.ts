import { rehearsalOperations } from '../../../schemas/dispatch/rehearsals.ts'
import { bind, ownTransaction } from '../../kit/index.ts'
import { adoptRehearsal } from './adopt-rehearsal.ts'
import { makePseudoNetwork } from './make-pseudo-network.ts'
import { rehearse } from './rehearse.ts'
import { pageOfNetworks, pageOfRehearsals, requireNetwork } from './store.ts'

/** Pseudo-networks, and what the optimisation would choose on them. */
export const rehearsals = bind(rehearsalOperations, {
  makePseudoNetwork,
  listPseudoNetworks: ({ db, query }) => pageOfNetworks(db, query),
  rehearse: ownTransaction(rehearse),
  async listRehearsals({ db, params: { id }, query }) {
    await requireNetwork(db, id)
    return pageOfRehearsals(db, id, query)
  },
  adoptRehearsal,
})
