import { deleteCookie, getCookie } from 'hono/cookie'
import { type Session, session } from '../../schemas/portal/portal.ts'
import { anyone, users } from '../../schemas/vocabulary/access.ts'
import { answers, createRoute, type PortalUser, requireUser, type ServerContext, serverRouter } from '../kit/index.ts'
import { logOut } from './accounts/service.ts'
import { sessionCookie } from './authenticator.ts'

function view(user: PortalUser & { fspId: string | null }, context: ServerContext): Session {
  const { accountId, username, fullName, roles, fspId } = user
  const { environment, clock } = context
  return { accountId, username, fullName, roles: [...roles], fspId, at: clock.now().toString(), environment }
}

/** `/session`: asking who one is, and logging out. Logging in is in `log-in/`. */
export function sessionRoutes(context: ServerContext) {
  const { db } = context
  const router = serverRouter()
  router.openapi(
    createRoute({
      method: 'get',
      path: '/session',
      access: users,
      tags: ['Session'],
      summary: 'Who is logged in',
      responses: answers(session),
    }),
    (c) => c.json(view(requireUser(c.get('actor')), context), 200),
  )
  router.openapi(
    createRoute({
      method: 'delete',
      path: '/session',
      access: anyone,
      tags: ['Session'],
      summary: 'Log out',
      responses: { 204: { description: 'Logged out' } },
    }),
    async (c) => {
      const secret = getCookie(c, sessionCookie)
      if (secret) await logOut(db, secret)
      deleteCookie(c, sessionCookie, { path: '/' })
      return c.body(null, 204)
    },
  )
  return router
}
