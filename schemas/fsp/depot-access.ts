import { z } from 'zod'
import { anyone, depotPeople } from '../vocabulary/access.ts'
import { nothing, operation } from '../vocabulary/operation.ts'
import { numberedPages, pageOf } from '../vocabulary/paging.ts'
import { depotFeed, depotRole } from '../vocabulary/roles.ts'
import { instant, instantOrNull, uuid } from '../vocabulary/units.ts'

const depotIds = z.array(z.string().min(1).max(100)).min(1).max(1_000)
const anyDepotIds = z.array(z.string().min(1).max(100)).max(1_000)

/**
 * An account's role, and the depots that it is for: it sees them, and changes there what its role may; `null`: all of them. A sys-admin is
 * for all. `seesDepotIds` are those that it only sees; `null`: all of them.
 */
const rights = { role: depotRole, depotIds: depotIds.nullable(), seesDepotIds: anyDepotIds.nullable() }
/** The same where an account is made or changed: without a word about them, it sees no further depots. */
const givenRights = { ...rights, seesDepotIds: rights.seesDepotIds.default([]) }
const fullName = z.string().min(1).max(200)

/** A new password: its length decides, not its characters (OWASP ASVS 5.0, 6.2.1, 6.2.5, 6.2.9). */
const newPassword = z.string().min(12).max(128)
/** What is compared with a password. */
const givenPassword = z.string().max(512)

/** Somebody with an account at the FSP. */
export const depotAccount = z
  .object({ accountId: uuid, username: z.string(), fullName: z.string(), ...rights, isDisabled: z.boolean() })
  .meta({ id: 'DepotAccount' })
export type DepotAccount = z.infer<typeof depotAccount>

/** A new account. */
export const newDepotAccount = z.object({
  username: z.string().regex(/^[a-z0-9][a-z0-9._@-]{0,99}$/),
  fullName,
  password: newPassword,
  ...givenRights,
})
export type NewDepotAccount = z.input<typeof newDepotAccount>

/** A demo person with a public password. They exist only in demo mode. */
export const demoDepotAccount = newDepotAccount.extend({ password: z.string() })

/** A program's key for one feed of some depots. */
export const depotKey = z
  .object({
    keyId: uuid,
    name: z.string(),
    feed: depotFeed,
    /** `null`: all depots, for a key that was given at the start of the FSP. */
    depotIds: depotIds.nullable(),
    createdBy: z.string(),
    createdAt: instant,
    /** `null`: it does not expire. */
    expiresAt: instantOrNull,
    revokedAt: instantOrNull,
    lastUsedAt: instantOrNull,
  })
  .meta({ id: 'DepotKey' })
export type DepotKey = z.infer<typeof depotKey>

/** A key with its secret, which is shown this once. */
const shownKey = depotKey.extend({ secret: z.string() }).meta({ id: 'ShownDepotKey' })

/** Who is logged in, at whose FSP, and what that FSP runs: depots, or vans and heat pumps at homes. */
const session = z
  .object({
    /** The FSP's present time. */
    at: instant,
    company: z.string(),
    runs: z.enum(['depots', 'homes']),
    username: z.string(),
    fullName: z.string(),
    ...rights,
  })
  .meta({ id: 'DepotSession' })
export type DepotSession = z.infer<typeof session>

const keyParams = z.object({ keyId: uuid })
const tags = ['Access']
const access = depotPeople('sys-admin')

/** Who and what may use the depot API: log-in, accounts, keys, and the record of what people did. */
export const depotAccessOperations = {
  logIn: operation({
    method: 'post',
    path: '/session',
    access: anyone,
    tags,
    summary: 'Log in',
    description: 'The token is the bearer token of further requests. It ends when it has not been used for an hour.',
    body: z.object({ username: z.string().max(100), password: givenPassword }),
    answer: z.object({ token: z.string(), expiresAt: instant }),
    problems: ['wrong-credentials', 'too-many-attempts'],
  }),
  readSession: operation({
    method: 'get',
    path: '/session',
    access: depotPeople(),
    tags,
    summary: 'Who is logged in',
    answer: session,
  }),
  logOut: operation({
    method: 'delete',
    path: '/session',
    access: depotPeople(),
    tags,
    summary: 'Log out',
    answer: nothing,
  }),
  changePassword: operation({
    method: 'put',
    path: '/session/password',
    access: depotPeople(),
    tags,
    summary: 'Change one’s own password',
    description: 'Ends every session of the account.',
    body: z.object({ present: givenPassword, next: newPassword }),
    answer: nothing,
    problems: ['wrong-credentials', 'too-many-attempts'],
  }),
  listDepotAccounts: operation({
    method: 'get',
    path: '/accounts',
    access,
    tags,
    summary: 'Accounts',
    answer: z.array(depotAccount),
  }),
  createDepotAccount: operation({
    method: 'post',
    path: '/accounts',
    access,
    tags,
    summary: 'Create an account',
    body: newDepotAccount,
    answer: depotAccount,
    problems: ['conflict'],
  }),
  changeDepotAccount: operation({
    method: 'put',
    path: '/accounts/{accountId}',
    access,
    tags,
    summary: 'Change or disable an account',
    description: 'Ends the account’s sessions. One sys-admin always remains. Without a password the present one stays.',
    params: z.object({ accountId: uuid }),
    body: z.object({ fullName, ...givenRights, isDisabled: z.boolean(), password: newPassword.optional() }),
    answer: depotAccount,
    problems: ['not-found', 'conflict'],
  }),
  listDepotKeys: operation({
    method: 'get',
    path: '/keys',
    access,
    tags,
    summary: 'Keys of programs',
    answer: z.array(depotKey),
  }),
  createDepotKey: operation({
    method: 'post',
    path: '/keys',
    access,
    tags,
    summary: 'Create a key',
    body: z.object({
      name: z.string().min(1).max(100),
      feed: depotFeed,
      depotIds,
      validDays: z.number().int().min(1).max(400).default(365),
    }),
    answer: shownKey,
  }),
  rotateDepotKey: operation({
    method: 'post',
    path: '/keys/{keyId}/rotation',
    access,
    tags,
    summary: 'Replace a key',
    description: 'Both keys are accepted for the overlap; then the old one ends.',
    params: keyParams,
    body: z.object({ overlapHours: z.number().int().min(0).max(168).default(24) }),
    answer: shownKey,
    problems: ['not-found', 'conflict'],
  }),
  revokeDepotKey: operation({
    method: 'delete',
    path: '/keys/{keyId}',
    access,
    tags,
    summary: 'Revoke a key at once',
    params: keyParams,
    answer: nothing,
    problems: ['not-found'],
  }),
  listDepotAudit: operation({
    method: 'get',
    path: '/audit',
    access,
    tags,
    summary: 'What people did, the newest first',
    query: numberedPages,
    answer: pageOf(
      z.object({
        at: instant,
        actor: z.string(),
        actorId: z.string(),
        action: z.string(),
        subject: z.string(),
        detail: z.record(z.string(), z.unknown()),
      }),
    ),
  }),
}
