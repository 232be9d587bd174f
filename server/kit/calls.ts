import type { ReadableStream } from 'node:stream/web'
import type { Instant } from '@js-joda/core'
import type { Context } from 'hono'
import type { z } from 'zod'
import type { Queryable } from '../../platform/db/index.ts'
import type { Answered } from '../../platform/http/index.ts'
import type { BodyOf, Operation, ParamsOf, QueryOf } from '../../schemas/vocabulary/operation.ts'
import type { Actor, ActorVariables, FspActor, GatewayActor, Person, PortalUser } from './actors.ts'
import type { AuditRecord } from './audit.ts'
import type { ServerContext } from './context.ts'

/** Who may be calling, as far as an access rule tells. */
export type ActorOf<A> = A extends 'anyone'
  ? Actor | null
  :
      | (A extends { people: unknown } ? Person : never)
      | (A extends { fsp: unknown } ? FspActor : never)
      | (A extends { gateway: unknown } ? GatewayActor : never)
      | (A extends { user: unknown } ? Person | (FspActor & { user: PortalUser }) : never)

/** What a verb works with. */
export interface Call<O extends Operation> {
  readonly context: ServerContext
  /** Narrowed by the operation's access rule, which has been enforced. */
  readonly actor: ActorOf<O['access']>
  readonly params: ParamsOf<O>
  readonly query: QueryOf<O>
  /** Read by its schema; a file, or what is bound by `streamed`, as it arrives. */
  readonly body: O extends { body: z.ZodType } ? BodyOf<O> : ReadableStream<Uint8Array>
  /** The server's clock when the call came in. */
  readonly at: Instant
  /** Of a change: the transaction in which all of it happens. Of a read: the database. */
  readonly db: Queryable
  /** The identifier of what the call makes: the same one when the call is repeated with its Idempotency-Key. */
  readonly id: string
  /** The version that a change starts from, as `If-Match` names it; `null` where nothing is to be there yet. */
  readonly version: string | null
  /** Writes an audit entry in the transaction of the change. @param by someone other than the actor. */
  audit(record: AuditRecord, by?: Actor): void
  /** Tells open screens that a view has news, once the change is committed. */
  announce(topic: Parameters<ServerContext['announce']>[0]): void
  /** A transaction of its own, with its audit entries, for verbs that are bound by `ownTransaction` or read a file. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>
  /** The HTTP request itself, for cookies and streams. */
  readonly http: Context<{ Variables: ActorVariables }>
}

/** The one function that does what an operation says: rule, rows, audit. */
export type Verb<O extends Operation> = (call: Call<O>) => Promise<Answered<O>> | Answered<O>

/** A verb whose body is not parsed but handed on as it arrives. */
export type StreamingVerb<O extends Operation> = (
  call: Omit<Call<O>, 'body'> & { body: ReadableStream<Uint8Array> },
) => Promise<Answered<O>>

/** How a verb is run, where that differs from the rule: a read on the database, a change in one transaction. */
export interface SpecialVerb<O extends Operation> {
  readonly verb: (call: never) => Promise<Answered<O>> | Answered<O>
  readonly isStreamed: boolean
}

/** Binds a verb that opens its transactions itself, by `call.transaction`: it calls others on the way, or works in steps. */
export function ownTransaction<O extends Operation>(verb: Verb<O>): SpecialVerb<O> {
  return { verb, isStreamed: false }
}

/** Binds a verb that reads a JSON body as it arrives, and opens its transactions itself. */
export function streamed<O extends Operation>(verb: StreamingVerb<O>): SpecialVerb<O> {
  return { verb, isStreamed: true }
}
