import { z } from 'zod'
import { people } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { pageOf } from '../vocabulary/paging.ts'
import { role } from '../vocabulary/roles.ts'
import { uuid } from '../vocabulary/units.ts'
import { passwordText } from './passwords.ts'

/** A portal account as an administrator saves it. An FSP user has that role alone, and an FSP. */
export const accountForm = z
  .object({
    fullName: z.string().min(1).max(200),
    /** If omitted, the present password stays. */
    password: passwordText.optional(),
    roles: z.array(role).min(1).max(role.options.length),
    fspId: uuid.nullable().default(null),
  })
  .refine((a) => a.roles.includes('fsp-user') === (a.fspId !== null), {
    path: ['fspId'],
    message: 'is required for an fsp-user and not allowed otherwise',
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
    external: z.boolean(),
  })
  .meta({ id: 'PortalAccount' })
export type PortalAccount = z.infer<typeof portalAccount>

/** An API client of an FSP, a gateway or a customer's monitor. */
export const apiClient = z
  .object({
    clientId: z.string(),
    kind: z.enum(['fsp', 'gateway']),
    /** The FSP or gateway that it acts for. */
    subjectId: z.string(),
    authentication: z.enum(['client_secret_basic', 'private_key_jwt']),
    scopes: z.array(z.string()),
    active: z.boolean(),
  })
  .meta({ id: 'ApiClient' })
export type ApiClient = z.infer<typeof apiClient>

/** Whether a client may fetch tokens and use them. */
export const clientAccess = z.object({ active: z.boolean() }).meta({ id: 'ClientAccess', example: { active: false } })

const usernameParam = z.object({ username: z.string().regex(/^[a-z0-9][a-z0-9._@-]{0,99}$/) })
const clientParam = z.object({ clientId: z.string().max(200) })
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
  }),
}

/** Clients of the API: the programs that call it. */
export const clientOperations = {
  listClients: operation({
    method: 'get',
    path: '/clients',
    access,
    tags,
    summary: 'Clients of FSPs, gateways and customers’ monitors',
    description: 'The whole list in one page.',
    answer: pageOf(apiClient),
  }),
  setClientAccess: operation({
    method: 'put',
    path: '/clients/{clientId}/access',
    access,
    tags,
    summary: 'Block a client, or admit it again',
    description: 'A blocked client gets no tokens, and the ones that it holds stop working.',
    params: clientParam,
    body: clientAccess,
    answer: apiClient,
    problems: ['not-found'],
  }),
  revokeTokens: operation({
    method: 'post',
    path: '/clients/{clientId}/token-revocation',
    access,
    tags,
    summary: 'Revoke every access token that a client holds; it may fetch new ones',
    params: clientParam,
    answer: apiClient,
    problems: ['not-found'],
  }),
}
