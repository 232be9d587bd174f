import { randomUUID } from 'node:crypto'
import { and, asc, count, eq, ne } from 'drizzle-orm'
import type { Database, Queryable } from '../../platform/db/index.ts'
import { StartupError } from '../../platform/errors/index.ts'
import { ProblemError } from '../../platform/http/index.ts'
import { hashPassword } from '../../platform/secrets/index.ts'
import type { DepotAccount, NewDepotAccount } from '../../schemas/fsp/depot-access.ts'
import { depotAccount, depotSession } from './tables.ts'

export type AccountRow = typeof depotAccount.$inferSelect

const leastPassword = 12

/** Records a change in its transaction. */
export type Note = (tx: Queryable, id: string) => Promise<void>

/** The people of the FSP. */
export class Accounts {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  async list(): Promise<DepotAccount[]> {
    return (await this.#db.select().from(depotAccount).orderBy(asc(depotAccount.username))).map(viewOf)
  }

  async find(username: string): Promise<AccountRow | undefined> {
    const [row] = await this.#db.select().from(depotAccount).where(eq(depotAccount.username, username))
    return row
  }

  async create({ password, seesDepotIds = [], ...given }: NewDepotAccount, note?: Note): Promise<DepotAccount> {
    const row = {
      accountId: randomUUID(),
      ...given,
      seesDepotIds,
      passwordHash: await hashPassword(password),
      isDisabled: false,
    }
    return this.#db.transaction(async (tx) => {
      const [made] = await tx.insert(depotAccount).values(row).onConflictDoNothing().returning()
      if (!made)
        throw new ProblemError('conflict', `There is an account ${given.username} already: choose another name.`)
      await note?.(tx, made.accountId)
      return viewOf(made)
    })
  }

  /** Changes an account and ends its sessions, which keep the rights of before. */
  async change(
    accountId: string,
    { password, ...given }: Omit<DepotAccount, 'accountId' | 'username'> & { password?: string | undefined },
    note: Note,
  ): Promise<DepotAccount> {
    const passwordHash = password === undefined ? {} : { passwordHash: await hashPassword(password) }
    return this.#db.transaction(async (tx) => {
      // One at a time, so that two changes together do not take the last two sys-admins.
      await tx.select().from(depotAccount).where(eq(depotAccount.role, 'sys-admin')).for('update')
      const staysAdmin = given.role === 'sys-admin' && !given.isDisabled
      if (!staysAdmin && (await otherAdmins(tx, accountId)) === 0)
        throw new ProblemError('conflict', 'This is the last sys-admin: make another one before.')
      const change = { ...given, ...passwordHash }
      const [made] = await tx.update(depotAccount).set(change).where(eq(depotAccount.accountId, accountId)).returning()
      if (!made) throw new ProblemError('not-found', `Account ${accountId} not found.`)
      await tx.delete(depotSession).where(eq(depotSession.accountId, accountId))
      await note(tx, accountId)
      return viewOf(made)
    })
  }

  /** Sets a password and ends the account's sessions. */
  async setPassword(accountId: string, password: string, note: Note): Promise<void> {
    const passwordHash = await hashPassword(password)
    await this.#db.transaction(async (tx) => {
      await tx.update(depotAccount).set({ passwordHash }).where(eq(depotAccount.accountId, accountId))
      await tx.delete(depotSession).where(eq(depotSession.accountId, accountId))
      await note(tx, accountId)
    })
  }

  /** Creates the first people of a new FSP: a live one's first sys-admin, or a demo's; `true` if it did. Later this changes nothing. */
  async found(given: {
    firstPassword?: string | undefined
    demo?: readonly NewDepotAccount[] | undefined
  }): Promise<boolean> {
    const { firstPassword, demo = [] } = given
    if ((firstPassword === undefined && demo.length === 0) || (await this.list()).length > 0) return false
    if (firstPassword !== undefined && firstPassword.length < leastPassword)
      throw new StartupError(`RINGMAIN_FSP_ADMIN_PASSWORD must have at least ${leastPassword} characters.`)
    const all: NewDepotAccount = {
      username: 'admin',
      fullName: 'Administrator',
      role: 'sys-admin',
      depotIds: null,
      seesDepotIds: [],
      password: '',
    }
    if (firstPassword !== undefined) await this.create({ ...all, password: firstPassword })
    for (const person of demo) await this.create(person)
    return true
  }
}

/** Sys-admins beside one account; if that is none, nobody is taken away. */
async function otherAdmins(tx: Queryable, accountId: string): Promise<number> {
  const isAdmin = and(eq(depotAccount.role, 'sys-admin'), eq(depotAccount.isDisabled, false))
  const [others] = await tx
    .select({ number: count() })
    .from(depotAccount)
    .where(and(isAdmin, ne(depotAccount.accountId, accountId)))
  return others?.number ?? 0
}

function viewOf({ passwordHash: _, ...row }: AccountRow): DepotAccount {
  return row
}
