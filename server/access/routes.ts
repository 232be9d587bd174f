import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { ProblemError } from '../../platform/http/index.ts'
import { logIn as logInBody, type Session, session } from '../../schemas/portal.ts'
import { anyone, users } from './access-rules.ts'
import { actorOf, checkPassword, logOut, openSession } from './accounts/service.ts'
import { type PortalUser, requireUser } from './actors.ts'
import { sessionCookie } from './authenticator.ts'
import { answers, type ServerContext, serverRouter } from './context.ts'
import { createRoute } from './declared-route.ts'

function view(user: PortalUser & { fspId: string | null }, context: ServerContext): Session {
  const { accountId, username, fullName, roles, fspId } = user
  const { environment, clock } = context
  return { accountId, username, fullName, roles: [...roles], fspId, at: clock.now().toString(), environment }
}

/** `/session`: logging in to the portal, asking who one is, and logging out. */
export function sessionRoutes(context: ServerContext) {
  const { db, clock } = context
  const router = serverRouter()
  const body = { content: { 'application/json': { schema: logInBody } }, required: true }
  router.openapi(
    createRoute({
      method: 'post',
      path: '/session',
      access: anyone,
      problems: ['wrong-credentials'],
      tags: ['Session'],
      summary: 'Log in to the portal',
      request: { body },
      responses: answers(session),
    }),
    async (c) => {
      const { username, password } = c.req.valid('json')
      const found = await checkPassword(db, username, password)
      const actor = found && (await actorOf(db, found))
      if (!found || !actor)
        throw new ProblemError('wrong-credentials', 'The user name or the password is wrong. Check both and try again.')
      setCookie(c, sessionCookie, await openSession(db, clock.now(), found.accountId), {
        httpOnly: true,
        sameSite: 'Strict',
        path: '/',
        secure: context.publicUrl.startsWith('https:'),
      })
      return c.json(view(requireUser(actor), context), 200)
    },
  )
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
