import { createHash, randomUUID } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import { and, eq, lt } from 'drizzle-orm'
import type { Queryable } from '../../platform/db/index.ts'
import { ProblemError } from '../../platform/http/index.ts'
import { idempotencyKey } from './tables.ts'

/** A request that may be repeated: its sender, operation and target, key and content. */
export interface KeyedRequest {
  caller: string
  /** Method and path with its parameters: `POST /connections/9f…/monitors`. */
  request: string
  key: string
  /** Digest of everything that decides the effect; `null` until the body has been read. */
  digest: string | null
}

/** What is known of a request under its key. `id` identifies what it creates, however often it is sent. */
export interface Claim {
  id: string
  /** Answer to the first request; `null` while that is in progress or if it was interrupted. */
  first: { digest: string; answer: string } | null
}

const longestKey = 200

/** How long a key is remembered, days: far longer than any client retries, short enough that keys do not pile up. */
const rememberedDays = 30

/** A digest of plain data that does not depend on the order of keys. */
export function digestOfData(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex')
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`
}

/** The key that a request carries; `null` without one. */
export function keyIn(header: string | undefined): string | null {
  if (header === undefined) return null
  if (header.length < 1 || header.length > longestKey)
    throw new ProblemError('malformed', `Idempotency-Key must have 1 to ${longestKey} characters.`)
  return header
}

/**
 * Claims a key for a request. If a request under the same key is in progress elsewhere, the database waits for it; one that was
 * answered is returned with its answer. The same key with another digest is refused.
 */
export async function claimKey(tx: Queryable, at: Instant, given: KeyedRequest): Promise<Claim> {
  const { caller, request, key, digest } = given
  const [made] = await tx
    .insert(idempotencyKey)
    .values({ caller, request, key, digest, id: randomUUID(), at })
    .onConflictDoNothing()
    .returning({ id: idempotencyKey.id })
  if (made) return { id: made.id, first: null }
  const [found] = await tx.select().from(idempotencyKey).where(isKey(given))
  if (!found) throw new Error(`the key of ${request} is gone`)
  if (digest !== null) requireSame(found.digest, digest)
  const { id, answer } = found
  return { id, first: found.digest !== null && answer !== null ? { digest: found.digest, answer } : null }
}

/** Refuses a key that was used for another request. */
export function requireSame(first: string | null, digest: string): void {
  if (first === null || first === digest) return
  throw new ProblemError(
    'conflict',
    'This Idempotency-Key was used before for a different request: use a new key for a new request.',
  )
}

/** Stores the answer to a request, for repeats. */
export async function keepAnswer(tx: Queryable, given: KeyedRequest, answer: unknown): Promise<void> {
  await tx
    .update(idempotencyKey)
    .set({ digest: given.digest, answer: JSON.stringify(answer ?? null) })
    .where(isKey(given))
}

function isKey({ caller, request, key }: KeyedRequest) {
  return and(eq(idempotencyKey.caller, caller), eq(idempotencyKey.request, request), eq(idempotencyKey.key, key))
}

/** Deletes keys that are too old to be repeated. */
export async function forgetOldKeys(tx: Queryable, at: Instant): Promise<void> {
  await tx.delete(idempotencyKey).where(lt(idempotencyKey.at, at.minusSeconds(rememberedDays * 86_400)))
}
