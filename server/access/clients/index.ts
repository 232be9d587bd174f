import { clientOperations } from '../../../schemas/access/accounts.ts'
import { bind } from '../../kit/index.ts'
import { revokeTokens } from './revoke-tokens.ts'
import { listClients } from './service.ts'
import { setClientAccess } from './set-client-access.ts'
import { viewClient } from './views.ts'

export { actorOfToken, clientFinder, removeClients, saveClient, setClientsActive } from './service.ts'
export { tokenBrake } from './token-brake.ts'

/** Clients of FSPs, gateways and customers' monitors, for administrators. */
export const clients = bind(clientOperations, {
  setClientAccess,
  revokeTokens,

  async listClients({ db }) {
    return { items: (await listClients(db)).map(viewClient), nextCursor: null }
  },
})
