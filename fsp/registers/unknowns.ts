import { desc, eq, sql } from 'drizzle-orm'
import type { Clock } from '../../platform/clock/index.ts'
import type { Database } from '../../platform/db/index.ts'
import type { UnknownKind } from '../../schemas/fsp/registers/unknown.ts'
import { seenThing } from './tables.ts'

/** What is kept of each kind: anyone who reaches the port can make up identities. The one seen longest ago is dropped first. */
const mostKept = 2_000

export type SeenThing = typeof seenThing.$inferSelect

/** Tokens, vehicles and charge points that appeared without being registered. */
export class Unknowns {
  readonly #db: Database
  readonly #clock: Clock

  constructor({ db, clock }: { db: Database; clock: Clock }) {
    this.#db = db
    this.#clock = clock
  }

  /** Notes that something appeared. @param place the charge point, or for a charge point the address that it called from. */
  async saw(kind: UnknownKind, key: string, where: { depotId: string | null; place: string }): Promise<void> {
    const now = this.#clock.now()
    const row = { kind, key: key.slice(0, 255), ...where, firstSeenAt: now, lastSeenAt: now, times: 1 }
    const [made] = await this.#db
      .insert(seenThing)
      .values(row)
      .onConflictDoUpdate({
        target: [seenThing.kind, seenThing.key],
        set: { ...where, lastSeenAt: now, times: sql`${seenThing.times} + 1` },
      })
      .returning({ times: seenThing.times })
    if (made?.times === 1)
      await this.#db.execute(sql`
        delete from ${seenThing} where (kind, key) in (
          select kind, key from ${seenThing} where kind = ${kind} order by last_seen_at desc, key offset ${mostKept})`)
  }

  /** Everything that ever appeared without being registered, the newest first. */
  list(kind?: UnknownKind): Promise<SeenThing[]> {
    return this.#db
      .select()
      .from(seenThing)
      .where(kind === undefined ? undefined : eq(seenThing.kind, kind))
      .orderBy(desc(seenThing.lastSeenAt), seenThing.key)
  }
}
