import { eq } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import type { clientOperations } from '../../../schemas/access/accounts.ts'
import type { Verb } from '../../kit/index.ts'
import { oauthClient } from './tables.ts'
import { viewClient } from './views.ts'

/** Shuts a client out, or lets it in again: whether it gets tokens, and whether those that it holds open anything. */
export const setClientAccess: Verb<typeof clientOperations.setClientAccess> = async ({ db, params, body, audit }) => {
  const { clientId } = params
  const [row] = await db.update(oauthClient).set(body).where(eq(oauthClient.clientId, clientId)).returning()
  if (!row) throw new ProblemError('not-found', `There is no client ${clientId}.`)
  audit({ action: 'client.access-changed', subject: { type: 'client', id: clientId }, detail: body })
  return viewClient(row)
}
