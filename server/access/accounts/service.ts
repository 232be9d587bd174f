import { randomUUID } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import { eq, lt } from 'drizzle-orm'
import type { Database } from '../../../platform/db/index.ts'
import { digestOf, newSecret } from '../../../platform/secrets/index.ts'
import type { Role } from '../../../schemas/portal.ts'
import type { Person } from '../actors.ts'
import { decoyHash, hashPassword, passwordMatches } from './passwords.ts'
import { account, portalSession } from './tables.ts'

/** A working day: a log-in of the morning still holds in the evening. */
const sessionHours = 12

export interface NewAccount {
  username: string
  fullName: string
  password: string
  roles: Role[]
}

/** Makes an account, or brings an existing one of that name up to date. */
export async function saveAccount(db: Database, given: NewAccount): Promise<void> {
  const row = { fullName: given.fullName, passwordHash: await hashPassword(given.password), roles: given.roles }
  await db
    .insert(account)
    .values({ accountId: randomUUID(), username: given.username, ...row })
    .onConflictDoUpdate({ target: account.username, set: row })
}

/** Checks a password and opens a session; `null` when the name or the password is wrong. The secret goes into the cookie. */
export async function logIn(
  db: Database,
  at: Instant,
  username: string,
  password: string,
): Promise<{ secret: string; person: Person } | null> {
  const [found] = await db.select().from(account).where(eq(account.username, username))
  const matches = await passwordMatches(password, found?.passwordHash ?? (await decoyHash()))
  if (!found || !matches) return null
  const secret = newSecret()
  await db.delete(portalSession).where(lt(portalSession.expiresAt, at))
  await db.insert(portalSession).values({
    secretDigest: digestOf(secret),
    accountId: found.accountId,
    expiresAt: at.plusSeconds(sessionHours * 3600),
  })
  return { secret, person: personOf(found) }
}

/** Who a session cookie stands for; `null` when there is no such session or it has ended. */
export async function personOfSession(db: Database, at: Instant, secret: string): Promise<Person | null> {
  const [found] = await db
    .select({ account, expiresAt: portalSession.expiresAt })
    .from(portalSession)
    .innerJoin(account, eq(account.accountId, portalSession.accountId))
    .where(eq(portalSession.secretDigest, digestOf(secret)))
  return found?.expiresAt.isAfter(at) ? personOf(found.account) : null
}

/** Ends a session. */
export async function logOut(db: Database, secret: string): Promise<void> {
  await db.delete(portalSession).where(eq(portalSession.secretDigest, digestOf(secret)))
}

function personOf(row: typeof account.$inferSelect): Person {
  return {
    kind: 'person',
    accountId: row.accountId,
    username: row.username,
    fullName: row.fullName,
    roles: new Set(row.roles),
  }
}
