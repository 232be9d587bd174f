import type { ReadableStream } from 'node:stream/web'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { z } from 'zod'
import type { Queryable } from '../../platform/db/index.ts'
import {
  type Answered,
  createRouter,
  type Given,
  givenOf,
  isVersioned,
  type RouteFrame,
  serveOperation,
  versionIn,
} from '../../platform/http/index.ts'
import { type Access, wordsOf } from '../../schemas/vocabulary/access.ts'
import {
  type BodyOf,
  isRead,
  type Operation,
  type Operations,
  type ParamsOf,
  type QueryOf,
} from '../../schemas/vocabulary/operation.ts'
import { requireAccess, requireDepot } from './access-rules.ts'
import type { Caller, CallerOf } from './callers.ts'

/** What a person did: `depot.mode-set` to a depot. */
export interface AuditRecord {
  action: string
  subject: string
  detail?: Record<string, unknown>
}

/** What a verb of the FSP works with. */
export interface Call<O extends Operation> {
  /** Narrowed to the operation's access rule, which has been enforced, with the depot in the path. */
  readonly caller: CallerOf<O['access']>
  readonly params: ParamsOf<O>
  readonly query: QueryOf<O>
  readonly body: O extends { body: z.ZodType } ? BodyOf<O> : ReadableStream
  /** The version that a change starts from, from `If-Match`; `null` if nothing should exist yet. */
  readonly version: string | null
  /** Address that the request came from. */
  readonly address: string | undefined
  /** Records what the caller does: in the transaction of the change, or, where there is none, before it takes effect. */
  audit(record: AuditRecord, tx?: Queryable): Promise<void>
}

/** The one function that carries out an operation. */
type Verb<O extends Operation> = (call: Call<O>) => Promise<Answered<O>> | Answered<O>

/** A verb for each operation of a set; an operation without a verb, or a verb without an operation, does not compile. */
type Verbs<Ops extends Operations> = { readonly [K in keyof Ops]: Verb<Ops[K]> }

/** How callers of one of the FSP's APIs say who they are, and where what they do is recorded. */
export interface Entrance {
  /** `null` for a request that states nobody; throws a problem for a false statement. What the caller may do is not decided here. */
  identify(request: Request): Promise<Caller | null> | Caller | null
  record?(caller: Caller, record: AuditRecord, tx?: Queryable): Promise<void>
  /** Problems of every operation that needs a caller. */
  problems: RouteFrame['problems']
}

interface Variables {
  caller: Caller | null
}

/** Binds a verb to each operation of a set. Each operation's access rule is enforced here, and nowhere else. */
export function bind<Ops extends Operations>(operations: Ops, entrance: Entrance, verbs: Verbs<Ops>) {
  const router = createRouter<Variables>()
  for (const [name, stated] of Object.entries(operations)) {
    const verb = verbs[name] as unknown as AnyVerb
    serveOperation(router, stated, frameOf(stated.access, entrance), (c) => run(stated, entrance, verb, c))
  }
  return router
}

type AnyVerb = (
  call: Given & { caller: Caller | null; version: string | null; address: string | undefined; audit: Audit },
) => unknown
type Audit = (record: AuditRecord, tx?: Queryable) => Promise<void>

function frameOf(access: Access, { identify, problems }: Entrance): RouteFrame {
  if (access === 'anyone') return { problems: [] }
  const middleware = createMiddleware<{ Variables: Variables }>(async (c, next) => {
    const caller = await identify(c.req.raw)
    requireAccess(caller, access)
    c.set('caller', caller)
    await next()
  })
  return { needs: wordsOf(access), problems, middleware }
}

async function run(
  stated: Operation,
  { record }: Entrance,
  verb: AnyVerb,
  c: Context<{ Variables: Variables }>,
): Promise<unknown> {
  const caller = c.get('caller') ?? null
  const given = givenOf(stated, c)
  requireDepot(caller, given.params, isRead(stated))
  let isRecorded = false
  const audit: Audit = async (entry, tx) => {
    if (!caller || !record) throw new Error(`${stated.summary}: there is no record for what this caller does`)
    isRecorded = true
    await record(caller, entry, tx)
  }
  const answer = await verb({
    caller,
    params: given.params,
    query: given.query,
    get body() {
      return given.body
    },
    version: isVersioned(stated)
      ? versionIn({ ifMatch: c.req.header('if-match'), ifNoneMatch: c.req.header('if-none-match') })
      : null,
    address: addressOf(c),
    audit,
  })
  if ((caller?.kind === 'person' || caller?.kind === 'driver') && !isRead(stated) && !isRecorded)
    throw new Error(`${stated.method} ${stated.path} changed something without a record of it`)
  return answer
}

/** The connection's address; there is none where a request did not come over a socket. */
function addressOf(c: Context): string | undefined {
  const { incoming } = (c.env ?? {}) as { incoming?: { socket?: { remoteAddress?: string } } }
  return incoming?.socket?.remoteAddress
}
