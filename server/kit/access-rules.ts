import { ProblemError } from '../../platform/http/index.ts'
import type { Role } from '../../schemas/portal/portal.ts'
import { type Actor, nameOf, type Scope } from './actors.ts'

/**
 * Who may call a route, as data beside it: people of the DNO (with one of the roles, or any), an FSP (its client with the scope, or
 * its people), a gateway. Which of its things an FSP sees is the route's own affair: another FSP's do not exist to it (FM40).
 */
export type Access = 'anyone' | { people?: readonly Role[] | 'any'; fsp?: Scope; gateway?: true; user?: true }

/** No log-in and no token is needed. */
export const anyone: Access = 'anyone'

/** Whoever is logged in at the portal, of the DNO or of an FSP. */
export const users: Access = { user: true }

/** People of the DNO with one of the roles; with none given, any. An administrator may do what any role may. */
export function people(...roles: Role[]): Access {
  return { people: roles.length > 0 ? roles : 'any' }
}

/** FSPs alone, by a token with the scope. */
export function fsps(scope: Scope): Access {
  return { fsp: scope }
}

/** Any person of the DNO, and an FSP for what is its own. */
export const readers: Access = { people: 'any', fsp: 'market' }

/** Gateways, and customers’ monitors, which speak as gateways do. */
export const gateways: Access = { gateway: true }

/** Whether an actor may call what has this rule. */
export function mayCall(actor: Actor | null, access: Access): boolean {
  if (access === 'anyone') return true
  if (access.user && (actor?.kind === 'person' || (actor?.kind === 'fsp' && actor.user))) return true
  if (access.gateway && actor?.kind === 'gateway' && actor.scopes.has('gateway')) return true
  if (access.fsp && actor?.kind === 'fsp' && actor.scopes.has(access.fsp)) return true
  if (!access.people || actor?.kind !== 'person') return false
  return access.people === 'any' || actor.roles.has('administrator') || access.people.some((r) => actor.roles.has(r))
}

/** Refuses who may not call, before anything of the request is read: 401 without an actor, else 403, with what would be needed. */
export function requireAccess(actor: Actor | null, access: Access): void {
  if (mayCall(actor, access) || access === 'anyone') return
  const needed = wordsOf(access)
  if (!actor) throw new ProblemError('unauthenticated', `This needs ${needed}.`)
  throw new ProblemError('forbidden', `This needs ${needed}; ${nameOf(actor)} is not that.`)
}

/** What a rule asks for, for refusals and for the document. */
export function wordsOf(access: Access): string {
  if (access === 'anyone') return 'nothing'
  const { people: roles, fsp, gateway, user } = access
  return [
    ...(user ? ['a portal account'] : []),
    ...(roles
      ? [roles === 'any' ? 'a portal account of the DNO' : `a portal account with the role ${roles.join(' or ')}`]
      : []),
    ...(fsp ? [`an FSP’s access token with the scope ${fsp}`] : []),
    ...(gateway ? ['a gateway’s access token with the scope gateway'] : []),
  ].join(', or ')
}
