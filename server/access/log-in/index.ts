import { deleteCookie, getCookie } from 'hono/cookie'
import { ProblemError } from '../../../platform/http/index.ts'
import { type DemoAccount, sessionOperations } from '../../../schemas/access/sessions.ts'
import { bind, ownTransaction } from '../../kit/index.ts'
import { logOut } from '../accounts/service.ts'
import { sessionCookie } from '../authenticator.ts'
import { beginLogIn } from './begin-log-in.ts'
import { completeLogIn } from './complete-log-in.ts'
import type { PortalLogIn } from './portal-log-in.ts'
import { sendPassword } from './send-password.ts'

export type { PortalLogIn } from './portal-log-in.ts'
export type { ClaimMapping } from './rules.ts'

/**
 * Logging in to the portal by authorization code and PKCE (out to the issuer, back with a code, and a cookie for the session), and out.
 * @param demoAccounts what the log-in page shows in demo mode; in live mode there are none, and asking for them is answered 404.
 */
export function sessions(logIn: PortalLogIn, demoAccounts: readonly DemoAccount[]) {
  return bind(sessionOperations, {
    beginLogIn: beginLogIn(logIn),
    completeLogIn: completeLogIn(logIn),
    // The issuer writes on connections of its own, and a password takes time to check.
    sendPassword: ownTransaction(sendPassword(logIn)),

    readSession({ context, at, actor }) {
      const { accountId, username, fullName, roles } = actor.kind === 'fsp' ? actor.user : actor
      const fspId = actor.kind === 'fsp' ? actor.fspId : null
      const { environment } = context
      return { accountId, username, fullName, roles: [...roles], fspId, at: at.toString(), environment }
    },

    async logOut({ db, http }) {
      const secret = getCookie(http, sessionCookie)
      if (secret) await logOut(db, secret)
      deleteCookie(http, sessionCookie, { path: '/' })
    },

    async logOutAtIssuer({ context, http }) {
      const page = `${context.publicUrl}/log-in`
      const url = logIn.external ? await logIn.relyingParty.logOutUrl(page).catch(() => null) : null
      return http.redirect(url ?? '/log-in')
    },

    listDemoAccounts() {
      if (demoAccounts.length === 0) throw new ProblemError('not-found', 'There are no demo accounts here.')
      return [...demoAccounts]
    },
  })
}
