import { brokenField, type Refusal } from '../../../schemas/vocabulary/outcome.ts'

/**
 * Why an account may not be saved; `null` when it may.
 * @param before the account of that name, `null` when there is none.
 */
export function accountFault(
  username: string,
  before: { externalSubject: string | null } | null,
  password: string | undefined,
): Refusal | null {
  if (before?.externalSubject) {
    const detail = `${username} logs in elsewhere: name, roles and password are kept there.`
    return { kind: 'conflict', detail }
  }
  return before || password ? null : brokenField('password', 'must be given for a new account')
}
