import { eq } from 'drizzle-orm'
import { refuse } from '../../../platform/http/index.ts'
import type { accountOperations } from '../../../schemas/access/accounts.ts'
import type { Verb } from '../../kit/index.ts'
import { requireCustomer } from '../customers/index.ts'
import { passwordFault } from './password-rules.ts'
import { accountFault } from './rules.ts'
import { saveAccount } from './service.ts'
import { endSessionsOf } from './sessions.ts'
import { account } from './tables.ts'
import { viewAccount } from './views.ts'

/** Creates or changes an account. Its sessions end, because its rights or its password have changed. */
export const changeAccount: Verb<typeof accountOperations.changeAccount> = async ({ db, params, body, ...call }) => {
  const { username } = params
  const { password, ...form } = body
  const [before = null] = await db.select().from(account).where(eq(account.username, username)).for('update')
  refuse(accountFault(username, before, password))
  if (form.customerId !== null) await requireCustomer(db, form.customerId)
  if (password !== undefined) refuse(await passwordFault(password, [username, form.fullName]))
  const initial = password === undefined ? {} : { password, isPasswordInitial: true }
  const saved = await saveAccount(db, { username, ...form, ...initial })
  await endSessionsOf(db, saved.accountId)
  call.audit({
    action: before ? 'account.changed' : 'account.created',
    subject: { type: 'account', id: username },
    detail: { before: before && rightsOf(before), now: rightsOf(saved), isPasswordNew: password !== undefined },
  })
  return viewAccount(saved)
}

/** What the audit trail keeps of an account. */
function rightsOf({ fullName, roles, fspId, customerId }: typeof account.$inferSelect) {
  return { fullName, roles, fspId, customerId }
}
