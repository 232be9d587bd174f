import { createHash, type Hash, randomUUID } from 'node:crypto'
import type { ReadableStream } from 'node:stream/web'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { Queryable } from '../../platform/db/index.ts'
import { codeOf } from '../../platform/errors/index.ts'
import {
  createRouter,
  givenOf,
  isVersioned,
  Reply,
  type RouteFrame,
  serveOperation,
} from '../../platform/http/index.ts'
import { type Access, wordsOf } from '../../schemas/vocabulary/access.ts'
import { isFile, isRead, type Operation, type Operations } from '../../schemas/vocabulary/operation.ts'
import { requireAccess } from './access-rules.ts'
import type { Actor, ActorVariables } from './actors.ts'
import { type AuditRecord, recordAudit } from './audit.ts'
import type { Call, SpecialVerb, Verb } from './calls.ts'
import type { ServerContext } from './context.ts'
import { claimKey, digestOfData, type KeyedRequest, keepAnswer, keyIn, requireSame } from './idempotency.ts'
import { notACursor } from './paging.ts'
import { versionIn } from './versions.ts'

type Router = OpenAPIHono<{ Variables: ActorVariables }>
type Http = Context<{ Variables: ActorVariables }>

/** Operations with their verbs; `routes` serves them. The type records which operations they are, so that none is left out. */
export interface Bound<Ops extends Operations> {
  readonly operations: Ops
  routes(context: ServerContext): Router
}

/** A verb for each operation of a set; an operation without a verb, or a verb without an operation, does not compile. */
export type Verbs<Ops extends Operations> = { readonly [K in keyof Ops]: Verb<Ops[K]> | SpecialVerb<Ops[K]> }

/** The name under which an access rule stands in the OpenAPI document. */
export const accessExtension = 'x-access'

/** Binds a verb to each operation of a set. */
export function bind<Ops extends Operations>(operations: Ops, verbs: Verbs<Ops>): Bound<Ops> {
  return {
    operations,
    routes(context) {
      const router = createRouter<ActorVariables>()
      for (const [name, stated] of Object.entries(operations)) addRoute(router, context, stated, verbs[name] as AnyVerb)
      return router
    },
  }
}

// The verb of any operation; the type of its call is known where it is bound.
// biome-ignore lint/suspicious/noExplicitAny: see above
type AnyVerb = Verb<any> | SpecialVerb<any>

function addRoute(router: Router, context: ServerContext, stated: Operation, bound: AnyVerb): void {
  const isStreamed = typeof bound === 'function' ? false : bound.isStreamed
  const run = runnerOf(stated, bound)
  serveOperation(router, stated, frameOf(stated.access), (c) => run(context, c), { isStreamed })
}

function frameOf(access: Access): RouteFrame {
  return {
    needs: wordsOf(access),
    security: securityOf(access),
    // An invalid token is refused even if the operation needs none.
    problems: access === 'anyone' ? ['invalid-token'] : ['unauthenticated', 'invalid-token', 'forbidden'],
    extensions: { [accessExtension]: access },
    middleware: createMiddleware<{ Variables: ActorVariables }>(async (c, next) => {
      requireAccess(c.get('actor'), access)
      await next()
    }),
  }
}

function securityOf(access: Access): Record<string, string[]>[] {
  if (access === 'anyone') return []
  const scopes = [...(access.fsp ? [access.fsp] : []), ...(access.gateway ? ['gateway'] : [])]
  const isForPeople = access.people !== undefined || access.user !== undefined
  return [...(isForPeople || access.fsp ? [{ session: [] }] : []), ...scopes.map((scope) => ({ token: [scope] }))]
}

/** How an operation's verb is run: a read as it is, a change in one transaction, or a verb with its own transactions. */
function runnerOf(stated: Operation, bound: AnyVerb): (context: ServerContext, c: Http) => Promise<unknown> {
  const verb = (typeof bound === 'function' ? bound : bound.verb) as (call: object) => Promise<unknown>
  const ownsTransaction = typeof bound !== 'function' || isFile(stated.body)
  if (isRead(stated)) return (context, c) => runRead(verb, callOf(stated, context, c).call)
  return ownsTransaction
    ? (context, c) => runInSteps(stated, verb, context, c)
    : (context, c) => runInOne(stated, verb, context, c)
}

/** A read. A cursor that somebody made up can name values that its list cannot be compared with: that is the caller's mistake. */
async function runRead(verb: (call: object) => Promise<unknown>, call: Call<Operation>): Promise<unknown> {
  try {
    return await verb(call)
  } catch (error) {
    // Class 22 of PostgreSQL: data exceptions, such as a text that is not a time stamp.
    if ((call.query as { cursor?: string } | undefined)?.cursor && codeOf(error).startsWith('22')) throw notACursor()
    throw error
  }
}

/** A change in one transaction: effect, audit entries and the stored answer are committed together or not at all. */
async function runInOne(stated: Operation, verb: (call: object) => Promise<unknown>, context: ServerContext, c: Http) {
  const { call, effects } = callOf(stated, context, c)
  const keyed = keyedRequest(stated, call)
  const answer = await context.db.transaction(async (tx) => {
    const claim = keyed && (await claimKey(tx, call.at, keyed))
    if (claim?.first) return JSON.parse(claim.first.answer)
    const made = await verb({ ...call, db: tx, ...(claim ? { id: claim.id } : {}) })
    await effects.writeAudit(tx)
    if (keyed) await keepAnswer(tx, keyed, withoutSecrets(stated, plainAnswer(made)))
    return made
  })
  effects.announceAll()
  return answer
}

