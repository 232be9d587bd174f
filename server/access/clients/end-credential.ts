import { eq } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import type { clientOperations } from '../../../schemas/access/clients.ts'
import type { Verb } from '../../kit/index.ts'
import { clientNow, requireClient } from './find.ts'
import { isValidAt } from './rules.ts'
import { clientCredential } from './tables.ts'

/** Ends a key or a secret at once. An FSP cannot end its last one, because it could not come back; the DNO can. */
export const endClientCredential: Verb<typeof clientOperations.endClientCredential> = async (call) => {
  const { db, actor, params, at, audit } = call
  const { clientId, credentialId } = params
  const { credentials } = await requireClient(db, actor, clientId)
  const found = credentials.find((one) => one.credentialId === credentialId)
  if (!found) throw new ProblemError('not-found', `Client ${clientId} has no key or secret ${credentialId}.`)
  const isLast = !credentials.some((one) => one !== found && isValidAt(one, at))
  if (isLast && actor.kind === 'fsp')
    throw new ProblemError('conflict', 'It is the last one: add another first, or ask the DNO to block the client.')
  await db.delete(clientCredential).where(eq(clientCredential.credentialId, credentialId))
  audit({
    action: 'client.credential-ended',
    subject: { type: 'client', id: clientId },
    detail: { credentialId, kid: found.kid },
  })
  return clientNow(db, clientId)
}
