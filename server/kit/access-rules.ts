import { ProblemError } from '../../platform/http/index.ts'
import { type Access, wordsOf } from '../../schemas/vocabulary/access.ts'
import { type Actor, nameOf } from './actors.ts'

/** Whether an access rule admits an actor. */
export function mayCall(actor: Actor | null, access: Access): boolean {
  if (access === 'anyone') return true
  if (access.user && (actor?.kind === 'person' || (actor?.kind === 'fsp' && actor.user))) return true
  if (access.gateway && actor?.kind === 'gateway' && actor.scopes.has('gateway')) return true
  if (access.fsp && actor?.kind === 'fsp' && actor.scopes.has(access.fsp)) return true
  if (!access.people || actor?.kind !== 'person') return false
  return access.people === 'any' || actor.roles.has('administrator') || access.people.some((r) => actor.roles.has(r))
}

/** Refuses a caller before the request is read: 401 without an actor, otherwise 403, stating what is needed. */
export function requireAccess(actor: Actor | null, access: Access): void {
  if (mayCall(actor, access) || access === 'anyone') return
  const needed = wordsOf(access)
  if (!actor) throw new ProblemError('unauthenticated', `This needs ${needed}.`)
  throw new ProblemError('forbidden', `This needs ${needed}; ${nameOf(actor)} does not have it.`)
}
