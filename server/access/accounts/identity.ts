import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { SecretBox } from '../../../platform/secrets/index.ts'
import { spendCode } from './second-factor.ts'
import type { account } from './tables.ts'

type AccountRow = typeof account.$inferSelect

/** What a person proves their identity with. */
export interface Proof {
  password: string
  code?: string | undefined
}

/** Why a proof is refused. */
export type ProofFault = 'wrong' | 'code-needed'

/** Whether the second factor of an account is satisfied; accounts without one need none. */
export async function checkCode(
  db: Queryable,
  secrets: SecretBox,
  at: Instant,
  row: AccountRow,
  code: string | undefined,
): Promise<ProofFault | null> {
  if (!row.sealedTotp) return null
  if (code === undefined) return 'code-needed'
  return (await spendCode(db, secrets, at, row, code)) ? null : 'wrong'
}

/** The problem that refuses a proof. */
export function proofRefused(fault: ProofFault): ProblemError {
  if (fault === 'wrong')
    return new ProblemError(
      'wrong-credentials',
      'The user name, the password or the code is wrong. Check them and try again.',
    )
  return new ProblemError('second-factor-needed', 'Enter the code of your authenticator app, or a recovery code.')
}
