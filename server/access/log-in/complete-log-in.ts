import { setCookie } from 'hono/cookie'
import { messageOf } from '../../../platform/errors/index.ts'
import type { LogInAttempt } from '../../../platform/oauth/index.ts'
import type { LogInFault, sessionOperations } from '../../../schemas/access/sessions.ts'
import { failure, type Outcome, success } from '../../../schemas/vocabulary/outcome.ts'
import type { ServerContext, Verb } from '../../kit/index.ts'
import { accountOfExternal, findAccount, openSession } from '../accounts/index.ts'
import { sessionCookie } from '../authenticator.ts'
import { cookieOptions, takeAttempt } from './attempt-cookie.ts'
import type { PortalLogIn } from './portal-log-in.ts'
import { identityOf, pathAfterLogIn } from './rules.ts'

/** Handles the issuer's callback: opens a session and sets its cookie, or returns to the log-in page with what went wrong. */
export function completeLogIn(logIn: PortalLogIn): Verb<typeof sessionOperations.completeLogIn> {
  return async ({ context, at, http }) => {
    const { db, publicUrl } = context
    const attempt = takeAttempt(context, http)
    if (!attempt) return http.redirect('/log-in?fault=expired')
    const callback = new URL(`${publicUrl}${http.req.path}`)
    callback.search = new URL(http.req.url).search
    const outcome = await accountIdOf(context, logIn, callback, attempt)
    if (!outcome.ok) return http.redirect(`/log-in?fault=${outcome.failure}`)
    const secret = await openSession(db, at, outcome.value)
    setCookie(http, sessionCookie, secret, { ...cookieOptions(context), sameSite: 'Strict', path: '/' })
    return http.redirect(pathAfterLogIn(attempt.next))
  }
}

/** The account of the person in the issuer's claims. */
async function accountIdOf(
  { db, log }: ServerContext,
  { relyingParty, external }: PortalLogIn,
  callback: URL,
  attempt: LogInAttempt,
): Promise<Outcome<string, LogInFault>> {
  try {
    const claims = await relyingParty.complete(callback, attempt)
    if (!external) {
      const found = await findAccount(db, claims.sub)
      return found ? success(found.accountId) : failure('refused')
    }
    const read = identityOf(claims, external.mapping)
    if (read.ok) return success(await accountOfExternal(db, external.issuer, claims.sub, read.value))
    log.warn({ subject: claims.sub }, 'a person without a role here tried to log in')
    return read
  } catch (error) {
    log.warn({ reason: messageOf(error) }, 'a log-in failed')
    return failure('refused')
  }
}
