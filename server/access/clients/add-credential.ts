import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { refuse } from '../../../platform/http/index.ts'
import { newSecret } from '../../../platform/secrets/index.ts'
import type { clientOperations } from '../../../schemas/access/clients.ts'
import { instantOf } from '../../../schemas/vocabulary/time.ts'
import type { Call, Verb } from '../../kit/index.ts'
import { addCredential, endOthers, forgetEnded, type NewCredential, named } from './credentials.ts'
import { clientNow, requireClient } from './find.ts'
import { keyFault } from './key-fault.ts'
import { additionFault, expiryFault, isValidAt, longestSecretLife } from './rules.ts'

/** Gives a client another key. Both are taken until the old one ends. */
export const addClientKey: Verb<typeof clientOperations.addClientKey> = async (call) => {
  refuse(keyFault(call.body.jwk))
  await add(call, { jwk: await named(call.body.jwk) })
  return clientNow(call.db, call.params.clientId)
}

/** Gives a client another secret. Both are taken until the old one ends. */
export const addClientSecret: Verb<typeof clientOperations.addClientSecret> = async (call) => {
  const secret = newSecret()
  await add(call, { secret })
  return { ...(await clientNow(call.db, call.params.clientId)), clientSecret: secret }
}

type Addition = Pick<Call<typeof clientOperations.addClientSecret>, 'actor' | 'params' | 'body' | 'at' | 'audit'>

async function add({ db, ...call }: Addition & { db: Queryable }, given: NewCredential): Promise<void> {
  const { actor, params, body, at, audit } = call
  const { client, credentials } = await requireClient(db, actor, params.clientId)
  const isSecret = 'secret' in given
  const kid = isSecret ? null : String(given.jwk['kid'])
  const valid = credentials.filter((one) => isValidAt(one, at))
  const { secretsAllowed, clientId } = client
  refuse(additionFault(valid, kid, { isSecret, secretsAllowed }))
  const expiresAt = expiryOf(body.expiresAt, at, isSecret)
  if (expiresAt) refuse(expiryFault(expiresAt, at, isSecret))
  await forgetEnded(db, clientId, at)
  const credentialId = await addCredential(db, clientId, given, { createdAt: at, expiresAt })
  const othersEndAt = body.othersEndAt === undefined ? null : instantOf(body.othersEndAt)
  if (othersEndAt) await endOthers(db, clientId, credentialId, othersEndAt)
  audit({
    action: isSecret ? 'client.secret-added' : 'client.key-added',
    subject: { type: 'client', id: clientId },
    detail: {
      credentialId,
      kid,
      expiresAt: expiresAt?.toString() ?? null,
      othersEndAt: othersEndAt?.toString() ?? null,
    },
  })
}

function expiryOf(stated: string | undefined, at: Instant, isSecret: boolean): Instant | null {
  if (stated !== undefined) return instantOf(stated)
  return isSecret ? at.plus(longestSecretLife) : null
}
