import { eq } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import type { clientOperations } from '../../../schemas/access/clients.ts'
import type { Verb } from '../../kit/index.ts'
import { clientNow } from './find.ts'
import { oauthClient } from './tables.ts'

/** Blocks a client or admits it again. A blocked client gets no tokens, and the ones that it holds stop working. */
export const setClientAccess: Verb<typeof clientOperations.setClientAccess> = async ({ db, params, body, audit }) => {
  const { clientId } = params
  const { active, requiresDpop, secretsAllowed } = body
  const change = {
    active,
    ...(requiresDpop === undefined ? {} : { requiresDpop }),
    ...(secretsAllowed === undefined ? {} : { secretsAllowed }),
  }
  const [row] = await db.update(oauthClient).set(change).where(eq(oauthClient.clientId, clientId)).returning()
  if (!row) throw new ProblemError('not-found', `Client ${clientId} not found.`)
  audit({ action: 'client.access-changed', subject: { type: 'client', id: clientId }, detail: change })
  return clientNow(db, clientId)
}
