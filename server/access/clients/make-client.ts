import { eq } from 'drizzle-orm'
import { ProblemError, refuse } from '../../../platform/http/index.ts'
import { newSecret } from '../../../platform/secrets/index.ts'
import type { clientOperations } from '../../../schemas/access/clients.ts'
import type { BodyOf } from '../../../schemas/vocabulary/operation.ts'
import type { Verb } from '../../kit/index.ts'
import { requireCustomer } from '../customers/index.ts'
import { requireProvider } from '../data-providers/index.ts'
import { clientNow } from './find.ts'
import { keyFault } from './key-fault.ts'
import { longestSecretLife } from './rules.ts'
import { type NewClient, saveClient } from './service.ts'
import { oauthClient } from './tables.ts'

/** Creates the client of a gateway, which has the gateway's name, of a customer, or of a data provider. */
export const makeClient: Verb<typeof clientOperations.makeClient> = async ({ db, at, body, audit }) => {
  const { clientId, authentication, requiresDpop, customerId, providerId } = body
  if (customerId !== null) await requireCustomer(db, customerId)
  if (providerId !== null) await requireProvider(db, providerId)
  const [existing] = await db.select().from(oauthClient).where(eq(oauthClient.clientId, clientId)).for('update')
  if (existing)
    throw new ProblemError('conflict', `There is a client ${clientId} already: give it another key or secret.`)
  const secret = authentication.method === 'client_secret_basic' ? newSecret() : null
  if (authentication.method === 'private_key_jwt') for (const jwk of authentication.jwks.keys) refuse(keyFault(jwk))
  await saveClient(
    db,
    {
      clientId,
      ...rightsOf(body),
      active: true,
      requiresDpop,
      authentication:
        authentication.method === 'private_key_jwt'
          ? authentication
          : { method: 'client_secret_basic', secret: secret ?? '' },
    },
    { createdAt: at, expiresAt: secret === null ? null : at.plus(longestSecretLife) },
  )
  const detail = { authentication: authentication.method, requiresDpop, customerId, providerId }
  audit({ action: 'client.created', subject: { type: 'client', id: clientId }, detail })
  return { ...(await clientNow(db, clientId)), clientSecret: secret }
}

/** For whom a client acts, and what it may do for them. */
function rightsOf({ clientId, customerId, providerId }: BodyOf<typeof clientOperations.makeClient>) {
  if (customerId !== null) return { kind: 'customer', subjectId: customerId, scopes: ['customer'] } satisfies Rights
  if (providerId !== null) return { kind: 'provider', subjectId: providerId, scopes: ['data'] } satisfies Rights
  return { kind: 'gateway', subjectId: clientId, scopes: ['gateway'] } satisfies Rights
}

type Rights = Pick<NewClient, 'kind' | 'subjectId' | 'scopes'>
