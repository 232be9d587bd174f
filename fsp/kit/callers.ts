import type { DepotFeed, DepotRole } from '../../schemas/vocabulary/roles.ts'

/** The depots that a caller is limited to; `null`: all of them. */
type DepotScope = ReadonlySet<string> | null

/** Somebody who has logged in at the FSP. */
export interface FspPerson {
  readonly kind: 'person'
  readonly accountId: string
  readonly username: string
  readonly fullName: string
  readonly role: DepotRole
  /** The depots that it may see. */
  readonly depotIds: DepotScope
  /** Those that it may change too. */
  readonly changes: DepotScope
  /** Digest of the token that the request came with. */
  readonly session: string
}

/** A program with a key for one feed. */
export interface FeedProgram {
  readonly kind: 'feed'
  readonly keyId: string
  readonly name: string
  readonly feed: DepotFeed
  readonly depotIds: DepotScope
}

/** A driver, by a link: only the van that the driver drives now is there for them. */
export interface LinkedDriver {
  readonly kind: 'driver'
  readonly linkId: string
  /** Key of the register of drivers. */
  readonly driverId: string
}

/** Who calls an operation of the FSP: one of its people, a program with a key, a driver, or the DNO. */
export type Caller = FspPerson | FeedProgram | LinkedDriver | { readonly kind: 'dno' }

/** The callers that an access rule admits. */
export type CallerOf<A> = A extends { depot: { people: infer P } }
  ? (P extends readonly [] ? never : FspPerson) | (A extends { depot: { feed: unknown } } ? FeedProgram : never)
  : A extends { driver: true }
    ? LinkedDriver
    : A extends { dno: true }
      ? { readonly kind: 'dno' }
      : null

/** Who did something, as the record has it. */
export interface AuditActor {
  actor: string
  actorId: string
}

/** A caller as the record names it. */
export function actorOf(caller: Caller): AuditActor {
  if (caller.kind === 'person') return { actor: caller.username, actorId: caller.accountId }
  if (caller.kind === 'driver') return { actor: caller.driverId, actorId: caller.linkId }
  return caller.kind === 'feed' ? { actor: caller.name, actorId: caller.keyId } : { actor: 'the DNO', actorId: 'dno' }
}
