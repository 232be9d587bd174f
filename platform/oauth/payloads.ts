import { createHash } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { and, desc, eq, inArray, lt, or, sql } from 'drizzle-orm'
import type { Database, Queryable } from '../db/index.ts'
import { oidcPayload } from './payload-table.ts'

/**
 * Most rows of one kind that anybody can add without logging in, such as a log-in page that was opened. Beyond that the oldest go: a
 * flood may cost somebody a second attempt at a log-in, but neither the disk nor the log-in of everybody.
 */
export const mostPending = 10_000

/** How many rows are deleted at once, so that no deletion holds locks for long. */
const batch = 5_000

/**
 * Marks a value of a client as used until a time. `false` if it was used before, at any server on the database. One statement decides, so
 * that of several uses at once exactly one is the first (RFC 7523 section 3 item 7, RFC 9449 section 11.1).
 * @param untilS seconds since 1970, in real time.
 */
export async function takeOnce(db: Database, client: string, value: string, untilS: number): Promise<boolean> {
  const id = createHash('sha256')
    .update(JSON.stringify([client, value]))
    .digest('base64url')
  const now = Instant.ofEpochMilli(Date.now())
  const row = { payload: { kind: 'ReplayDetection' }, expiresAt: Instant.ofEpochSecond(Math.ceil(untilS)) }
  const [first] = await db
    .insert(oidcPayload)
    .values({ model: 'ReplayDetection', id, ...row })
    // The mark of an earlier use that has expired may still be there.
    .onConflictDoUpdate({
      target: [oidcPayload.model, oidcPayload.id],
      set: row,
      setWhere: lt(oidcPayload.expiresAt, now),
    })
    .returning({ id: oidcPayload.id })
  return first !== undefined
}

/** Consumes a code or grant; `false` if that was done before. The second use of a code revokes everything issued for it (RFC 6749 section 4.1.2). */
export async function consumeOnce(db: Database, model: string, id: string): Promise<boolean> {
  const key = and(eq(oidcPayload.model, model), eq(oidcPayload.id, id))
  const [first] = await db
    .update(oidcPayload)
    .set({ consumedAt: sql`now()` })
    .where(and(key, sql`${oidcPayload.consumedAt} is null`))
    .returning({ id: oidcPayload.id })
  if (first) return true
  const [used] = await db.select({ grantId: oidcPayload.grantId }).from(oidcPayload).where(key)
  if (used?.grantId) await revokeGrant(db, used.grantId)
  return false
}

/** Deletes a grant and everything that was issued for it. */
export async function revokeGrant(db: Queryable, grantId: string): Promise<void> {
  const isGrant = and(eq(oidcPayload.model, 'Grant'), eq(oidcPayload.id, grantId))
  await db.delete(oidcPayload).where(or(eq(oidcPayload.grantId, grantId), isGrant))
}

/** Deletes the oldest rows of a kind beyond the most that are kept. */
export async function keepNewest(db: Database, model: string, most = mostPending): Promise<void> {
  const surplus = db
    .select({ id: oidcPayload.id })
    .from(oidcPayload)
    .where(eq(oidcPayload.model, model))
    .orderBy(desc(oidcPayload.expiresAt))
    .offset(most)
  await db.delete(oidcPayload).where(and(eq(oidcPayload.model, model), inArray(oidcPayload.id, surplus)))
}

/** Deletes what the authorization server remembered and needs no more. Its times are real time, whatever the server's clock shows. */
export async function purgeExpired(db: Database): Promise<number> {
  const now = Instant.ofEpochMilli(Date.now())
  let purged = 0
  for (;;) {
    const expired = db.select({ row: sql`ctid` }).from(oidcPayload).where(lt(oidcPayload.expiresAt, now)).limit(batch)
    const { count } = await db.delete(oidcPayload).where(inArray(sql`ctid`, expired))
    purged += count
    if (count < batch) return purged
  }
}
