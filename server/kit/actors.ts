import { ProblemError } from '../../platform/http/index.ts'
import type { Role, Scope } from '../../schemas/vocabulary/roles.ts'

/**
 * Who makes a request: a person of the DNO at the portal, an FSP, by its client or by one of its people (whose user name then stands
 * for the client), a gateway's client, or the system's own timetable.
 */
export type Actor =
  | ({ kind: 'person' } & PortalUser)
  | { kind: 'fsp'; clientId: string; fspId: string; scopes: ReadonlySet<string>; user?: PortalUser }
  | { kind: 'gateway'; clientId: string; gatewayId: string; scopes: ReadonlySet<string> }
  | { kind: 'system'; name: string }

/** Somebody with a portal account. */
export interface PortalUser {
  accountId: string
  username: string
  fullName: string
  roles: ReadonlySet<Role>
}

export type Person = Extract<Actor, { kind: 'person' }>
export type FspActor = Extract<Actor, { kind: 'fsp' }>
export type GatewayActor = Extract<Actor, { kind: 'gateway' }>

/** Context variables that the authenticator sets for every route. */
export interface ActorVariables {
  actor: Actor | null
}

/** How an actor is written in the audit trail and in `…By` fields. */
export function nameOf(actor: Actor): string {
  if (actor.kind === 'person') return actor.username
  return actor.kind === 'system' ? actor.name : actor.clientId
}

function refuse(actor: Actor | null, wanted: string): never {
  if (!actor) throw new ProblemError('unauthenticated', `This needs ${wanted}.`)
  throw new ProblemError('forbidden', `This needs ${wanted}; ${nameOf(actor)} is not that.`)
}

/** A person with one of the roles; without roles given, any person. */
export function requirePerson(actor: Actor | null, ...roles: Role[]): Person {
  const wanted = roles.length > 0 ? `a portal account with the role ${roles.join(' or ')}` : 'a portal account'
  if (actor?.kind !== 'person') return refuse(actor, wanted)
  if (roles.length > 0 && !roles.some((role) => actor.roles.has(role)) && !actor.roles.has('administrator'))
    return refuse(actor, wanted)
  return actor
}

/** An FSP's client whose token carries the scope. */
export function requireFsp(actor: Actor | null, scope: Scope): FspActor {
  if (actor?.kind !== 'fsp' || !actor.scopes.has(scope))
    return refuse(actor, `an FSP’s access token with the scope ${scope}`)
  return actor
}

/** A person of the DNO, or an FSP that then sees only its own: `fspId` is the one to filter by, `null` for no filter. */
export function requireReader(actor: Actor | null): { fspId: string | null } {
  if (actor?.kind === 'person') return { fspId: null }
  return { fspId: requireFsp(actor, 'market').fspId }
}

/** The FSP whose things alone a caller sees; `null` for people of the DNO, who see all. */
export function tenantOf(actor: Person | FspActor): string | null {
  return actor.kind === 'fsp' ? actor.fspId : null
}
