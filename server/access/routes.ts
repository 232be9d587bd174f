import { createRoute } from '@hono/zod-openapi'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { ProblemError } from '../../platform/http/index.ts'
import { logIn as logInBody, type Session, session } from '../../schemas/portal.ts'
import { logIn, logOut } from './accounts/service.ts'
import { type Person, requirePerson } from './actors.ts'
import { sessionCookie } from './authenticator.ts'
import { answers, type ServerContext, serverRouter } from './context.ts'

function view(person: Person, environment: Session['environment']): Session {
  const { accountId, username, fullName } = person
  return { accountId, username, fullName, roles: [...person.roles], environment }
}

/** `/session`: logging in to the portal, asking who one is, and logging out. */
export function sessionRoutes(context: ServerContext) {
  const { db, clock, environment } = context
  const router = serverRouter()
  const body = { content: { 'application/json': { schema: logInBody } }, required: true }
  router.openapi(
    createRoute({
      method: 'post',
      path: '/session',
      tags: ['Session'],
      summary: 'Log in to the portal',
      request: { body },
      responses: answers(session),
    }),
    async (c) => {
      const { username, password } = c.req.valid('json')
      const opened = await logIn(db, clock.now(), username, password)
      if (!opened)
        throw new ProblemError('wrong-credentials', 'The user name or the password is wrong. Check both and try again.')
      setCookie(c, sessionCookie, opened.secret, {
        httpOnly: true,
        sameSite: 'Strict',
        path: '/',
        secure: context.publicUrl.startsWith('https:'),
      })
      return c.json(view(opened.person, environment), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/session',
      tags: ['Session'],
      summary: 'Who is logged in',
      responses: answers(session),
    }),
    (c) => c.json(view(requirePerson(c.get('actor')), environment), 200),
  )
  router.openapi(
    createRoute({
      method: 'delete',
      path: '/session',
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
