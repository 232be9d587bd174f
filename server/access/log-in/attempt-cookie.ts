import { getCookie } from 'hono/cookie'
import type { LogInAttempt } from '../../../platform/oauth/index.ts'
import { cookieNameAt } from '../../../schemas/access/sessions.ts'
import type { ServerContext } from '../../kit/index.ts'
import { dropCookie, type Http, keepCookie } from '../session-cookie.ts'

const attemptLifeS = 1_800
const sealedAttempt = { purpose: 'log-in.attempt', of: 'cookie' }

/** An attempt to log in, and the page that the person asked for. */
export interface Remembered extends LogInAttempt {
  next: string
  /** Digest of the session that the browser had at the time: the new one replaces it. */
  replaces: string | null
  /** Whether the issuer was asked to authenticate the person again. */
  isAgain: boolean
}

/** Ties an attempt to the browser that made it: another browser can neither send its password nor end it at the callback. */
const cookieOf = ({ publicUrl }: ServerContext) => cookieNameAt(publicUrl, 'ringmain_log_in')

/** Lax, because the issuer may be on another site, and its redirect back has to carry the cookie. */
export function rememberAttempt(context: ServerContext, http: Http, attempt: Remembered): void {
  const sealed = context.secrets.seal(JSON.stringify(attempt), sealedAttempt)
  keepCookie(context, http, cookieOf(context), sealed, { sameSite: 'Lax', maxAge: attemptLifeS })
}

/** The attempt that this browser made last; `null` if it made none or the attempt has expired. */
export function readAttempt(context: ServerContext, http: Http): Remembered | null {
  const sealed = getCookie(http, cookieOf(context))
  try {
    const read = sealed ? (JSON.parse(context.secrets.open(sealed, sealedAttempt)) as Partial<Remembered>) : null
    return read?.state && read.codeVerifier ? (read as Remembered) : null
  } catch {
    return null
  }
}

/** The same, returned only once. */
export function takeAttempt(context: ServerContext, http: Http): Remembered | null {
  const attempt = readAttempt(context, http)
  dropCookie(context, http, cookieOf(context))
  return attempt
}
