import { z } from 'zod'
import { people } from '../vocabulary/access.ts'
import { nothing, operation } from '../vocabulary/operation.ts'
import { pageOf } from '../vocabulary/paging.ts'
import { role } from '../vocabulary/roles.ts'
import { uuid } from '../vocabulary/units.ts'
import { accountSession } from './own-account.ts'
import { passwordText } from './passwords.ts'

/** A portal account as an administrator saves it. An FSP user and a customer have that role alone, and an FSP or a customer. */
export const accountForm = z
  .object({
    fullName: z.string().min(1).max(200),
    /** If omitted, the present password stays. */
    password: passwordText.optional(),
    roles: z.array(role).min(1).max(role.options.length),
    fspId: uuid.nullable().default(null),
    /** The customer that a `customer` acts for. */
    customerId: uuid.nullable().default(null),
  })
  .refine((a) => a.roles.includes('fsp-user') === (a.fspId !== null), {
    path: ['fspId'],
    message: 'is required for an fsp-user and not allowed otherwise',
  })
  .refine((a) => a.roles.includes('customer') === (a.customerId !== null), {
    path: ['customerId'],
    message: 'is required for a customer and not allowed otherwise',
  })
  .refine((a) => !a.roles.includes('customer') || a.roles.length === 1, {
    path: ['roles'],
    message: 'a customer has no other role',
  })
  .refine((a) => !a.roles.includes('fsp-user') || a.roles.length === 1, {
    path: ['roles'],
    message: 'an fsp-user has no other role',
  })
  .meta({
    id: 'AccountForm',
    example: { fullName: 'Grace Okoro', password: 'a long pass phrase', roles: ['operator'], fspId: null },
  })

/** A portal account; `external` if its person logs in through an external issuer, which decides on its roles. */
export const portalAccount = z
  .object({
    accountId: uuid,
    username: z.string(),
    fullName: z.string(),
    roles: z.array(role),
    fspId: uuid.nullable(),
    customerId: uuid.nullable(),
    external: z.boolean(),
    /** Whether its person may log in. */
    active: z.boolean(),
    hasSecondFactor: z.boolean(),
  })
  .meta({ id: 'PortalAccount' })
export type PortalAccount = z.infer<typeof portalAccount>

const usernameParam = z.object({ username: z.string().regex(/^[a-z0-9][a-z0-9._@-]{0,99}$/) })
const access = people('administrator')
const tags = ['Access']

/** Portal accounts. */
export const accountOperations = {
  listAccounts: operation({
    method: 'get',
    path: '/accounts',
    access,
    tags,
    summary: 'Portal accounts',
    description: 'The whole list in one page.',
    answer: pageOf(portalAccount),
  }),
  changeAccount: operation({
    method: 'put',
    path: '/accounts/{username}',
    access,
    tags,
    summary: 'Create or change a portal account',
    description:
      'A change ends the account’s sessions: its person has to log in again. A new account needs a password.',
    params: usernameParam,
    body: accountForm,
    answer: portalAccount,
    problems: ['conflict'],
    recent: true,
  }),
  setAccountAccess: operation({
    method: 'put',
    path: '/accounts/{username}/access',
    access,
    tags,
    summary: 'Disable an account, or enable it again; disabling ends its sessions at once',
    params: usernameParam,
    body: z.object({ active: z.boolean() }).meta({ id: 'AccountAccess', example: { active: false } }),
    answer: portalAccount,
    problems: ['not-found', 'conflict'],
    recent: true,
  }),
  resetSecondFactor: operation({
    method: 'post',
    path: '/accounts/{username}/second-factor-reset',
    access,
    tags,
    summary: 'Remove a lost second factor, after proof of identity; its person sets up another at the next log-in',
    description:
      'The sessions of the account end. State how the person proved who they are; it is kept in the audit trail.',
    params: usernameParam,
    body: z
      .object({ proof: z.string().min(10).max(500) })
      .meta({ id: 'SecondFactorReset', example: { proof: 'Came to the control room with the staff card.' } }),
    answer: portalAccount,
    problems: ['not-found', 'conflict'],
    recent: true,
  }),
  listAccountSessions: operation({
    method: 'get',
    path: '/accounts/{username}/sessions',
    access,
    tags,
    summary: 'Sessions of an account, the latest first',
    params: usernameParam,
    answer: z.array(accountSession),
    problems: ['not-found'],
  }),
  endAccountSession: operation({
    method: 'delete',
    path: '/accounts/{username}/sessions/{sessionId}',
    access,
    tags,
    summary: 'End one session of an account',
    params: usernameParam.extend({ sessionId: uuid }),
    answer: nothing,
    problems: ['not-found'],
    recent: true,
  }),
  endAccountSessions: operation({
    method: 'delete',
    path: '/accounts/{username}/sessions',
    access,
    tags,
    summary: 'End every session of an account',
    params: usernameParam,
    answer: nothing,
    problems: ['not-found'],
    recent: true,
  }),
}
