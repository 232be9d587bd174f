import { ProblemError } from '../../platform/http/index.ts'
import type { Log } from '../../platform/log/index.ts'
import type { Credentials } from './credentials.ts'
import type { Unit } from './units.ts'

/** What became of a password that was sent to a charge point. */
export type RotationOutcome = 'accepted' | 'reboot-required' | 'rejected' | 'not-supported' | 'no-answer'

const outcomes: Record<string, RotationOutcome> = {
  Accepted: 'accepted',
  RebootRequired: 'reboot-required',
  Rejected: 'rejected',
  NotSupported: 'not-supported',
}

/**
 * Gives a charge point a new password over the air (OCPP 1.6 security whitepaper, A01). The key is stored before it is sent: a charge
 * point whose answer is lost may already use it.
 */
export async function rotatePassword(credentials: Credentials, unit: Unit, log: Log): Promise<RotationOutcome> {
  const { identity, link } = unit
  if (!link)
    throw new ProblemError(
      'conflict',
      `${identity} is not connected: wait until it is, or issue a password to configure on site.`,
    )
  const value = await credentials.makeNext(identity)
  const { outcome: reached, status } = await link.command({ kind: 'write-setting', key: 'AuthorizationKey', value })
  if (reached === 'no-answer') {
    log.warn({ identity }, 'a charge point did not answer about its new password')
    return 'no-answer'
  }
  const outcome = reached === 'answered' ? outcomes[status ?? ''] : 'not-supported'
  if (!outcome) return 'no-answer'
  if (outcome === 'rejected' || outcome === 'not-supported') await credentials.dropNext(identity)
  return outcome
}
