import { eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { accountOperations } from '../../../schemas/access/accounts.ts'
import { personBehind, type Verb } from '../../kit/index.ts'
import { removeTotp } from './second-factor.ts'
import { endSessionOf, endSessionsOf, sessionsOf } from './sessions.ts'
import { account } from './tables.ts'
import { viewAccount } from './views.ts'

/** An existing account, locked for a change. */
async function lockAccount(db: Queryable, username: string) {
  const [row] = await db.select().from(account).where(eq(account.username, username)).for('update')
  if (!row) throw new ProblemError('not-found', `Account ${username} not found.`)
  return row
}

/** Disables an account, or enables it again. A disabled one cannot log in, and its sessions end. */
export const setAccountAccess: Verb<typeof accountOperations.setAccountAccess> = async ({
  db,
  params,
  body,
  ...call
}) => {
  const row = await lockAccount(db, params.username)
  if (!body.active && personBehind(call.actor)?.accountId === row.accountId)
    throw new ProblemError('conflict', 'You cannot disable your own account: ask another administrator.')
  const [saved] = await db.update(account).set(body).where(eq(account.accountId, row.accountId)).returning()
  if (!body.active) await endSessionsOf(db, row.accountId)
  call.audit({
    action: 'account.access-changed',
    subject: { type: 'account', id: row.username },
    detail: { before: { active: row.active }, now: body },
  })
  return viewAccount(saved ?? row)
}

/** Removes a second factor that its owner has lost. Nobody removes their own this way: it would be a way round it. */
export const resetSecondFactor: Verb<typeof accountOperations.resetSecondFactor> = async ({
  db,
  params,
  body,
  ...call
}) => {
  const row = await lockAccount(db, params.username)
  if (personBehind(call.actor)?.accountId === row.accountId)
    throw new ProblemError('conflict', 'Another administrator has to remove your second factor.')
  const saved = await removeTotp(db, row.accountId)
  await endSessionsOf(db, row.accountId)
  call.audit({ action: 'account.second-factor-reset', subject: { type: 'account', id: row.username }, detail: body })
  return viewAccount(saved)
}

export const listAccountSessions: Verb<typeof accountOperations.listAccountSessions> = async ({
  db,
  at,
  params,
  context,
}) => {
  const [row] = await db.select().from(account).where(eq(account.username, params.username))
  if (!row) throw new ProblemError('not-found', `Account ${params.username} not found.`)
  return sessionsOf(db, at, context.people, row.accountId)
}

export const endAccountSession: Verb<typeof accountOperations.endAccountSession> = async ({ db, params, audit }) => {
  const row = await lockAccount(db, params.username)
  if (!(await endSessionOf(db, row.accountId, params.sessionId)))
    throw new ProblemError('not-found', `Account ${params.username} has no such session: it has ended.`)
  audit({
    action: 'account.session-ended',
    subject: { type: 'account', id: row.username },
    detail: { sessionId: params.sessionId },
  })
}

export const endAccountSessions: Verb<typeof accountOperations.endAccountSessions> = async ({ db, params, audit }) => {
  const row = await lockAccount(db, params.username)
  await endSessionsOf(db, row.accountId)
  audit({ action: 'account.sessions-ended', subject: { type: 'account', id: row.username } })
}
