import { eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { ApiClient } from '../../../schemas/access/clients.ts'
import type { FspActor, Person } from '../../kit/index.ts'
import { type KnownClient, readClients } from './credentials.ts'
import { oauthClient } from './tables.ts'
import { viewClient } from './views.ts'

/** The client that a caller means, locked until its change is done. Another FSP's does not exist to an FSP (FM40). */
export async function requireClient(tx: Queryable, actor: Person | FspActor, clientId: string): Promise<KnownClient> {
  const isOthers = actor.kind === 'fsp' && actor.clientId !== clientId
  if (!isOthers) await tx.select().from(oauthClient).where(eq(oauthClient.clientId, clientId)).for('update')
  const [found] = isOthers ? [] : await readClients(tx, clientId)
  if (!found) throw new ProblemError('not-found', `Client ${clientId} not found.`)
  return found
}

/** A client as it now is. */
export async function clientNow(tx: Queryable, clientId: string): Promise<ApiClient> {
  const [found] = await readClients(tx, clientId)
  if (!found) throw new Error(`client ${clientId} is gone`)
  return viewClient(found)
}
