import { randomUUID } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import { and, asc, eq, isNull, ne } from 'drizzle-orm'
import type { Clock } from '../../platform/clock/index.ts'
import type { Database, Queryable } from '../../platform/db/index.ts'
import { ProblemError } from '../../platform/http/index.ts'
import { digestOf, newSecret } from '../../platform/secrets/index.ts'
import type { DepotKey } from '../../schemas/fsp/depot-access.ts'
import type { DepotFeed } from '../../schemas/vocabulary/roles.ts'
import type { FeedProgram } from '../kit/index.ts'
import type { Note } from './accounts.ts'
import { depotKey } from './tables.ts'

type KeyRow = typeof depotKey.$inferSelect

/** A key with its secret, to be shown this once. */
export type ShownKey = DepotKey & { secret: string }

/** Who made the keys that the FSP was started with. */
const startUp = 'start-up'
/** How exactly the last use is known, s. */
const usePrecisionS = 60

/** Keys of programs, each for one feed of some depots; the secret is kept by its digest only. */
export class FeedKeys {
  readonly #db: Database
  readonly #clock: Clock

  constructor(db: Database, clock: Clock) {
    this.#db = db
    this.#clock = clock
  }

  async list(): Promise<DepotKey[]> {
    return (await this.#db.select().from(depotKey).orderBy(asc(depotKey.createdAt))).map(viewOf)
  }

  /** The program whose valid key a token is. */
  async find(token: string): Promise<FeedProgram | null> {
    const now = this.#clock.now()
    const [row] = await this.#db
      .select()
      .from(depotKey)
      .where(eq(depotKey.secretDigest, digestOf(token)))
    if (!row || row.revokedAt || (row.expiresAt && !row.expiresAt.isAfter(now))) return null
    const { keyId, name, feed, depotIds, lastUsedAt } = row
    if (!lastUsedAt?.isAfter(now.minusSeconds(usePrecisionS)))
      await this.#db.update(depotKey).set({ lastUsedAt: now }).where(eq(depotKey.keyId, keyId))
    return { kind: 'feed', keyId, name, feed, depotIds: depotIds && new Set(depotIds) }
  }

  create(
    given: { name: string; feed: DepotFeed; depotIds: string[] | null; validDays: number },
    createdBy: string,
    note: Note,
  ): Promise<ShownKey> {
    const { validDays, ...key } = given
    const expiresAt = this.#clock.now().plusSeconds(validDays * 86_400)
    return this.#db.transaction((tx) => this.#insert(tx, key, createdBy, expiresAt, note))
  }

  /** Makes a key that replaces another: as long valid as that was made for, while the old one ends after the overlap. */
  async rotate(keyId: string, overlapHours: number, createdBy: string, note: Note): Promise<ShownKey> {
    const now = this.#clock.now()
    const end = now.plusSeconds(overlapHours * 3_600)
    return this.#db.transaction(async (tx) => {
      const old = await this.#byId(tx, keyId)
      const hasEnded = old.revokedAt !== null || (old.expiresAt !== null && !old.expiresAt.isAfter(now))
      if (hasEnded) throw new ProblemError('conflict', 'This key has ended: create another.')
      const lifeMs = old.expiresAt && old.expiresAt.toEpochMilli() - old.createdAt.toEpochMilli()
      if (!old.expiresAt || end.isBefore(old.expiresAt))
        await tx.update(depotKey).set({ expiresAt: end }).where(eq(depotKey.keyId, keyId))
      return this.#insert(tx, old, createdBy, lifeMs === null ? null : now.plusMillis(lifeMs), note)
    })
  }

  async revoke(keyId: string, note: Note): Promise<void> {
    await this.#db.transaction(async (tx) => {
      const { revokedAt } = await this.#byId(tx, keyId)
      const change = { revokedAt: revokedAt ?? this.#clock.now() }
      await tx.update(depotKey).set(change).where(eq(depotKey.keyId, keyId))
      await note(tx, keyId)
    })
  }

  /** The keys that the FSP is started with, each for one feed of all depots. Those of an earlier start end. */
  async provide(secrets: Partial<Record<DepotFeed, string>>): Promise<void> {
    const now = this.#clock.now()
    for (const [feed, secret] of Object.entries(secrets) as [DepotFeed, string][]) {
      const digest = digestOf(secret)
      const isEarlier = and(eq(depotKey.createdBy, startUp), eq(depotKey.feed, feed), ne(depotKey.secretDigest, digest))
      await this.#db
        .update(depotKey)
        .set({ revokedAt: now })
        .where(and(isEarlier, isNull(depotKey.revokedAt)))
      const row = this.#rowOf({ name: `${feed} of all depots`, feed, depotIds: null }, startUp, null, digest)
      await this.#db
        .insert(depotKey)
        .values(row)
        .onConflictDoUpdate({
          target: depotKey.secretDigest,
          set: { revokedAt: null, expiresAt: null, feed, depotIds: null },
        })
    }
  }

  async #insert(
    tx: Queryable,
    key: Pick<KeyRow, 'name' | 'feed' | 'depotIds'>,
    createdBy: string,
    expiresAt: Instant | null,
    note: Note,
  ): Promise<ShownKey> {
    const secret = newSecret()
    const row = this.#rowOf(key, createdBy, expiresAt, digestOf(secret))
    await tx.insert(depotKey).values(row)
    await note(tx, row.keyId)
    return { ...viewOf(row), secret }
  }

  #rowOf(
    { name, feed, depotIds }: Pick<KeyRow, 'name' | 'feed' | 'depotIds'>,
    createdBy: string,
    expiresAt: Instant | null,
    secretDigest: string,
  ): KeyRow {
    const createdAt = this.#clock.now()
    const ends = { expiresAt, revokedAt: null, lastUsedAt: null }
    return { keyId: randomUUID(), name, feed, depotIds, secretDigest, createdBy, createdAt, ...ends }
  }

  async #byId(tx: Queryable, keyId: string): Promise<KeyRow> {
    const [row] = await tx.select().from(depotKey).where(eq(depotKey.keyId, keyId)).for('update')
    if (!row) throw new ProblemError('not-found', `Key ${keyId} not found.`)
    return row
  }
}

function viewOf({ secretDigest: _, ...row }: KeyRow): DepotKey {
  return {
    ...row,
    createdAt: row.createdAt.toString(),
    expiresAt: row.expiresAt?.toString() ?? null,
    revokedAt: row.revokedAt?.toString() ?? null,
    lastUsedAt: row.lastUsedAt?.toString() ?? null,
  }
}
