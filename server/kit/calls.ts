import type { ReadableStream } from 'node:stream/web'
import type { Instant } from '@js-joda/core'
import type { Context } from 'hono'
import type { z } from 'zod'
import type { Queryable } from '../../platform/db/index.ts'
import type { Answered } from '../../platform/http/index.ts'
import type { BodyOf, Operation, ParamsOf, QueryOf } from '../../schemas/vocabulary/operation.ts'
import type {
  Actor,
  ActorVariables,
  CustomerActor,
  FspActor,
  GatewayActor,
  Person,
  PortalUser,
  ProviderActor,
} from './actors.ts'
import type { AuditRecord } from './audit.ts'
import type { ServerContext } from './context.ts'
import type { Subject } from './hands.ts'
import type { PoolName } from './pools.ts'

/** The callers that an access rule admits. */
export type ActorOf<A> = A extends 'anyone'
  ? Actor | null
  :
      | (A extends { people: unknown } ? Person : never)
      | (A extends { fsp: unknown } ? FspActor : never)
      | (A extends { customer: unknown } ? CustomerActor : never)
      | (A extends { provider: unknown } ? ProviderActor : never)
      | (A extends { gateway: unknown } ? GatewayActor : never)
      | (A extends { user: unknown } ? Person | ((FspActor | CustomerActor) & { user: PortalUser }) : never)

/** What a verb works with. */
export interface Call<O extends Operation> {
  readonly context: ServerContext
  /** Narrowed to the operation's access rule, which has been enforced. */
  readonly actor: ActorOf<O['access']>
  readonly params: ParamsOf<O>
  readonly query: QueryOf<O>
  /** Parsed by its schema; a file, and the body of a verb bound with `streamed`, as a stream of what has arrived. */
  readonly body: O extends { body: z.ZodType } ? BodyOf<O> : ReadableStream<Uint8Array>
  /** The server's clock when the call arrived. */
  readonly at: Instant
  /** For a change, the transaction in which all of it happens; for a read, the database. */
  readonly db: Queryable
  /** The identifier of what the call creates: the same one if the call is repeated with its Idempotency-Key. */
  readonly id: string
  /** The version that a change starts from, from `If-Match`; `null` if nothing should exist yet. */
  readonly version: string | null
  /** Writes an audit entry in the transaction of the change. @param by the person or system that did it, if not the actor. */
  audit(record: AuditRecord, by?: Actor): void
  /** Tells open screens, after the commit, that a view has changed. */
  announce(topic: Parameters<ServerContext['announce']>[0]): void
  /** Runs a transaction with its audit entries, for verbs that are bound with `ownTransaction` or read a file. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>
  /** The HTTP request itself, for cookies and streams. */
  readonly http: Context<{ Variables: ActorVariables }>
}

/** The one function that carries out an operation: rule, rows, audit. */
export type Verb<O extends Operation> = (call: Call<O>) => Promise<Answered<O>> | Answered<O>

/** A verb that gets its body unparsed. */
export type StreamingVerb<O extends Operation> = (
  call: Omit<Call<O>, 'body'> & { body: ReadableStream<Uint8Array> },
) => Promise<Answered<O>>

/** How a verb is run, if not by the default: a read on the database, a change in one transaction. */
export interface SpecialVerb<O extends Operation> {
  readonly verb: (call: never) => Promise<Answered<O>> | Answered<O>
  readonly ownsTransaction?: true
  /** The route does not parse its body. */
  readonly isStreamed?: true
  /** Its body is taken in whole, outside of the database, before the verb gets it as a stream. */
  readonly isUpload?: true
  /** Runs before any of the body is read: what it refuses costs nothing. */
  readonly check?: (call: never) => Promise<unknown>
  /** The connections that it works on, if not those of its set. */
  readonly pool?: PoolName
  /** Its change waits for a second person (`proposed`). */
  readonly act?: CarriedAct['act']
}

/** Binds a verb that opens its own transactions with `call.transaction`, because it calls other systems or works in steps. */
export function ownTransaction<O extends Operation>(verb: Verb<O>): SpecialVerb<O> {
  return { verb, ownsTransaction: true }
}

/** Binds a verb that reads a long JSON body as a stream and opens its own transactions. */
export function streamed<O extends Operation>(verb: StreamingVerb<O>): SpecialVerb<O> {
  return { verb, ownsTransaction: true, isStreamed: true, isUpload: true }
}

/** Binds a verb that parses its JSON body by hand, from `call.http`, before it opens its own transactions. */
export function parsedByVerb<O extends Operation>(verb: StreamingVerb<O>): SpecialVerb<O> {
  return { verb, ownsTransaction: true, isStreamed: true }
}

/** Binds a verb that takes a file, with a check of what its address names: it runs before any of the file is read. */
export function fileAfter<O extends Operation>(
  check: (call: Omit<Call<O>, 'body'>) => Promise<unknown>,
  verb: Verb<O>,
): SpecialVerb<O> {
  return { verb, check, ownsTransaction: true, isUpload: true }
}

/** Binds a verb to the connections for reports: it reads so much that others would wait for it (FM36). */
export function report<O extends Operation>(bound: Verb<O> | SpecialVerb<O>): SpecialVerb<O> {
  return { ...(typeof bound === 'function' ? { verb: bound } : bound), pool: 'reports' }
}

/** What a call would change. */
export interface Change {
  readonly subject: Subject
  /** In words, for the person who approves: `Accept Depot Charging Ltd as an FSP`. */
  readonly title: string
  /** What is in force, and what would be; as JSON, without secrets. */
  readonly before: unknown
  readonly after: unknown
}

/** An operation whose change waits for a second person. */
export interface ProposedAct<O extends Operation, Made = unknown> {
  /**
   * What the call would change; `null` if one person is enough for it, so that it is carried out at once. It locks the subject and
   * refuses what could not be carried out now. It runs again before the approval: if `before` differs by then, the approval is a 412.
   */
  describe(call: Call<O>): Promise<Change | null>
  /** The verb itself, in the transaction of the second person's approval and by that person. */
  carryOut(call: Call<O>): Promise<Made>
  /** What has to wait for the commit. */
  afterwards?(call: Call<O>, made: Made): Promise<void>
}

/** An act with its operation, as the approval finds it. */
export interface CarriedAct {
  readonly stated: Operation
  // The type of its call is known where it is bound.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly act: ProposedAct<any, any>
}

/** Binds an operation whose change waits for a second person; the operation answers with the proposal. */
export function proposed<O extends Operation, Made>(act: ProposedAct<O, Made>): SpecialVerb<O> {
  return { verb: () => Promise.reject(new Error('an act is run by its proposal')), act }
}
