import { z } from 'zod'
import { users } from '../vocabulary/access.ts'
import { nothing, operation } from '../vocabulary/operation.ts'
import { instant, uuid } from '../vocabulary/units.ts'
import { longestPasswordText, passwordText } from './passwords.ts'

/** What an account lacks before its person may do anything else. */
export const accountNeed = z.enum(['password-change', 'second-factor'])
export type AccountNeed = z.infer<typeof accountNeed>

/** A password that is only compared. */
const givenPassword = z.string().min(1).max(longestPasswordText)

/** Six digits of an authenticator app, or a recovery code. */
export const factorCode = z.string().min(6).max(40)

/** One's own account. */
export const ownAccount = z
  .object({
    accountId: uuid,
    username: z.string(),
    fullName: z.string(),
    /** Whether an external issuer checks password and second factor. */
    external: z.boolean(),
    needs: accountNeed.nullable(),
    /** When the second factor was set up; `null` without one. */
    secondFactorSince: instant.nullable(),
    recoveryCodesLeft: z.number().int(),
    /** Whether everybody needs a second factor here, so that it can be replaced but not removed. */
    secondFactorRequired: z.boolean(),
  })
  .meta({ id: 'OwnAccount' })
export type OwnAccount = z.infer<typeof ownAccount>

/** A session of an account. */
export const accountSession = z
  .object({
    sessionId: uuid,
    /** Whether it is the one that asks. */
    current: z.boolean(),
    createdAt: instant,
    lastSeenAt: instant,
    expiresAt: instant,
    address: z.string().nullable(),
    agent: z.string().nullable(),
  })
  .meta({ id: 'AccountSession' })
export type AccountSession = z.infer<typeof accountSession>

/** Password, and code if a second factor is set up. */
export const proof = z.object({ password: givenPassword, code: factorCode.optional() }).meta({ id: 'IdentityProof' })

const passwordChange = z
  .object({ current: givenPassword, password: passwordText, code: factorCode.optional() })
  .meta({ id: 'PasswordChange' })

/** A secret for an authenticator app: as text, and as the address in its QR code. */
const factorSecret = z.object({ secret: z.string(), uri: z.string() }).meta({ id: 'SecondFactorSecret' })

/** Codes that work once each in place of the app. They are shown once. */
const recoveryCodes = z.object({ recoveryCodes: z.array(z.string()) }).meta({ id: 'RecoveryCodes' })

const tags = ['Own account']
const access = users

/** What people do with their own accounts. Those that a new account needs are open to it before all else. */
export const ownAccountOperations = {
  readOwnAccount: operation({
    method: 'get',
    path: '/account',
    access,
    tags,
    summary: 'Own account, and what it still needs',
    answer: ownAccount,
    openToIncomplete: true,
  }),
  changePassword: operation({
    method: 'post',
    path: '/account/password',
    access,
    tags,
    summary: 'Change one’s password; all other sessions end',
    description: 'Refuses passwords that are easy to guess or known from breaches.',
    body: passwordChange,
    answer: nothing,
    problems: ['wrong-credentials', 'second-factor-needed', 'too-many-attempts', 'conflict'],
    openToIncomplete: true,
  }),
  beginSecondFactor: operation({
    method: 'post',
    path: '/account/second-factor',
    access,
    tags,
    summary: 'Get a secret for an authenticator app (TOTP, RFC 6238)',
    description: 'It counts once a code confirms it; until then the present second factor stays.',
    body: proof,
    answer: factorSecret,
    problems: ['wrong-credentials', 'second-factor-needed', 'too-many-attempts', 'conflict'],
    openToIncomplete: true,
  }),
  confirmSecondFactor: operation({
    method: 'post',
    path: '/account/second-factor/confirmation',
    access,
    tags,
    summary: 'Confirm the authenticator app with a code; the answer has recovery codes; all other sessions end',
    body: z.object({ code: factorCode }).meta({ id: 'SecondFactorConfirmation', example: { code: '492039' } }),
    answer: recoveryCodes,
    problems: ['wrong-credentials', 'conflict'],
    openToIncomplete: true,
  }),
  removeSecondFactor: operation({
    method: 'delete',
    path: '/account/second-factor',
    access,
    tags,
    summary: 'Remove the second factor, where it is not required; all other sessions end',
    answer: nothing,
    problems: ['conflict'],
    recent: true,
  }),
  listOwnSessions: operation({
    method: 'get',
    path: '/account/sessions',
    access,
    tags,
    summary: 'Own sessions, the latest first',
    answer: z.array(accountSession),
  }),
  endOwnSession: operation({
    method: 'delete',
    path: '/account/sessions/{sessionId}',
    access,
    tags,
    summary: 'End one of one’s sessions',
    params: z.object({ sessionId: uuid }),
    answer: nothing,
    problems: ['not-found'],
    recent: true,
  }),
  confirmIdentity: operation({
    method: 'post',
    path: '/session/confirmation',
    access,
    tags,
    summary: 'Authenticate again, for acts that need a recent authentication',
    description: 'The session goes on under a new cookie.',
    body: proof,
    answer: nothing,
    problems: ['wrong-credentials', 'second-factor-needed', 'too-many-attempts', 'conflict'],
  }),
}
