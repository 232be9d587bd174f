import type { Instant } from '@js-joda/core'
import { and, eq, gt, isNotNull, isNull, lte, ne, or } from 'drizzle-orm'
import { calculateJwkThumbprint, type JWK } from 'jose'
import type { Queryable } from '../../../platform/db/index.ts'
import { digestOf } from '../../../platform/secrets/index.ts'
import { clientCredential, oauthClient } from './tables.ts'

export type ClientRow = typeof oauthClient.$inferSelect
export type CredentialRow = typeof clientCredential.$inferSelect

/** A client with its keys and secrets, oldest first. */
export interface KnownClient {
  client: ClientRow
  credentials: CredentialRow[]
}

/** What a credential is made from. */
export type NewCredential = { secret: string } | { jwk: Record<string, unknown> }

/** A key with its identifier, which by default is its thumbprint (RFC 7638). */
export async function named(jwk: Record<string, unknown>): Promise<Record<string, unknown> & { kid: string }> {
  const members = Object.fromEntries(Object.entries(jwk).filter(([, member]) => member !== undefined))
  const kid = typeof jwk['kid'] === 'string' ? jwk['kid'] : await calculateJwkThumbprint(members as unknown as JWK)
  return { ...members, kid }
}

/** Stores a credential; only the digest of a secret. */
export async function addCredential(
  tx: Queryable,
  clientId: string,
  given: NewCredential,
  times: { createdAt: Instant; expiresAt: Instant | null },
): Promise<string> {
  const jwk = 'jwk' in given ? await named(given.jwk) : null
  const what = { secretDigest: 'secret' in given ? digestOf(given.secret) : null, jwk, kid: jwk?.kid ?? null }
  const rows = await tx
    .insert(clientCredential)
    .values({ clientId, ...what, ...times })
    .returning()
  const [made] = rows
  if (!made) throw new Error('an insert returns its row')
  return made.credentialId
}

/** Shortens the life of a client's other credentials; one that ends earlier still does. */
export async function endOthers(tx: Queryable, clientId: string, kept: string, endAt: Instant): Promise<void> {
  const isOther = and(eq(clientCredential.clientId, clientId), ne(clientCredential.credentialId, kept))
  const isLater = or(isNull(clientCredential.expiresAt), gt(clientCredential.expiresAt, endAt))
  await tx.update(clientCredential).set({ expiresAt: endAt }).where(and(isOther, isLater))
}

/** Deletes a client's credentials that have ended: the audit trail keeps that they were there. */
export async function forgetEnded(tx: Queryable, clientId: string, at: Instant): Promise<void> {
  const hasEnded = and(isNotNull(clientCredential.expiresAt), lte(clientCredential.expiresAt, at))
  await tx.delete(clientCredential).where(and(eq(clientCredential.clientId, clientId), hasEnded))
}

/** Clients with their credentials, by identifier. @param clientId only this one. */
export async function readClients(db: Queryable, clientId?: string): Promise<KnownClient[]> {
  const rows = await db
    .select()
    .from(oauthClient)
    .leftJoin(clientCredential, eq(clientCredential.clientId, oauthClient.clientId))
    .where(clientId === undefined ? undefined : eq(oauthClient.clientId, clientId))
    .orderBy(oauthClient.clientId, clientCredential.createdAt)
  return [...Map.groupBy(rows, (row) => row.oauth_client.clientId).values()].flatMap((group) => {
    const client = group[0]?.oauth_client
    return client ? [{ client, credentials: group.flatMap((row) => row.client_credential ?? []) }] : []
  })
}

/** Notes that a client has authenticated. @param used the `kid` of its key, or the digest of its secret. */
export async function noteUse(db: Queryable, clientId: string, used: string | null, at: Instant): Promise<void> {
  await db.update(oauthClient).set({ lastUsedAt: at }).where(eq(oauthClient.clientId, clientId))
  if (used === null) return
  const isUsed = or(eq(clientCredential.kid, used), eq(clientCredential.secretDigest, used))
  await db
    .update(clientCredential)
    .set({ lastUsedAt: at })
    .where(and(eq(clientCredential.clientId, clientId), isUsed))
}
