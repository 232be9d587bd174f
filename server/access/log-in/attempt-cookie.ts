import { getCookie, setCookie } from 'hono/cookie'
import type { LogInAttempt } from '../../../platform/oauth/index.ts'
import { sessionOperations } from '../../../schemas/access/sessions.ts'
import type { Call, ServerContext } from '../../kit/index.ts'

type Http = Call<never>['http']

/** Ties an attempt to the browser that made it: another browser that calls the callback is not logged in. */
const attemptCookie = 'ringmain_log_in'
const attemptLifeS = 1_800

/** An attempt to log in, and the page that the person asked for. */
export interface Remembered extends LogInAttempt {
  next: string
}

/** Options that all cookies of a log-in share. */
export function cookieOptions({ publicUrl }: ServerContext) {
  return { httpOnly: true, secure: publicUrl.startsWith('https:') }
}

/** For the session and what lies below it. Lax, because the issuer may be on another site, and its redirect back has to carry the cookie. */
function attemptOptions(context: ServerContext, maxAge: number) {
  return {
    ...cookieOptions(context),
    sameSite: 'Lax' as const,
    path: `/api${sessionOperations.readSession.path}`,
    maxAge,
  }
}

export function rememberAttempt(context: ServerContext, http: Http, attempt: Remembered): void {
  const sealed = context.secrets.seal(JSON.stringify(attempt))
  setCookie(http, attemptCookie, sealed, attemptOptions(context, attemptLifeS))
}

/** The attempt that this browser made, returned only once; `null` if it made none or the attempt has expired. */
export function takeAttempt(context: ServerContext, http: Http): Remembered | null {
  const sealed = getCookie(http, attemptCookie)
  setCookie(http, attemptCookie, '', attemptOptions(context, 0))
  try {
    return sealed ? JSON.parse(context.secrets.open(sealed)) : null
  } catch {
    return null
  }
}
