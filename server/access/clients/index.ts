import { clientOperations } from '../../../schemas/access/clients.ts'
import { bind } from '../../kit/index.ts'
import { addClientKey, addClientSecret } from './add-credential.ts'
import { readClients } from './credentials.ts'
import { endClientCredential } from './end-credential.ts'
import { makeClient } from './make-client.ts'
import { revokeTokens } from './revoke-tokens.ts'
import { setClientAccess } from './set-client-access.ts'
import { viewClient } from './views.ts'

export { noteUse } from './credentials.ts'
export { keyFault } from './key-fault.ts'
export { longestSecretLife } from './rules.ts'
export { actorOfToken, clientFinder, removeClients, saveClient, setClientsActive } from './service.ts'
export { tokenBrake } from './token-brake.ts'

/** Clients of FSPs, gateways and customers' monitors: for administrators, and for FSPs that rotate their own keys. */
export const clients = bind(clientOperations, {
  makeClient,
  addClientKey,
  addClientSecret,
  endClientCredential,
  setClientAccess,
  revokeTokens,

  async listClients({ db, actor }) {
    const found = await readClients(db, actor.kind === 'fsp' ? actor.clientId : undefined)
    return { items: found.map(viewClient), nextCursor: null }
  },
})
