import { ProblemError } from '../../../platform/http/index.ts'
import { type DemoAccount, sessionOperations } from '../../../schemas/access/sessions.ts'
import { bind, ownTransaction, personBehind, type Verbs } from '../../kit/index.ts'
import { beginLogIn } from './begin-log-in.ts'
import { completeLogIn } from './complete-log-in.ts'
import { logOut } from './log-out.ts'
import type { PortalLogIn } from './portal-log-in.ts'
import { sendPassword } from './send-password.ts'

export type { ExternalIssuer, PortalLogIn } from './portal-log-in.ts'
export type { ClaimMapping } from './rules.ts'

/**
 * Log-in to the portal by authorization code and PKCE (redirect to the issuer, code in the callback, session cookie), and log-out.
 * @param demoAccounts accounts that the log-in page shows in demo mode. Empty in live mode, where a request for them is answered 404.
 */
export function sessions(logIn: PortalLogIn, demoAccounts: readonly DemoAccount[]) {
  const verbs: Verbs<typeof sessionOperations> = {
    beginLogIn: beginLogIn(logIn),
    completeLogIn: completeLogIn(logIn),
    // The issuer uses its own database connections, checking a password takes time, and what fails has to stay counted.
    sendPassword: ownTransaction(sendPassword(logIn)),

    readSession({ context, at, actor }) {
      const { accountId, username, fullName, roles } = actor.kind === 'person' ? actor : actor.user
      const fspId = actor.kind === 'fsp' ? actor.fspId : null
      const customerId = actor.kind === 'customer' ? actor.customerId : null
      const { environment } = context
      const needs = personBehind(actor)?.session?.needs ?? null
      return {
        accountId,
        username,
        fullName,
        roles: [...roles],
        fspId,
        customerId,
        needs,
        at: at.toString(),
        environment,
      }
    },

    logOut,

    async logOutAtIssuer({ context, http }) {
      const page = `${context.publicUrl}/log-in`
      const url = logIn.external ? await logIn.relyingParty.logOutUrl(page).catch(() => null) : null
      return http.redirect(url ?? '/log-in')
    },

    listDemoAccounts() {
      if (demoAccounts.length === 0) throw new ProblemError('not-found', 'This server has no demo accounts.')
      return [...demoAccounts]
    },
  }
  return bind(sessionOperations, verbs, { pool: 'access' })
}
