import type { Clock } from '../../platform/clock/index.ts'
import type { Database } from '../../platform/db/index.ts'
import { createOutboundFetch, type OutboundFetch } from '../../platform/http/index.ts'
import type { Log } from '../../platform/log/index.ts'
import type { SecretBox } from '../../platform/secrets/index.ts'
import type { Changed } from '../../schemas/portal/portal.ts'
import type { MeteringSettings } from '../../schemas/settlement/metering.ts'
import type { PoolName, Pools } from './pools.ts'
import type { Replica } from './replica.ts'

/** Where FSPs fetch their tokens, and what the tokens are for. */
export interface TokenIssuer {
  issuer: string
  tokenEndpoint: string
  jwksUri: string
  resource: string
}

/** The token issuer of a server at an address: its own. */
export function tokenIssuerAt(publicUrl: string): TokenIssuer {
  const issuer = `${publicUrl}/oidc`
  return { issuer, tokenEndpoint: `${issuer}/token`, jwksUri: `${issuer}/jwks`, resource: `${publicUrl}/api` }
}

/** What is asked of people before and while they work. Every time is in seconds. */
export interface PeoplePolicy {
  /** Whether everybody needs a second factor, or may have one. */
  secondFactor: 'required' | 'optional'
  /** Whether a password that an administrator sets has to be changed at the first log-in. */
  initialPasswords: 'once' | 'kept'
  /** How old an authentication may be for the acts that matter most; `null`: as old as the session. */
  recentS: number | null
  /** A session ends when nothing was asked for this long … */
  idleS: number
  /** … and after this time in any case: a working shift. */
  absoluteS: number
}

/** A live system asks for all of it (NIST SP 800-63B, AAL2); a demo is left open, because its passwords are public anyway. */
export const peoplePolicies: Readonly<Record<ServerContext['environment'], PeoplePolicy>> = {
  live: { secondFactor: 'required', initialPasswords: 'once', recentS: 600, idleS: 3_600, absoluteS: 43_200 },
  demo: { secondFactor: 'optional', initialPasswords: 'kept', recentS: null, idleS: 43_200, absoluteS: 43_200 },
}

/** What every slice of the server works with; created once in `app/`. */
export interface ServerContext {
  /** The connections for this work: of the pool that its operation or job is bound to. */
  db: Database
  /** What reports are read from while it keeps up; without one, they are read from the database itself. */
  replica?: Replica
  /** All pools, for what runs its parts on several (`onPool`). */
  pools?: Pools
  clock: Clock
  log: Log
  secrets: SecretBox
  /** The server's address as others reach it, without a slash at the end. */
  publicUrl: string
  tokenIssuer: TokenIssuer
  environment: 'demo' | 'live'
  people: PeoplePolicy
  /** Whether FSPs and webhooks may be at internal addresses; by default only in demo mode, where they run on the same machine (FM41). */
  arePrivateAddressesAllowed?: boolean
  /** Limits for checking meter data, where they differ from the defaults. */
  metering?: Partial<MeteringSettings>
  /** Tells open screens that a view has changed. */
  announce(topic: Changed['topic']): void
  /**
   * Calls back for what is announced, by this server at once and by others when word of it comes, until the returned function is called.
   * Word of another server can be lost.
   */
  hear(listener: (topic: Changed['topic']) => void): () => void
}

/** The same context with the connections of a pool; without pools of its own, as in a test of one slice, the context itself. */
export function onPool(context: ServerContext, name: PoolName): ServerContext {
  const db = context.pools?.[name]
  return db ? onDatabase(context, db) : context
}

/** The same context with other connections. */
export function onDatabase(context: ServerContext, db: Database): ServerContext {
  // Derived, not copied: whatever is changed on the context later holds for all.
  return db === context.db ? context : Object.create(context, { db: { value: db, enumerable: true } })
}

/** Whether addresses that others state may be internal, as they are when everything runs on one machine. */
export function arePrivateAddressesAllowed(context: ServerContext): boolean {
  return context.arePrivateAddressesAllowed ?? context.environment === 'demo'
}

/** Calls addresses that others have stated; one for each server, because it keeps its connections. */
export function outboundFetch(context: ServerContext): OutboundFetch {
  const known =
    outbounds.get(context) ?? createOutboundFetch(arePrivateAddressesAllowed(context) ? { isForbidden: null } : {})
  outbounds.set(context, known)
  return known
}

const outbounds = new WeakMap<ServerContext, OutboundFetch>()
