import { getCookie, setCookie } from 'hono/cookie'
import type { LogInAttempt } from '../../../platform/oauth/index.ts'
import { sessionOperations } from '../../../schemas/access/sessions.ts'
import type { Call, ServerContext } from '../../kit/index.ts'

type Http = Call<never>['http']

/** Remembers an attempt in the browser that made it, and in no other: a browser that comes to the callback without it logs in nobody. */
const attemptCookie = 'ringmain_log_in'
const attemptLifeS = 1_800

/** An attempt to log in, and where the person wanted to go. */
export interface Remembered extends LogInAttempt {
  next: string
}

/** What every cookie of a log-in has in common. */
export function cookieOptions({ publicUrl }: ServerContext) {
  return { httpOnly: true, secure: publicUrl.startsWith('https:') }
}

/**
 * For the session and what lies below it, the callback among them. Lax: the issuer may live elsewhere, and its redirection back
 * has to bring the cookie along.
 */
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

/** The attempt that this browser made, once; `null` when it made none, or one that has grown too old. */
export function takeAttempt(context: ServerContext, http: Http): Remembered | null {
  const sealed = getCookie(http, attemptCookie)
  setCookie(http, attemptCookie, '', attemptOptions(context, 0))
  try {
    return sealed ? JSON.parse(context.secrets.open(sealed)) : null
  } catch {
    return null
  }
}
