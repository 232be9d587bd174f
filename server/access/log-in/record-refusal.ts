import type { LogInFault } from '../../../schemas/access/sessions.ts'
import type { Call } from '../../kit/index.ts'
import { takeTurn } from '../brakes/index.ts'
import { trailOf } from './limits.ts'

/** Why a log-in was refused. What the person is told is less: it must not show which accounts exist. */
export type LogInRefusal =
  | LogInFault
  | 'unknown-account'
  | 'wrong-password'
  | 'wrong-code'
  | 'no-access'
  | 'another-browser'
  | 'too-many-attempts'

/** What records a refusal needs of the call that was refused. */
type Refused = Pick<Call<never>, 'context' | 'at' | 'audit' | 'http'> & {
  transaction(work: () => Promise<void>): Promise<void>
}

/**
 * Records a refused log-in in the audit trail and the log (ASVS 16.3.1). Nothing of what was typed is written: people type their
 * password where the user name belongs.
 * @param username of an account that exists; `null` otherwise.
 */
export async function recordRefusal(call: Refused, reason: LogInRefusal, username: string | null): Promise<void> {
  const { context, at, http } = call
  const address = http.get('address')
  context.log.warn({ reason, username, address }, 'log-in refused')
  const turn = await takeTurn(context.db, at, trailOf(address))
  if (!turn.ok) return
  const subject = { type: 'account', id: username ?? 'unknown' }
  const detail = { reason, address, ...(turn.value.isLast ? { furtherInLogOnly: true } : {}) }
  await call.transaction(async () => call.audit({ action: 'log-in.refused', subject, detail }, logInItself))
}

const logInItself = { kind: 'system', name: 'log-in' } as const
