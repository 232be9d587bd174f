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
