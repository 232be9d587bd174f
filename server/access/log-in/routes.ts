import { z } from '@hono/zod-openapi'
import { getCookie, setCookie } from 'hono/cookie'
import { messageOf } from '../../../platform/errors/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { LogInAttempt, RelyingParty } from '../../../platform/oauth/index.ts'
import { logInAnswer, logIn as logInBody } from '../../../schemas/portal/portal.ts'
import { anyone } from '../../../schemas/vocabulary/access.ts'
import { answers, createRoute, type ServerContext, serverRouter } from '../../kit/index.ts'
import { accountOfExternal, actorOf, checkPassword, findAccount, openSession } from '../accounts/service.ts'
import { sessionCookie } from '../authenticator.ts'
import { type ClaimMapping, identityOf, pathAfterLogIn } from './rules.ts'

/** By whom people log in to the portal. */
export interface PortalLogIn {
  relyingParty: RelyingParty
  /** Of this server's own issuer: ends the interaction that the log-in page is for. `null` with an issuer elsewhere. */
  finishInteraction: ((interaction: string, accountId: string) => Promise<string | null>) | null
  /** Of an issuer elsewhere: its name, and what its claims mean here. `null` with this server’s own. */
  external: { issuer: string; mapping: ClaimMapping } | null
}

/** Remembers an attempt in the browser that made it, and in no other: whoever is led to the callback without it logs in nobody. */
const attemptCookie = 'ringmain_log_in'
const attemptLifeS = 1_800

interface Remembered extends LogInAttempt {
  next: string
}

const tags = ['Session']
const redirection = { 302: { description: 'Go on there' } }

/** Logging in to the portal by authorization code and PKCE: out to the issuer, back with a code, and a cookie for the session. */
export function logInRoutes(context: ServerContext, { relyingParty, finishInteraction, external }: PortalLogIn) {
  const { db, clock, secrets, publicUrl, log } = context
  const router = serverRouter()
  const cookieOptions = { httpOnly: true, secure: publicUrl.startsWith('https:') }

  router.openapi(
    createRoute({
      method: 'get',
      path: '/session/log-in',
      tags,
      summary: 'Begin to log in: leads to the issuer',
      access: anyone,
      request: { query: z.object({ next: z.string().max(2_000).optional() }) },
      responses: redirection,
    }),
    async (c) => {
      const next = pathAfterLogIn(c.req.valid('query').next)
      try {
        const { url, attempt } = await relyingParty.begin()
        const remembered: Remembered = { ...attempt, next }
        // Lax: the issuer may live elsewhere, and its redirection back has to bring the cookie along.
        setCookie(c, attemptCookie, secrets.seal(JSON.stringify(remembered)), {
          ...cookieOptions,
          sameSite: 'Lax',
          path: '/api/session',
          maxAge: attemptLifeS,
        })
        return c.redirect(url)
      } catch (error) {
        log.error({ err: error }, 'the issuer cannot be reached for a log-in')
        return c.redirect('/log-in?fault=unreachable')
      }
    },
  )

  router.openapi(
    createRoute({
      method: 'get',
      path: '/session/callback',
      tags,
      summary: 'Where the issuer leads back to, with a code',
      access: anyone,
      responses: redirection,
    }),
    async (c) => {
      const sealed = getCookie(c, attemptCookie)
      setCookie(c, attemptCookie, '', { ...cookieOptions, sameSite: 'Lax', path: '/api/session', maxAge: 0 })
      const remembered = sealed ? openAttempt(sealed) : null
      if (!remembered) return c.redirect('/log-in?fault=expired')
      const callback = new URL(`${publicUrl}/api/session/callback`)
      callback.search = new URL(c.req.url).search
      const outcome = await complete(callback, remembered)
      if (!outcome.ok) return c.redirect(`/log-in?fault=${outcome.reason}`)
      setCookie(c, sessionCookie, await openSession(db, clock.now(), outcome.accountId), {
        ...cookieOptions,
        sameSite: 'Strict',
        path: '/',
      })
      return c.redirect(pathAfterLogIn(remembered.next))
    },
  )

  router.openapi(
    createRoute({
      method: 'post',
      path: '/session',
      tags,
      summary: 'What the log-in page sends: name, password and its interaction',
      description:
        'The answer leads on to the issuer, which leads back to the portal. Only with this server’s own issuer.',
      access: anyone,
      problems: ['wrong-credentials', 'conflict'],
      request: { body: { content: { 'application/json': { schema: logInBody } }, required: true } },
      responses: answers(logInAnswer),
    }),
    async (c) => {
      const { username, password, interaction } = c.req.valid('json')
      const found = finishInteraction && (await checkPassword(db, username, password))
      if (!finishInteraction || !found || !(await actorOf(db, found)))
        throw new ProblemError('wrong-credentials', 'The user name or the password is wrong. Check both and try again.')
      const redirectTo = await finishInteraction(interaction, found.accountId)
      if (redirectTo === null) throw new ProblemError('conflict', 'This log-in page has grown too old: begin again.')
      return c.json({ redirectTo }, 200)
    },
  )

  router.openapi(
    createRoute({
      method: 'get',
      path: '/session/log-out',
      tags,
      summary: 'After logging out here: leads to the issuer’s own end',
      access: anyone,
      responses: redirection,
    }),
    async (c) => {
      const page = `${publicUrl}/log-in`
      const url = external ? await relyingParty.logOutUrl(page).catch(() => null) : null
      return c.redirect(url ?? '/log-in')
    },
  )

  function openAttempt(sealed: string): Remembered | null {
    try {
      return JSON.parse(secrets.open(sealed))
    } catch {
      return null
    }
  }

  async function complete(
    callback: URL,
    attempt: LogInAttempt,
  ): Promise<{ ok: true; accountId: string } | { ok: false; reason: 'refused' | 'no-role' }> {
    try {
      const claims = await relyingParty.complete(callback, attempt)
      if (!external) {
        const found = await findAccount(db, claims.sub)
        return found ? { ok: true, accountId: found.accountId } : { ok: false, reason: 'refused' }
      }
      const read = identityOf(claims, external.mapping)
      if (!read.ok) {
        log.warn({ subject: claims.sub }, 'somebody whom the issuer gives no role here tried to log in')
        return { ok: false, reason: read.reason }
      }
      return { ok: true, accountId: await accountOfExternal(db, external.issuer, claims.sub, read.identity) }
    } catch (error) {
      log.warn({ reason: messageOf(error) }, 'a log-in was not completed')
      return { ok: false, reason: 'refused' }
    }
  }

  return router
}
