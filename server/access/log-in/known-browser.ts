import type { Instant } from '@js-joda/core'
import { getCookie } from 'hono/cookie'
import { newSecret } from '../../../platform/secrets/index.ts'
import { cookieNameAt } from '../../../schemas/access/sessions.ts'
import type { ServerContext } from '../../kit/index.ts'
import { type Http, keepCookie } from '../session-cookie.ts'

/** A quarter of a year: who has not logged in at a browser for so long is as strange there as anybody. */
const knownS = 90 * 86_400

/** A browser at which a person has logged in before. */
interface KnownBrowser {
  accountId: string
  browser: string
  /** Seconds since 1970. */
  untilS: number
}

const sealedBrowser = { purpose: 'log-in.browser', of: 'cookie' }

const cookieOf = ({ publicUrl }: ServerContext) => cookieNameAt(publicUrl, 'ringmain_known')

/**
 * Remembers that a person has logged in at this browser. It opens nothing: it only lets the person's own attempts there be counted apart
 * from everybody else's, so that nobody can lock a person out by failing under that name (OWASP, "device cookies").
 */
export function rememberBrowser(context: ServerContext, http: Http, at: Instant, accountId: string): void {
  const known: KnownBrowser = { accountId, browser: newSecret(), untilS: at.epochSecond() + knownS }
  const sealed = context.secrets.seal(JSON.stringify(known), sealedBrowser)
  keepCookie(context, http, cookieOf(context), sealed, { sameSite: 'Strict', maxAge: knownS })
}

/** What identifies this browser, if that person has logged in at it before; `null` otherwise. */
export function knownBrowser(context: ServerContext, http: Http, at: Instant, accountId: string): string | null {
  const sealed = getCookie(http, cookieOf(context))
  try {
    const read = sealed ? (JSON.parse(context.secrets.open(sealed, sealedBrowser)) as Partial<KnownBrowser>) : null
    return read?.browser && read.accountId === accountId && (read.untilS ?? 0) > at.epochSecond() ? read.browser : null
  } catch {
    return null
  }
}
