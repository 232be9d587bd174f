import { codeOf } from '../../platform/errors/index.ts'
import { Reply } from '../../platform/http/index.ts'
import { isFile, isRead, type Operation } from '../../schemas/vocabulary/operation.ts'
import type { Actor } from './actors.ts'
import type { Call, SpecialVerb, Verb } from './calls.ts'
import type { ServerContext } from './context.ts'
import { Digested } from './digested.ts'
import { claimKey, digestOfData, type KeyedRequest, keepAnswer, keyIn, requireSame } from './idempotency.ts'
import { callOf, type Http } from './opening.ts'
import { notACursor } from './paging.ts'

// The verb of any operation; the type of its call is known where it is bound.
// biome-ignore lint/suspicious/noExplicitAny: see above
export type AnyVerb = Verb<any> | SpecialVerb<any>

/** How an operation's verb is run: a read as it is, a change in one transaction, or a verb with its own transactions. */
export function runnerOf(stated: Operation, bound: AnyVerb): (context: ServerContext, c: Http) => Promise<unknown> {
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
