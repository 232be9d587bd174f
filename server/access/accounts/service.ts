import { randomUUID } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import { and, eq } from 'drizzle-orm'
import type { Database, Queryable } from '../../../platform/db/index.ts'
import { decoyHash, hashPassword, passwordMatches } from '../../../platform/secrets/index.ts'
import type { Role } from '../../../schemas/vocabulary/roles.ts'
import type { Actor, PeoplePolicy, PortalUser } from '../../kit/index.ts'
import { oauthClient } from '../clients/tables.ts'
import { needOf } from './rules.ts'
import { account } from './tables.ts'

/** What an FSP's client may do through the API, its people may do in the portal. */
const fspUserScopes: ReadonlySet<string> = new Set(['market', 'meter'])

const customerScopes: ReadonlySet<string> = new Set(['customer'])

export interface NewAccount {
  username: string
  fullName: string
  /** If omitted, the existing password stays; a new account then has no valid password. */
  password?: string
  /** Whether the password was chosen by somebody else than its person. */
  isPasswordInitial?: boolean
  roles: Role[]
  /** The FSP that an `fsp-user` acts for. */
  fspId?: string | null
  /** The customer that a `customer` acts for. */
  customerId?: string | null
}

type AccountRow = typeof account.$inferSelect

/** Creates an account, or updates the one of that name. */
export async function saveAccount(db: Queryable, given: NewAccount): Promise<AccountRow> {
  const { fullName, roles, fspId = null, customerId = null, password, isPasswordInitial = false } = given
  const hash = password === undefined ? {} : { passwordHash: await hashPassword(password), isPasswordInitial }
  const row = { fullName, roles, fspId, customerId, ...hash }
  const [saved] = await db
    .insert(account)
    .values({ accountId: randomUUID(), username: given.username, ...row })
    .onConflictDoUpdate({ target: account.username, set: row })
    .returning()
  if (!saved) throw new Error('an upsert returns its row')
  return saved
}

/** Every account, by user name. */
export async function listAccounts(db: Queryable): Promise<AccountRow[]> {
  return db.select().from(account).orderBy(account.username)
}

/** The account of a user name. */
export async function findAccountOf(db: Queryable, username: string): Promise<AccountRow | undefined> {
  const [found] = await db.select().from(account).where(eq(account.username, username))
  return found
}

/** Whether a password is an account's. Without an account, or without a password, a hash is computed all the same. */
export async function hasPassword(found: AccountRow | undefined, password: string): Promise<boolean> {
  const matches = await passwordMatches(password, found?.passwordHash ?? (await decoyHash()))
  return matches && found?.passwordHash != null
}

export async function findAccount(db: Queryable, accountId: string): Promise<AccountRow | undefined> {
  const [found] = await db.select().from(account).where(eq(account.accountId, accountId))
  return found
}

/**
 * The account of a person admitted by an external issuer. It is created at the first log-in and updated at each one, because the
 * issuer decides on name and roles. If the user name is already in use here, the issuer’s host is appended to it.
 */
export async function accountOfExternal(
  db: Database,
  issuer: string,
  subject: string,
  identity: { username: string; fullName: string; roles: Role[]; fspId: string | null },
): Promise<string> {
  const externalSubject = `${issuer} ${subject}`
  return db.transaction(async (tx) => {
    const [holder] = await tx.select().from(account).where(eq(account.username, identity.username))
    const isFree = !holder || holder.externalSubject === externalSubject
    const username = isFree ? identity.username : `${identity.username}@${new URL(issuer).host}`
    const { fullName, roles, fspId } = identity
    const [saved] = await tx
      .insert(account)
      .values({ accountId: randomUUID(), externalSubject, username, fullName, roles, fspId })
      .onConflictDoUpdate({ target: account.externalSubject, set: { username, fullName, roles, fspId } })
      .returning()
    if (!saved) throw new Error('an upsert returns its row')
    return saved.accountId
  })
}

/**
 * The actor that an account stands for; `null` if the account is disabled. An FSP's people have access only while its clients do:
 * `null` too while those are blocked.
 */
export async function actorOf(
  db: Queryable,
  row: AccountRow,
  policy: PeoplePolicy,
  session?: { sessionId: string; authenticatedAt: Instant },
): Promise<Actor | null> {
  if (!row.active) return null
  const { accountId, username, fullName, fspId, customerId } = row
  const user: PortalUser = { accountId, username, fullName, roles: new Set(row.roles) }
  if (session) {
    const { sessionId, authenticatedAt } = session
    user.session = { sessionId, authenticatedAt, needs: needOf(row, policy) }
  }
  if (customerId !== null) return { kind: 'customer', clientId: username, customerId, scopes: customerScopes, user }
  if (fspId === null) return { kind: 'person', ...user }
  const [client] = await db
    .select({ clientId: oauthClient.clientId })
    .from(oauthClient)
    .where(and(eq(oauthClient.subjectId, fspId), eq(oauthClient.kind, 'fsp'), eq(oauthClient.active, true)))
    .limit(1)
  return client ? { kind: 'fsp', clientId: username, fspId, scopes: fspUserScopes, user } : null
}

/** Stores the password that a person has chosen. */
export async function setPassword(db: Queryable, accountId: string, password: string): Promise<void> {
  const set = { passwordHash: await hashPassword(password), isPasswordInitial: false }
  await db.update(account).set(set).where(eq(account.accountId, accountId))
}
