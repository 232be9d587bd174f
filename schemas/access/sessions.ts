import { z } from 'zod'
import { anyone, users } from '../vocabulary/access.ts'
import { nothing, operation, redirect } from '../vocabulary/operation.ts'
import { role } from '../vocabulary/roles.ts'
import { instant, uuid } from '../vocabulary/units.ts'

/** What the log-in page sends. `interaction` is the issuer’s name for this log-in, from the page’s own address. */
export const logIn = z
  .object({ username: z.string().min(1), password: z.string().min(1), interaction: z.string().min(1).max(200) })
  .meta({ id: 'LogIn' })

/** Where the browser goes on after a good password. */
export const logInAnswer = z.object({ redirectTo: z.string() }).meta({ id: 'LogInAnswer' })

/** Why a log-in came to nothing, as the log-in page is told in its address. */
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
    /** The server's clock, by which screens tell the time and what is today. */
    at: instant,
    /** `demo` when the system runs on simulated depots with demo accounts. */
    environment: z.enum(['demo', 'live']),
  })
  .meta({ id: 'Session' })
export type Session = z.infer<typeof session>

/** An account that anyone may use where everything is simulated. */
export const demoAccount = z.object({
  username: z.string(),
  password: z.string(),
  fullName: z.string(),
  roles: z.array(role),
})
export type DemoAccount = z.infer<typeof demoAccount>

const tags = ['Session']

/** Logging in to the portal by authorization code and PKCE, and out again. */
export const sessionOperations = {
  readSession: operation({
    method: 'get',
    path: '/session',
    access: users,
    tags,
    summary: 'Who is logged in',
    answer: session,
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
    summary: 'Begin to log in: leads to the issuer',
    query: z.object({ next: z.string().max(2_000).optional() }),
    answer: redirect,
  }),
  completeLogIn: operation({
    method: 'get',
    path: '/session/callback',
    access: anyone,
    tags,
    summary: 'Where the issuer leads back to, with a code',
    answer: redirect,
  }),
  sendPassword: operation({
    method: 'post',
    path: '/session',
    access: anyone,
    tags,
    summary: 'What the log-in page sends: name, password and its interaction',
    description:
      'The answer leads on to the issuer, which leads back to the portal. Only with this server’s own issuer.',
    body: logIn,
    answer: logInAnswer,
    problems: ['wrong-credentials', 'conflict'],
  }),
  logOutAtIssuer: operation({
    method: 'get',
    path: '/session/log-out',
    access: anyone,
    tags,
    summary: 'After logging out here: leads to the issuer’s own end',
    answer: redirect,
  }),
  listDemoAccounts: operation({
    method: 'get',
    path: '/demo-accounts',
    access: anyone,
    tags,
    summary: 'Accounts of the demo',
    answer: z.array(demoAccount),
    problems: ['not-found'],
  }),
}
