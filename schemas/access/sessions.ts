import { z } from 'zod'
import { anyone, users } from '../vocabulary/access.ts'
import { nothing, operation, redirect } from '../vocabulary/operation.ts'
import { role } from '../vocabulary/roles.ts'
import { instant, uuid } from '../vocabulary/units.ts'
import { accountNeed, factorCode } from './own-account.ts'
import { longestPasswordText } from './passwords.ts'

/**
 * What the log-in page sends. `interaction` is the issuer’s identifier of this log-in, from the page’s address. No account has a longer
 * user name or password (`passwordText`), and nobody makes the server hash a longer text.
 */
export const logIn = z
  .object({
    username: z.string().min(1).max(200),
    password: z.string().min(1).max(longestPasswordText),
    /** Of the authenticator app, or a recovery code; for accounts with a second factor. */
    code: factorCode.optional(),
    interaction: z.string().min(1).max(200),
  })
  .meta({ id: 'LogIn' })

/** A browser's cookies belong to one host, and over HTTPS to no other, by this prefix (RFC 6265bis, 4.1.3.2; OWASP ASVS 5.0, 3.3.1). */
export function cookieNameAt(publicUrl: string, name: string): string {
  return publicUrl.startsWith('https:') ? `__Host-${name}` : name
}

/** The name of the cookie that holds a person's session. @param publicUrl of the server. */
export function sessionCookieAt(publicUrl: string): string {
  return cookieNameAt(publicUrl, 'ringmain_session')
}

/** Where the browser continues after a correct password. */
export const logInAnswer = z.object({ redirectTo: z.string() }).meta({ id: 'LogInAnswer' })

/** Why a log-in failed, as stated in the log-in page's address. */
export const logInFault = z.enum(['expired', 'refused', 'no-role', 'unreachable'])
export type LogInFault = z.infer<typeof logInFault>

export const session = z
  .object({
    accountId: uuid,
    username: z.string(),
    fullName: z.string(),
    roles: z.array(role),
    /** The FSP that an `fsp-user` acts for; `null` for people of the DNO. */
    fspId: uuid.nullable(),
    /** The customer that a `customer` acts for. */
    customerId: uuid.nullable(),
    /** What the account needs before its person may do anything else. */
    needs: accountNeed.nullable(),
    /** The server's clock, which screens use for the time and the date. */
    at: instant,
    /** `demo` when the system runs on simulated depots with demo accounts. */
    environment: z.enum(['demo', 'live']),
  })
  .meta({ id: 'Session' })
export type Session = z.infer<typeof session>

/** An account that anyone may use when everything is simulated. */
export const demoAccount = z.object({
  username: z.string(),
  password: z.string(),
  fullName: z.string(),
  roles: z.array(role),
})
export type DemoAccount = z.infer<typeof demoAccount>

const tags = ['Session']

/** Log-in to the portal by authorization code and PKCE, and log-out. */
export const sessionOperations = {
  readSession: operation({
    method: 'get',
    path: '/session',
    access: users,
    tags,
    summary: 'Who is logged in',
    answer: session,
    openToIncomplete: true,
  }),
  logOut: operation({
    method: 'delete',
    path: '/session',
    access: anyone,
    tags,
    summary: 'Log out',
    answer: nothing,
  }),
  beginLogIn: operation({
    method: 'get',
    path: '/session/log-in',
    access: anyone,
    tags,
    summary: 'Start a log-in: redirects to the issuer',
    query: z.object({
      next: z.string().max(2_000).optional(),
      again: z
        .literal('true')
        .optional()
        .meta({ description: 'Authenticate again, even if the issuer still knows the person' }),
    }),
    answer: redirect,
  }),
  completeLogIn: operation({
    method: 'get',
    path: '/session/callback',
    access: anyone,
    tags,
    summary: 'Callback that the issuer redirects to, with a code',
    answer: redirect,
  }),
  sendPassword: operation({
    method: 'post',
    path: '/session',
    access: anyone,
    tags,
    summary: 'Submit the log-in page: name, password and its interaction',
    description:
      'The answer redirects to the issuer, which redirects back to the portal. Only with this server’s own issuer, and only from the browser ' +
      'that began this log-in. After too many attempts `Retry-After` states when the next one is accepted.',
    body: logIn,
    answer: logInAnswer,
    problems: [
      'wrong-credentials',
      'second-factor-needed',
      'conflict',
      'foreign-origin',
      'too-many-attempts',
      'unavailable',
    ],
  }),
  logOutAtIssuer: operation({
    method: 'get',
    path: '/session/log-out',
    access: anyone,
    tags,
    summary: 'After logging out here: redirects to the issuer’s own log-out',
    answer: redirect,
  }),
  listDemoAccounts: operation({
    method: 'get',
    path: '/demo-accounts',
    access: anyone,
    tags,
    summary: 'Demo accounts',
    answer: z.array(demoAccount),
    problems: ['not-found'],
  }),
}
