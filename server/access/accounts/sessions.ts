import { randomUUID } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import { and, desc, eq, lt, ne, sql } from 'drizzle-orm'
import type { Database, Queryable } from '../../../platform/db/index.ts'
import { digestOf, newSecret } from '../../../platform/secrets/index.ts'
import type { AccountSession } from '../../../schemas/access/own-account.ts'
import type { Actor, PeoplePolicy } from '../../kit/index.ts'
import { actorOf } from './service.ts'
import { account, portalSession } from './tables.ts'

/** The channel on which servers learn that an account's sessions have ended, so that open streams end too. */
export const sessionsEndedChannel = 'ringmain_sessions_ended'

/** How long a session may go unnoticed, s: its last use is kept to the minute, so that a request seldom writes. */
const noticeS = 60

/** Where a session is opened from, for its owner to recognise, and when its person authenticated, if not just now. */
export interface SessionOrigin {
  authenticatedAt?: Instant
  address?: string | null
  agent?: string | null
}

/** Opens a session for an account that has just authenticated; the secret goes into the cookie. */
export async function openSession(
  db: Queryable,
  at: Instant,
  { absoluteS, idleS }: PeoplePolicy,
  accountId: string,
  { address = null, agent = null, authenticatedAt = at }: SessionOrigin = {},
): Promise<string> {
  const secret = newSecret()
  await db.delete(portalSession).where(lt(portalSession.expiresAt, at))
  await db.delete(portalSession).where(lt(portalSession.lastSeenAt, at.minusSeconds(idleS)))
  await db.insert(portalSession).values({
    secretDigest: digestOf(secret),
    sessionId: randomUUID(),
    accountId,
    createdAt: at,
    authenticatedAt,
    lastSeenAt: at,
    expiresAt: at.plusSeconds(absoluteS),
    address: address?.slice(0, 100) ?? null,
    agent: agent?.slice(0, 300) ?? null,
  })
  return secret
}

/** Continues a session under another secret, because its person has authenticated again (ASVS 5.0 V7.2.4). */
export async function renewSession(db: Queryable, at: Instant, sessionId: string): Promise<string> {
  const secret = newSecret()
  const set = { secretDigest: digestOf(secret), authenticatedAt: at, lastSeenAt: at }
  const renewed = await db.update(portalSession).set(set).where(eq(portalSession.sessionId, sessionId)).returning()
  if (renewed.length === 0) throw new Error(`session ${sessionId} is gone`)
  return secret
}

/** The account that a session cookie belongs to; `null` if the session is unknown or has ended. Notices that the session is in use. */
export async function actorOfSession(
  db: Database,
  at: Instant,
  policy: PeoplePolicy,
  secret: string,
): Promise<Actor | null> {
  const secretDigest = digestOf(secret)
  const [found] = await db
    .select({ account, session: portalSession })
    .from(portalSession)
    .innerJoin(account, eq(account.accountId, portalSession.accountId))
    .where(eq(portalSession.secretDigest, secretDigest))
  if (!found || !isOpen(found.session, at, policy)) return null
  const { session } = found
  if (session.lastSeenAt.plusSeconds(noticeS).isBefore(at))
    await db.update(portalSession).set({ lastSeenAt: at }).where(eq(portalSession.secretDigest, secretDigest))
  return actorOf(db, found.account, policy, session)
}

/** Whether a session is still open. Unlike a request, asking does not keep it open. */
export async function isSessionOpen(
  db: Queryable,
  at: Instant,
  policy: PeoplePolicy,
  sessionId: string,
): Promise<boolean> {
  const [session] = await db.select().from(portalSession).where(eq(portalSession.sessionId, sessionId))
  return session !== undefined && isOpen(session, at, policy)
}

type SessionRow = typeof portalSession.$inferSelect

function isOpen({ expiresAt, lastSeenAt }: SessionRow, at: Instant, { idleS }: PeoplePolicy): boolean {
  return expiresAt.isAfter(at) && lastSeenAt.plusSeconds(idleS).isAfter(at)
}

/** The sessions of an account that are open, the latest first. @param current the one that asks, if it is among them. */
export async function sessionsOf(
  db: Queryable,
  at: Instant,
  policy: PeoplePolicy,
  accountId: string,
  current: string | null = null,
): Promise<AccountSession[]> {
  const rows = await db
    .select()
    .from(portalSession)
    .where(eq(portalSession.accountId, accountId))
    .orderBy(desc(portalSession.createdAt), portalSession.sessionId)
  return rows
    .filter((row) => isOpen(row, at, policy))
    .map(({ sessionId, createdAt, lastSeenAt, expiresAt, address, agent }) => ({
      sessionId,
      current: sessionId === current,
      createdAt: createdAt.toString(),
      lastSeenAt: lastSeenAt.toString(),
      expiresAt: expiresAt.toString(),
      address,
      agent,
    }))
}

/** Ends a session, given the digest of its secret. */
export async function endSession(db: Queryable, secretDigest: string): Promise<void> {
  const ended = await db.delete(portalSession).where(eq(portalSession.secretDigest, secretDigest)).returning()
  for (const { accountId } of ended) await tellStreams(db, accountId)
}

/** Ends one session of an account; `false` if the account has no such session. */
export async function endSessionOf(db: Queryable, accountId: string, sessionId: string): Promise<boolean> {
  const own = and(eq(portalSession.accountId, accountId), eq(portalSession.sessionId, sessionId))
  const ended = await db.delete(portalSession).where(own).returning()
  if (ended.length > 0) await tellStreams(db, accountId)
  return ended.length > 0
}

/** Ends every session of an account, because its rights or its credentials have changed. @param but one that goes on. */
export async function endSessionsOf(db: Queryable, accountId: string, but: string | null = null): Promise<void> {
  const others = but === null ? undefined : ne(portalSession.sessionId, but)
  await db.delete(portalSession).where(and(eq(portalSession.accountId, accountId), others))
  await tellStreams(db, accountId)
}

/** In the transaction that ends the sessions: servers hear of it when it is committed. */
async function tellStreams(db: Queryable, accountId: string): Promise<void> {
  await db.execute(sql`select pg_notify(${sessionsEndedChannel}, ${accountId})`)
}
