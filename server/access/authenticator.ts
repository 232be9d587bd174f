import type { HttpBindings } from '@hono/node-server'
import type { Context, MiddlewareHandler } from 'hono'
import { getCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import { callerAddress, ProblemError, type TrustedProxies } from '../../platform/http/index.ts'
import type { TokenVerifier } from '../../platform/oauth/index.ts'
import { sessionCookieAt } from '../../schemas/access/sessions.ts'
import type { ActorVariables, ServerContext } from '../kit/index.ts'
import { actorOfSession } from './accounts/index.ts'
import { actorOfToken } from './clients/index.ts'
import { isFromElsewhere, isSafe } from './request-site.ts'

/**
 * Sets `actor` from a bearer token or the portal's session cookie; `null` without either. An invalid token is answered 401 at once. A
 * request that no token authenticates is refused if another site makes it with the cookie, or in order to change something, such as who
 * is logged in. Also sets `address`, the caller's.
 */
export function authenticator(
  { db, clock, publicUrl, people }: ServerContext,
  verifyToken: TokenVerifier,
  trusted: TrustedProxies,
): MiddlewareHandler<{ Variables: ActorVariables }> {
  const cookie = sessionCookieAt(publicUrl)
  const { origin } = new URL(publicUrl)
  return createMiddleware<{ Variables: ActorVariables }>(async (c, next) => {
    c.set('address', addressOf(c, trusted))
    if (c.req.header('authorization')) c.set('actor', await actorOfToken(db, await verifyToken(c.req.raw)))
    else {
      const secret = getCookie(c, cookie)
      if ((secret || !isSafe(c.req.method)) && isFromElsewhere(c.req.raw, origin)) throw fromElsewhere(c, publicUrl)
      c.set('actor', secret ? await actorOfSession(db, clock.now(), people, secret) : null)
    }
    await next()
  })
}

function addressOf(c: Context, trusted: TrustedProxies): string {
  const { incoming } = c.env as HttpBindings
  return callerAddress(incoming, trusted)
}

function fromElsewhere(c: Context, publicUrl: string): ProblemError {
  const page = c.req.header('origin') ?? 'another site'
  const detail = `A page of ${page} made this request, and only the portal at ${publicUrl} may: open that and try again.`
  return new ProblemError('foreign-origin', detail)
}
