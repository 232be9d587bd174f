import { getCookie, setCookie } from 'hono/cookie'
import { sessionCookieAt } from '../../schemas/access/sessions.ts'
import type { Call, ServerContext } from '../kit/index.ts'

export type Http = Call<never>['http']

interface CookieOptions {
  sameSite: 'Strict' | 'Lax'
  /** Seconds; by default the cookie ends with the browser. */
  maxAge?: number
}

/** Sets a cookie that no script can read, for this host only, and over HTTPS alone where the server is reached by it (ASVS 3.3.1 to 3.3.4). */
export function keepCookie(
  { publicUrl }: ServerContext,
  http: Http,
  name: string,
  value: string,
  options: CookieOptions,
): void {
  setCookie(http, name, value, { ...options, httpOnly: true, secure: publicUrl.startsWith('https:'), path: '/' })
}

export function dropCookie(context: ServerContext, http: Http, name: string): void {
  keepCookie(context, http, name, '', { sameSite: 'Lax', maxAge: 0 })
}

/** The secret of the browser's session, if it has one. */
export function sessionSecret({ publicUrl }: ServerContext, http: Http): string | undefined {
  return getCookie(http, sessionCookieAt(publicUrl))
}

/** Strict: a link on another site opens the portal as a stranger, whose first request within the site then brings the cookie. */
export function keepSession(context: ServerContext, http: Http, secret: string): void {
  keepCookie(context, http, sessionCookieAt(context.publicUrl), secret, { sameSite: 'Strict' })
}
