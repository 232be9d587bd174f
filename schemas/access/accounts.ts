import { z } from 'zod'
import { people } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { pageOf } from '../vocabulary/paging.ts'
import { role } from '../vocabulary/roles.ts'
import { uuid } from '../vocabulary/units.ts'

/** A portal account as an administrator saves it. An FSP user has that role alone, and an FSP. */
export const accountForm = z
  .object({
    fullName: z.string().min(1).max(200),
    /** Left out, the present password stays. */
    password: z.string().min(12).max(200).optional(),
    roles: z.array(role).min(1),
    fspId: uuid.nullable().default(null),
  })
  .refine((a) => a.roles.includes('fsp-user') === (a.fspId !== null), {
    path: ['fspId'],
    message: 'must be given for an fsp-user, and for nobody else',
  })
  .refine((a) => !a.roles.includes('fsp-user') || a.roles.length === 1, {
    path: ['roles'],
    message: 'an fsp-user has no other role',
  })
  .meta({
    id: 'AccountForm',
    example: { fullName: 'Grace Okoro', password: 'a long pass phrase', roles: ['operator'], fspId: null },
  })

/** A portal account; `external` when its person logs in by an issuer elsewhere, who decides on its roles. */
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

/** A client of the API, of an FSP, a gateway or a customer's monitor. */
export const apiClient = z
  .object({
    clientId: z.string(),
    kind: z.enum(['fsp', 'gateway']),
    /** The FSP or gateway that it speaks for. */
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
    summary: 'Make a portal account, or change one',
    description: 'A person who is logged in with a changed account logs in again. A new account needs a password.',
    params: usernameParam,
    body: accountForm,
    answer: portalAccount,
    problems: ['conflict'],
  }),
}

/** Clients of the API, by which programs come in. */
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
    summary: 'Shut a client out, or let it in again',
    description: 'From then on it gets no token, and those that it holds open nothing.',
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
