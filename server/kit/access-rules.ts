import type { Instant } from '@js-joda/core'
import { ProblemError } from '../../platform/http/index.ts'
import type { AccountNeed } from '../../schemas/access/own-account.ts'
import { type Access, wordsOf } from '../../schemas/vocabulary/access.ts'
import type { Operation } from '../../schemas/vocabulary/operation.ts'
import { type Actor, nameOf, personBehind } from './actors.ts'
import type { PeoplePolicy } from './context.ts'

/** Whether an access rule admits an actor. */
export function mayCall(actor: Actor | null, access: Access): boolean {
  if (access === 'anyone') return true
  if (access.user && personBehind(actor)) return true
  if (access.customer && actor?.kind === 'customer' && actor.scopes.has('customer')) return true
  if (access.provider && actor?.kind === 'provider' && actor.scopes.has('data')) return true
  if (access.gateway && actor?.kind === 'gateway' && actor.scopes.has('gateway')) return true
  if (access.fsp && actor?.kind === 'fsp' && actor.scopes.has(access.fsp)) return true
  if (!access.people || actor?.kind !== 'person') return false
  return access.people === 'any' || actor.roles.has('administrator') || access.people.some((r) => actor.roles.has(r))
}

/**
 * Refuses a session that does not reach as far as an operation: an account that needs something first, or an authentication that is
 * too old. Programs have neither.
 */
export function requireSession(actor: Actor | null, stated: Operation, { recentS }: PeoplePolicy, at: Instant): void {
  const session = personBehind(actor)?.session
  if (!session || stated.access === 'anyone') return
  if (session.needs && !stated.openToIncomplete) throw new ProblemError('account-incomplete', firstSteps[session.needs])
  if (!stated.recent || recentS === null || !session.authenticatedAt.plusSeconds(recentS).isBefore(at)) return
  const detail = `This needs an authentication within the last ${recentS / 60} minutes: enter your password again.`
  throw new ProblemError('reauthentication-needed', detail)
}

const firstSteps: Readonly<Record<AccountNeed, string>> = {
  'password-change': 'Change the password that you were given before anything else: POST /account/password.',
  'second-factor': 'Set up a second factor before anything else: POST /account/second-factor.',
}

/** Refuses a caller before the request is read: 401 without an actor, otherwise 403, stating what is needed. */
export function requireAccess(actor: Actor | null, access: Access): void {
  if (mayCall(actor, access) || access === 'anyone') return
  const needed = wordsOf(access)
  if (!actor) throw new ProblemError('unauthenticated', `This needs ${needed}.`)
  throw new ProblemError('forbidden', `This needs ${needed}; ${nameOf(actor)} does not have it.`)
}
