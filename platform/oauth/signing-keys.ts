import { randomUUID } from 'node:crypto'
import { Duration, type Instant } from '@js-joda/core'
import { inArray, sql } from 'drizzle-orm'
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import type { Database, Queryable } from '../db/index.ts'
import type { SecretBox } from '../secrets/index.ts'
import { type KeyPolicy, planKeys } from './key-rules.ts'
import { sealedSigningKeys, signingKey } from './payload-table.ts'

/**
 * A quarter of a year limits what a stolen key is worth. Publication a day ahead is much longer than anyone may cache the key set, and a
 * day after its last signature covers any token: they live ten minutes.
 */
export const defaultKeyPolicy: KeyPolicy = {
  period: Duration.ofDays(90),
  publishAhead: Duration.ofDays(1),
  keepAfter: Duration.ofDays(1),
}

/** Makes, retires and removes keys according to the policy; returns those to publish, the signing one first. */
export async function currentKeys(db: Database, secrets: SecretBox, now: Instant, policy: KeyPolicy): Promise<JWK[]> {
  const stored = await db.select().from(signingKey)
  const plan = planKeys(stored, now, policy)
  if (plan.makeFrom === null && plan.remove.length === 0) return openInOrder(stored, plan.published, secrets)
  // If several servers find work to do, one does it; the others wait, check again, and find it done.
  await db.transaction(async (tx) => {
    await waitTurn(tx)
    const again = planKeys(await tx.select().from(signingKey), now, policy)
    if (again.makeFrom) await makeKey(tx, secrets, now, again.makeFrom)
    if (again.remove.length > 0) await tx.delete(signingKey).where(inArray(signingKey.kid, again.remove))
  })
  const kept = await db.select().from(signingKey)
  return openInOrder(kept, planKeys(kept, now, policy).published, secrets)
}

/** The key that signs now, for the assertions with which this party authenticates elsewhere. */
export async function currentSigningKey(
  db: Database,
  secrets: SecretBox,
  now: Instant,
): Promise<{ key: CryptoKey; kid: string }> {
  const [jwk] = await currentKeys(db, secrets, now, defaultKeyPolicy)
  if (!jwk?.kid) throw new Error('there is no signing key')
  return { key: (await importJWK(jwk, 'ES256')) as CryptoKey, kid: jwk.kid }
}

/**
 * Puts a new key at once in the place of all others, as after a break-in: tokens that they signed are void. Running servers sign by it
 * within `keyCheckMs`. Returns how many keys are gone.
 */
export async function replaceSigningKeys(db: Database, secrets: SecretBox, now: Instant): Promise<number> {
  return db.transaction(async (tx) => {
    await waitTurn(tx)
    const gone = await tx.delete(signingKey).returning({ kid: signingKey.kid })
    await makeKey(tx, secrets, now, now)
    return gone.length
  })
}

function waitTurn(tx: Queryable) {
  return tx.execute(sql`select pg_advisory_xact_lock(hashtext('ringmain signing keys'))`)
}

function openInOrder(
  stored: readonly (typeof signingKey.$inferSelect)[],
  order: readonly string[],
  secrets: SecretBox,
): JWK[] {
  const byKid = new Map(stored.map((row) => [row.kid, row.sealedJwk]))
  return order.map((kid) => JSON.parse(secrets.open(byKid.get(kid) ?? '', sealedSigningKeys.use(kid))))
}

async function makeKey(tx: Queryable, secrets: SecretBox, createdAt: Instant, activeFrom: Instant): Promise<void> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const kid = randomUUID()
  const jwk: JWK = { ...(await exportJWK(privateKey)), kid, alg: 'ES256', use: 'sig' }
  const sealedJwk = secrets.seal(JSON.stringify(jwk), sealedSigningKeys.use(kid))
  await tx.insert(signingKey).values({ kid, sealedJwk, createdAt, activeFrom })
}
