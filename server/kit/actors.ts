import type { Instant } from '@js-joda/core'
import type { AccountNeed } from '../../schemas/access/own-account.ts'
import type { Role } from '../../schemas/vocabulary/roles.ts'

/**
 * Who makes a request: a person of the DNO at the portal, an FSP (its client, or one of its people, whose user name then replaces
 * the client's), a customer in the same way, a data provider's client, a gateway's client, or the system's own schedule.
 */
export type Actor =
  | ({ kind: 'person' } & PortalUser)
  | { kind: 'fsp'; clientId: string; fspId: string; scopes: ReadonlySet<string>; user?: PortalUser }
  | { kind: 'customer'; clientId: string; customerId: string; scopes: ReadonlySet<string>; user?: PortalUser }
  | { kind: 'provider'; clientId: string; providerId: string; scopes: ReadonlySet<string> }
  | { kind: 'gateway'; clientId: string; gatewayId: string; scopes: ReadonlySet<string> }
  | { kind: 'system'; name: string }

/** Somebody with a portal account. */
export interface PortalUser {
  accountId: string
  username: string
  fullName: string
  roles: ReadonlySet<Role>
  /** The session of the request; absent where no session is involved, as in seeds. */
  session?: SessionState
}

/** What decides how far a session reaches. */
export interface SessionState {
  sessionId: string
  /** When its person last proved who they are. */
  authenticatedAt: Instant
  /** What the account needs before anything else. */
  needs: AccountNeed | null
}

export type Person = Extract<Actor, { kind: 'person' }>
export type FspActor = Extract<Actor, { kind: 'fsp' }>
export type CustomerActor = Extract<Actor, { kind: 'customer' }>
export type ProviderActor = Extract<Actor, { kind: 'provider' }>
export type GatewayActor = Extract<Actor, { kind: 'gateway' }>

/** Context variables that the authenticator sets for every route. */
export interface ActorVariables {
  actor: Actor | null
  /** The address that the request comes from, as far as that is known (`callerAddress`). */
  address: string
}

/** The person behind a request; `null` for programs. */
export function personBehind(actor: Actor | null): PortalUser | null {
  if (actor?.kind === 'person') return actor
  return ((actor?.kind === 'fsp' || actor?.kind === 'customer') && actor.user) || null
}

/** How an actor is written in the audit trail and in `…By` fields. */
export function nameOf(actor: Actor): string {
  if (actor.kind === 'person') return actor.username
  return actor.kind === 'system' ? actor.name : actor.clientId
}

/** The FSP that a caller's view is limited to; `null` for people of the DNO, who see everything. */
export function tenantOf(actor: Person | FspActor): string | null {
  return actor.kind === 'fsp' ? actor.fspId : null
}
