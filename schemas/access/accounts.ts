import { z } from 'zod'
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

/** Whether a client may fetch tokens and use them. */
export const clientAccess = z.object({ active: z.boolean() }).meta({ id: 'ClientAccess', example: { active: false } })
