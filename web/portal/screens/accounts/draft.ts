import { z } from 'zod'
import type { PortalAccount } from '../../../../schemas/access/accounts.ts'
import { passwordText } from '../../../../schemas/access/passwords.ts'
import { type Role, role } from '../../../../schemas/vocabulary/roles.ts'
import { usernameText } from './username.ts'

/** For whom somebody acts: the network operator, an FSP or a customer. */
export type Side = 'dno' | 'fsp' | 'customer'

/** What people of the network operator may be. */
export const dnoRoles: readonly Role[] = role.options.filter((one) => one !== 'fsp-user' && one !== 'customer')

/** An account as a form has it. */
export interface AccountDraft {
  username: string
  fullName: string
  /** Empty: the present one stays. */
  password: string
  side: Side
  /** Of the network operator; kept while another side is chosen, so that choosing back loses nothing. */
  roles: readonly Role[]
  fspId: string
  customerId: string
}

/** A form for a new account, or for one that is there. */
export function draftOf(account: PortalAccount | null): AccountDraft {
  if (!account) return { username: '', fullName: '', password: '', side: 'dno', roles: [], fspId: '', customerId: '' }
  const { username, fullName, roles, fspId, customerId } = account
  return {
    username,
    fullName,
    password: '',
    side: fspId !== null ? 'fsp' : customerId !== null ? 'customer' : 'dno',
    roles: roles.filter((one) => dnoRoles.includes(one)),
    fspId: fspId ?? '',
    customerId: customerId ?? '',
  }
}

/** The rules of a form, in words for the person who fills it in. @param taken user names that are in use */
export function accountRules(isNew: boolean, taken: readonly string[]) {
  const given = z.string().refine((text) => passwordText.safeParse(text).success, 'must have 12 to 128 characters')
  const password = isNew ? given : z.union([z.literal(''), given])
  return z
    .object({
      username: usernameText.refine((name) => !taken.includes(name), 'is the user name of another account'),
      fullName: z.string().trim().min(1, 'Enter the name as colleagues know it.').max(200),
      password,
      side: z.enum(['dno', 'fsp', 'customer']),
      roles: z.array(role),
      fspId: z.string(),
      customerId: z.string(),
    })
    .refine(({ side, roles }) => side !== 'dno' || roles.length > 0, {
      path: ['roles'],
      message: 'Choose at least one.',
    })
    .refine(({ side, fspId }) => side !== 'fsp' || fspId !== '', { path: ['fspId'], message: 'Choose the FSP.' })
    .refine(({ side, customerId }) => side !== 'customer' || customerId !== '', {
      path: ['customerId'],
      message: 'Choose the customer.',
    })
}

/** The account as it is sent. */
export function bodyOf({ fullName, password, side, roles, fspId, customerId }: AccountDraft) {
  return {
    fullName: fullName.trim(),
    ...(password === '' ? {} : { password }),
    roles: side === 'dno' ? [...roles] : [side === 'fsp' ? ('fsp-user' as const) : ('customer' as const)],
    fspId: side === 'fsp' ? fspId : null,
    customerId: side === 'customer' ? customerId : null,
  }
}
