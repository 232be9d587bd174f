import { z } from 'zod'
import { people } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { pageOf } from '../vocabulary/paging.ts'
import { scopes } from '../vocabulary/roles.ts'
import { instant, instantOrNull, uuid } from '../vocabulary/units.ts'
import { providerId } from './data-providers.ts'
import { publicJwk, publicJwks } from './keys.ts'

/** What a client proves who it is with: a secret, or a key of which only the public part is here. */
export const clientCredential = z
  .object({
    credentialId: uuid,
    kind: z.enum(['secret', 'key']),
    /** The identifier that the client puts into its assertions; `null` for a secret. */
    kid: z.string().nullable(),
    createdAt: instant,
    /** From then on it opens nothing; `null`: until somebody ends it. */
    expiresAt: instantOrNull,
    lastUsedAt: instantOrNull,
  })
  .meta({ id: 'ClientCredential' })

/** An API client of an FSP, a customer, a data provider, a gateway or a customer's monitor. */
export const apiClient = z
  .object({
    clientId: z.string(),
    kind: z.enum(['fsp', 'customer', 'provider', 'gateway']),
    /** The FSP, customer, data provider or gateway that it acts for. */
    subjectId: z.string(),
    authentication: z.enum(['client_secret_basic', 'private_key_jwt']),
    scopes: z.array(z.string()),
    active: z.boolean(),
    /** Whether it gets tokens only with a proof of its own key (DPoP, RFC 9449), so that a stolen token is worth nothing. */
    requiresDpop: z.boolean(),
    /** Whether it may authenticate with a secret. */
    secretsAllowed: z.boolean(),
    /** When it last fetched a token. */
    lastUsedAt: instantOrNull,
    credentials: z.array(clientCredential),
  })
  .meta({ id: 'ApiClient' })
export type ApiClient = z.infer<typeof apiClient>

/** Whether a client may fetch tokens and use them, and what it must use for that. What is omitted stays. */
export const clientAccess = z
  .object({ active: z.boolean(), requiresDpop: z.boolean().optional(), secretsAllowed: z.boolean().optional() })
  .meta({ id: 'ClientAccess', example: { active: false } })

/** A gateway's, a customer's or a data provider's client. Clients of FSPs come from their applications, and those of monitors from `registerMonitor`. */
export const newClient = z
  .object({
    clientId: z
      .string()
      .max(100)
      .regex(
        /^(?!fsp-|monitor-)[A-Za-z0-9][A-Za-z0-9._-]*$/,
        'must be letters and digits, and not start with fsp- or monitor-',
      ),
    authentication: z.discriminatedUnion('method', [
      z.object({ method: z.literal('private_key_jwt'), jwks: publicJwks }),
      z.object({ method: z.literal('client_secret_basic') }),
    ]),
    requiresDpop: z.boolean().default(false),
    /** The customer whose client it is: it reads that customer’s sites and is no gateway. */
    customerId: uuid.nullable().default(null),
    /** The data provider whose client it is: it delivers to the feeds that name that provider, and does nothing else. */
    providerId: providerId.nullable().default(null),
  })
  .refine(({ customerId, providerId }) => customerId === null || providerId === null, {
    path: ['providerId'],
    message: 'must be absent for a customer’s client: a client acts for one of them',
  })
  .meta({ id: 'NewClient', example: { clientId: 'gateway-north', authentication: { method: 'client_secret_basic' } } })

const overlap = {
  /** When this client's other credentials end: now for a secret that has leaked, in a week for a rotation; omitted: they stay as they are. */
  othersEndAt: instant.optional(),
  /** When the new one ends: at most a year from now for a secret, which is also what an omitted one means. */
  expiresAt: instant.optional(),
}

export const newKey = z
  .object({ jwk: publicJwk, ...overlap })
  .meta({ id: 'NewKey', example: { jwk: publicJwk.meta()?.['example'], othersEndAt: '2026-01-22T12:00:00Z' } })
export const newSecret = z.object(overlap).meta({ id: 'NewSecret', example: { othersEndAt: '2026-01-22T12:00:00Z' } })

const withSecret = z
  .object({ ...apiClient.shape, clientSecret: z.string().nullable() })
  .meta({ id: 'ApiClientWithSecret', description: 'The secret is shown only this once.' })

const clientParam = z.object({ clientId: z.string().max(200) })
const access = people('administrator')
/** Administrators for any client; an FSP for its own, with a token for nothing but that. */
const ownersAccess = { people: ['administrator'], fsp: 'credentials' } as const
const tags = ['Access']

/** Clients of the API: the programs that call it. */
export const clientOperations = {
  listClients: operation({
    method: 'get',
    path: '/clients',
    access: ownersAccess,
    tags,
    summary: 'Clients of FSPs, customers, data providers, gateways and customers’ monitors',
    description: 'The whole list in one page. An FSP sees its own.',
    answer: pageOf(apiClient),
  }),
  makeClient: operation({
    method: 'post',
    path: '/clients',
    access,
    tags,
    summary: 'Create the client of a gateway, of a customer, or of a data provider',
    description: `It gets the scope ${scopes[2]}, ${scopes[4]} or ${scopes[5]}. Prefer private_key_jwt: then no secret of it is here.`,
    body: newClient,
    answer: withSecret,
    problems: ['conflict'],
    idempotent: { shownOnce: ['clientSecret'] },
  }),
  addClientKey: operation({
    method: 'post',
    path: '/clients/{clientId}/keys',
    access: ownersAccess,
    tags,
    summary: 'Give a client another key',
    description:
      'Old and new key are both taken until `othersEndAt`, so that a client rotates its key without an outage. From its first key on a client’s secrets are refused.',
    params: clientParam,
    body: newKey,
    answer: apiClient,
    problems: ['not-found', 'conflict'],
    idempotent: true,
  }),
  addClientSecret: operation({
    method: 'post',
    path: '/clients/{clientId}/secrets',
    access: ownersAccess,
    tags,
    summary: 'Give a client another secret',
    description: 'Old and new secret are both taken until `othersEndAt`. The secret is shown only this once.',
    params: clientParam,
    body: newSecret,
    answer: withSecret,
    problems: ['not-found', 'conflict'],
    idempotent: { shownOnce: ['clientSecret'] },
  }),
  endClientCredential: operation({
    method: 'delete',
    path: '/clients/{clientId}/credentials/{credentialId}',
    access: ownersAccess,
    tags,
    summary: 'End a key or a secret at once',
    params: clientParam.extend({ credentialId: uuid }),
    answer: apiClient,
    problems: ['not-found', 'conflict'],
  }),
  setClientAccess: operation({
    method: 'put',
    path: '/clients/{clientId}/access',
    access,
    tags,
    summary: 'Block a client, or admit it again; require sender-constrained tokens of it',
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
