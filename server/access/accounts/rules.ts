import type { AccountNeed } from '../../../schemas/access/own-account.ts'
import { brokenField, type Refusal } from '../../../schemas/vocabulary/outcome.ts'

/**
 * Why an account cannot be saved; `null` if it can.
 * @param before the account of that name, `null` if it is new.
 */
export function accountFault(
  username: string,
  before: { externalSubject: string | null } | null,
  password: string | undefined,
): Refusal | null {
  if (before?.externalSubject) {
    const detail = `${username} logs in through another issuer: change name, roles and password there.`
    return { kind: 'conflict', detail }
  }
  return before || password ? null : brokenField('password', 'must be given for a new account')
}

/** What an account needs before its person may do anything else. An external issuer sees to password and second factor itself. */
export function needOf(
  account: { externalSubject: string | null; isPasswordInitial: boolean; sealedTotp: string | null },
  policy: { secondFactor: 'required' | 'optional'; initialPasswords: 'once' | 'kept' },
): AccountNeed | null {
  if (account.externalSubject) return null
  if (account.isPasswordInitial && policy.initialPasswords === 'once') return 'password-change'
  return policy.secondFactor === 'required' && !account.sealedTotp ? 'second-factor' : null
}
