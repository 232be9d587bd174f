import type { MiddlewareHandler } from 'hono'
import { getCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import type { Clock } from '../../platform/clock/index.ts'
import type { Database } from '../../platform/db/index.ts'
import type { TokenVerifier } from '../../platform/oauth/index.ts'
import type { ActorVariables } from '../kit/index.ts'
import { actorOfSession } from './accounts/index.ts'
import { actorOfToken } from './clients/index.ts'

export const sessionCookie = 'ringmain_session'

/** Sets `actor` from a bearer token or the portal's session cookie; `null` without either. An invalid token is answered 401 at once. */
export function authenticator(
  db: Database,
  clock: Clock,
  verifyToken: TokenVerifier,
): MiddlewareHandler<{ Variables: ActorVariables }> {
  return createMiddleware<{ Variables: ActorVariables }>(async (c, next) => {
    const secret = getCookie(c, sessionCookie)
    if (c.req.header('authorization')) c.set('actor', await actorOfToken(db, await verifyToken(c.req.raw)))
    else c.set('actor', secret ? await actorOfSession(db, clock.now(), secret) : null)
    await next()
  })
}
