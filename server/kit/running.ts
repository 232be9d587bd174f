import type { ReadableStream } from 'node:stream/web'
import { codeOf } from '../../platform/errors/index.ts'
import { Reply } from '../../platform/http/index.ts'
import { isFile, isRead, type Operation } from '../../schemas/vocabulary/operation.ts'
import type { Actor } from './actors.ts'
import type { Call, SpecialVerb, Verb } from './calls.ts'
import { onDatabase, onPool, type ServerContext } from './context.ts'
import { Digested } from './digested.ts'
import { claimKey, digestOfData, type KeyedRequest, keepAnswer, keyIn, requireSame } from './idempotency.ts'
import { callOf, type Http } from './opening.ts'
import { notACursor } from './paging.ts'
import type { PoolName } from './pools.ts'
import { confine, isConfined } from './tenant.ts'
import { uploadsOf } from './uploads.ts'

// The verb of any operation; the type of its call is known where it is bound.
// biome-ignore lint/suspicious/noExplicitAny: see above
export type AnyVerb = Verb<any> | SpecialVerb<any>

type PlainVerb = (call: object) => Promise<unknown>

/** How an operation's verb is run: a read as it is, a change in one transaction, or a verb with its own transactions. */
export function runnerOf(
  stated: Operation,
  bound: AnyVerb,
  usual: PoolName,
): (context: ServerContext, c: Http) => Promise<unknown> {
  const special: SpecialVerb<Operation> = typeof bound === 'function' ? { verb: bound } : bound
  const verb = special.verb as PlainVerb
  const pool = poolOf(stated, special, usual)
  if (stated.mayLag) return (context, c) => runReport(stated, verb, onPool(context, pool), c)
  if (isRead(stated)) return (context, c) => runRead(stated, verb, callOf(stated, onPool(context, pool), c).call)
  if (takesUpload(stated, special)) return (context, c) => runUpload(stated, special, onPool(context, pool), c)
  return special.ownsTransaction
    ? (context, c) => runInSteps(stated, verb, callOf(stated, onPool(context, pool), c))
    : (context, c) => runInOne(stated, verb, onPool(context, pool), c)
}

function takesUpload(stated: Operation, { isUpload }: SpecialVerb<Operation>): boolean {
  return isUpload === true || isFile(stated.body)
}

/** The connections of an operation: what a verb or its set states, but files have their own, in either direction. */
function poolOf(stated: Operation, special: SpecialVerb<Operation>, usual: PoolName): PoolName {
  if (special.pool) return special.pool
  if (takesUpload(stated, special)) return 'uploads'
  return isFile(stated.answer) ? 'reports' : usual
}

/** A read. A cursor that somebody made up can name values that its list cannot be compared with: that is the caller's mistake. */
async function runRead(stated: Operation, verb: PlainVerb, call: Call<Operation>): Promise<unknown> {
  try {
    return await (isConfined(call.actor) ? confined(stated, verb, call) : verb(call))
  } catch (error) {
    // Class 22 of PostgreSQL: data exceptions, such as a text that is not a time stamp.
    if ((call.query as { cursor?: string } | undefined)?.cursor && codeOf(error).startsWith('22')) throw notACursor()
    throw error
  }
}

/** The header that says where a report was read, if there is a replica: `primary`, or `replica; lag=SECONDS`. */
const readFrom = 'ringmain-read-from'

/** A report: from the replica where there is one that keeps up, otherwise from the primary. */
async function runReport(stated: Operation, verb: PlainVerb, context: ServerContext, c: Http): Promise<unknown> {
  const { replica } = context
  const onPrimary = () => runRead(stated, verb, callOf(stated, context, c).call)
  if (!replica) return onPrimary()
  const current = await replica.current()
  if (current) {
    c.header(readFrom, `replica; lag=${current.lagS.toFixed(3)}`)
    try {
      return await runRead(stated, verb, callOf(stated, onDatabase(context, current.db), c).call)
    } catch (error) {
      if (!replica.failed(error)) throw error
    }
  }
  c.header(readFrom, 'primary')
  return onPrimary()
}

/** A read by an FSP or a customer, in a transaction that sees its own rows only. */
function confined(stated: Operation, verb: PlainVerb, call: Call<Operation>): Promise<unknown> {
  return call.context.db.transaction(async (tx) => {
    await confine(tx, stated, call.actor)
    return verb({ ...call, db: tx })
  })
}

/** A change in one transaction: effect, audit entries and the stored answer are committed together or not at all. */
async function runInOne(stated: Operation, verb: (call: object) => Promise<unknown>, context: ServerContext, c: Http) {
  const { call, effects } = callOf(stated, context, c)
  const keyed = keyedRequest(stated, call)
  const answer = await context.db.transaction(async (tx) => {
    await confine(tx, stated, call.actor)
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

/** A change by a file or a long body: first what the address names is checked, then the body is taken in, and only then the verb runs. */
async function runUpload(stated: Operation, { verb, check }: SpecialVerb<Operation>, context: ServerContext, c: Http) {
  const opened = callOf(stated, context, c)
  const { call } = opened
  const run = (body: ReadableStream) =>
    runInSteps(stated, verb as PlainVerb, { ...opened, call: { ...call, body } as Call<Operation> })
  await (check as PlainVerb | undefined)?.(call)
  return uploadsOf(context).take(call.actor, () => call.body, run)
}

/** A change that opens its own transactions. Under a key it gets the same identifier each time, so that it can resume after a break. */
async function runInSteps(stated: Operation, verb: PlainVerb, { call, effects }: ReturnType<typeof callOf>) {
  const keyed = keyedRequest(stated, call)
  const made = keyed ? await runOnce(stated, verb, call, keyed) : await verb(call)
  await effects.writeAudit(call.context.db)
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