/** A change that opens its own transactions. Under a key it gets the same identifier each time, so that it can resume after a break. */
async function runInSteps(
  stated: Operation,
  verb: (call: object) => Promise<unknown>,
  context: ServerContext,
  c: Http,
) {
  const { call, effects } = callOf(stated, context, c)
  const keyed = keyedRequest(stated, call)
  const made = keyed ? await runOnce(stated, verb, call, keyed) : await verb(call)
  await effects.writeAudit(context.db)
  effects.announceAll()
  return made
}

/** Digests the body of a request with a key on its way to the verb. */
async function runOnce(
  stated: Operation,
  verb: (call: object) => Promise<unknown>,
  call: Call<Operation>,
  keyed: KeyedRequest,
) {
  const { db } = call.context
  const digested = new Digested(call)
  const unread = { ...keyed, digest: null }
  const { id, first } = await claimKey(db, call.at, unread)
  if (first) {
    requireSame(first.digest, await digested.digest())
    return JSON.parse(first.answer)
  }
  const made = await verb({ ...call, body: digested.body, id })
  const answer = withoutSecrets(stated, plainAnswer(made))
  await keepAnswer(db, { ...unread, digest: await digested.digest() }, answer)
  return made
}

/** A body that is digested on its way to the verb. */
class Digested {
  readonly body: unknown
  readonly #hash: Hash = createHash('sha256')
  readonly #rest: () => Promise<void>

  constructor({ params, query, body }: Call<Operation>) {
    if (!(body instanceof globalThis.ReadableStream)) {
      this.#hash.update(digestOfData({ params, query, body }))
      this.body = body
      this.#rest = async () => undefined
      return
    }
    this.#hash.update(digestOfData({ params, query }))
    const passing = (body as ReadableStream<Uint8Array>).pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform: (chunk, controller) => {
          this.#hash.update(chunk)
          controller.enqueue(chunk)
        },
      }) as never,
    ) as ReadableStream<Uint8Array>
    this.body = passing
    this.#rest = async () => {
      if (passing.locked) return
      for await (const _ of passing);
    }
  }

  /** Digest of everything that decides the effect; reads what the verb has left of the body. */
  async digest(): Promise<string> {
    await this.#rest()
    return this.#hash.copy().digest('hex')
  }
}

interface Effects {
  writeAudit(tx: Queryable): Promise<void>
  announceAll(): void
}

/** What a verb is given, and what it records to be written and announced. */
function callOf(stated: Operation, context: ServerContext, c: Http): { call: Call<Operation>; effects: Effects } {
  const at = context.clock.now()
  const actor = c.get('actor')
  const records: { record: AuditRecord; by: Actor }[] = []
  const topics = new Set<Parameters<ServerContext['announce']>[0]>()
  const effects: Effects = {
    async writeAudit(tx) {
      for (const { record, by } of records.splice(0)) await recordAudit(tx, at, by, record)
    },
    announceAll() {
      for (const topic of topics) context.announce(topic)
    },
  }
  const given = givenOf(stated, c)
  const call = {
    context,
    actor,
    params: given.params,
    query: given.query,
    // The stream is created on demand, so that a verb can take the request from `http` instead.
    get body() {
      return given.body
    },
    at,
    db: context.db,
    id: randomUUID(),
    version: versionOf(stated, c),
    audit(record: AuditRecord, by: Actor | null = actor) {
      if (!by) throw new Error(`${record.action} has nobody who did it`)
      records.push({ record, by })
    },
    announce: (topic: Parameters<ServerContext['announce']>[0]) => void topics.add(topic),
    async transaction<T>(work: (tx: Queryable) => Promise<T>) {
      const before = records.length
      try {
        return await context.db.transaction(async (tx) => {
          const done = await work(tx)
          await effects.writeAudit(tx)
          return done
        })
      } catch (error) {
        // A rolled-back change leaves no entry, whatever the verb does next.
        records.splice(before)
        throw error
      }
    },
    http: c,
  }
  return { call: call as Call<Operation>, effects }
}

function versionOf(stated: Operation, c: Http): string | null {
  if (stated.conditional) return c.req.header('if-none-match') ?? null
  if (!isVersioned(stated)) return null
  return versionIn({ ifMatch: c.req.header('if-match'), ifNoneMatch: c.req.header('if-none-match') })
}

function keyedRequest(stated: Operation, call: Call<Operation>): KeyedRequest | null {
  const { http, actor, params, query } = call
  const key = stated.idempotent ? keyIn(http.req.header('idempotency-key')) : null
  if (key === null) return null
  const { body } = call
  const request = `${http.req.method} ${http.req.path}`
  const digest = body instanceof globalThis.ReadableStream ? null : digestOfData({ params, query, body })
  return { caller: callerOf(actor), request, key, digest }
}

/** The owner of a caller's keys: a person's account, or a client's identifier. */
function callerOf(actor: Actor | null): string {
  if (!actor) return 'anyone'
  if (actor.kind === 'person') return `person ${actor.accountId}`
  return actor.kind === 'system' ? `system ${actor.name}` : `client ${actor.clientId}`
}

function plainAnswer(made: unknown): unknown {
  return made instanceof Reply ? made.answer : made
}

function withoutSecrets({ idempotent }: Operation, answer: unknown): unknown {
  if (typeof idempotent !== 'object' || typeof answer !== 'object' || answer === null) return answer
  return { ...answer, ...Object.fromEntries(idempotent.shownOnce.map((member) => [member, null])) }
}
