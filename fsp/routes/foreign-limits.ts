import type { Instant } from '@js-joda/core'
import { desc, eq, isNull } from 'drizzle-orm'
import type { FspContext } from '../app/context.ts'
import { type Connector, type Units, volts } from '../chargepoints/index.ts'
import { type Foreign, foreignIn, type Seen } from './effect-rules.ts'
import { foreignLimit } from './tables.ts'

type Row = typeof foreignLimit.$inferSelect
/** Limits that a list shows. */
const most = 500
/** A vehicle that is nearly full takes less for an hour: it is not asked about every minute. */
const askAgainMs = 5 * 60_000
/** The optimiser lowers a limit to 2 A above what a vehicle takes; less than that is worth the question, A. */
const shortByA = 1.5

/** Limits at sockets that are not ours (I5): found by what is drawn, by what units say that they allow, and by what they state of others. */
export class ForeignLimits {
  readonly #context: FspContext
  readonly #units: Units
  readonly #open = new Map<string, Row>()
  /** What units have stated of the limits of others, by socket. */
  readonly #stated = new Set<string>()
  readonly #allowed = new Map<Connector, { atMs: number; said: Seen['allowed'] }>()

  constructor(context: FspContext, units: Units) {
    this.#context = context
    this.#units = units
  }

  async load(): Promise<void> {
    const rows = await this.#context.db.select().from(foreignLimit).where(isNull(foreignLimit.endedAt))
    for (const row of rows) this.#open.set(`${row.identity}/${row.connector}`, row)
  }

  /** Looks at every socket of the units that are linked. */
  async check(now: Instant): Promise<void> {
    const sockets = this.#units.all.flatMap((unit) => (unit.link ? unit.connectors : []))
    await Promise.all(sockets.map((socket) => this.#check(socket, now)))
  }

  /** A unit has stated that somebody else limits a socket (0: all of them), or no longer does. */
  state(identity: string, connector: number, isLimited: boolean): void {
    const sockets = this.#units.find(identity)?.connectors ?? []
    for (const each of sockets.filter((socket) => connector === 0 || socket.connector === connector)) {
      if (isLimited) this.#stated.add(keyOf(each))
      else this.#stated.delete(keyOf(each))
    }
  }

  /** Those that hold, each in a sentence. */
  holding(): { identity: string; connector: number; depotId: string; message: string }[] {
    return [...this.#open.values()].map(({ identity, connector, depotId, kind, limitA, seenA, seenBy }) => {
      const seen = seenA === null ? `is held ${kind} it` : `has ${Math.round(seenA * 10) / 10} A`
      const message = `Socket ${connector} of ${identity} ${seen} where we allow ${limitA} A, by its ${seenBy}.`
      return { identity, connector, depotId, message }
    })
  }

  /** Those of a depot, the newest first. */
  async list(depotId: string): Promise<Row[]> {
    return this.#context.db
      .select()
      .from(foreignLimit)
      .where(eq(foreignLimit.depotId, depotId))
      .orderBy(desc(foreignLimit.foreignLimitId))
      .limit(most)
  }

  async #check(socket: Connector, now: Instant): Promise<void> {
    const { inForce, unit, transaction } = socket
    const nowMs = now.toEpochMilli()
    const isInForce = transaction !== null && inForce !== null && inForce.validToMs > nowMs
    const ours = isInForce ? { limitA: inForce.limitA, sinceMs: inForce.changedMs } : null
    const readings = socket.samples.flatMap(({ atMs, powerW }) =>
      powerW === null ? [] : [{ atMs, currentA: powerW / volts / unit.model.phases }],
    )
    const seen = { ours, readings, status: socket.status, allowed: null }
    const found = foreignIn(seen)
    const isStated = ours !== null && this.#stated.has(keyOf(socket))
    if (found?.kind === 'above') return this.#hold(socket, found, now)
    // What it allows is asked for only where it matters: the question is a message too.
    const isSuspect = found !== null || isStated || (ours !== null && isShort(readings, ours))
    const allowed = isSuspect && ours ? await this.#allowedNow(socket, ours.sinceMs, nowMs) : null
    const judged = foreignIn({ ...seen, allowed })
    if (judged) return this.#hold(socket, judged, now)
    if (isStated) return this.#hold(socket, { kind: 'below', seenBy: 'statement', seenA: null }, now)
    await this.#end(socket, now)
  }

  /** What a unit says that a socket may draw, as it said within the last minutes, and since our limit is what it is. */
  async #allowedNow(socket: Connector, sinceMs: number, nowMs: number): Promise<Seen['allowed']> {
    const known = this.#allowed.get(socket)
    if (known && nowMs - known.atMs < askAgainMs && known.atMs > sinceMs) return known.said
    const allowedA = (await socket.unit.link?.allowedA(socket.connector)) ?? null
    const said = allowedA === null ? null : { atMs: nowMs, currentA: allowedA }
    this.#allowed.set(socket, { atMs: nowMs, said })
    return said
  }

  async #hold(
    socket: Connector,
    found: NonNullable<Foreign> | { kind: 'below'; seenBy: 'statement'; seenA: null },
    now: Instant,
  ): Promise<void> {
    const { unit, connector, inForce } = socket
    const open = this.#open.get(keyOf(socket))
    const { db, log } = this.#context
    if (open?.kind === found.kind) {
      open.lastAt = now
      await db.update(foreignLimit).set({ lastAt: now, seenA: found.seenA }).where(isRow(open))
      return
    }
    await this.#end(socket, now)
    const { identity, depotId } = unit
    const limitA = inForce?.limitA ?? 0
    const [row] = await db
      .insert(foreignLimit)
      .values({ depotId, identity, connector, ...found, limitA, since: now, lastAt: now })
      .returning()
    if (!row) throw new Error('a foreign limit was not kept')
    this.#open.set(keyOf(socket), row)
    log.warn({ identity, connector, kind: found.kind, limitA, seenA: found.seenA }, 'a limit that is not ours holds')
  }

  async #end(socket: Connector, now: Instant): Promise<void> {
    const open = this.#open.get(keyOf(socket))
    if (!open) return
    this.#open.delete(keyOf(socket))
    await this.#context.db.update(foreignLimit).set({ endedAt: now }).where(isRow(open))
    const { identity, connector } = open
    this.#context.log.info({ identity, connector }, 'our limit holds again')
  }
}

function keyOf({ unit, connector }: Connector): string {
  return `${unit.identity}/${connector}`
}

function isRow({ foreignLimitId }: Row) {
  return eq(foreignLimit.foreignLimitId, foreignLimitId)
}

/** Whether less is drawn than our limit by enough to ask why: a vehicle that is nearly full, or another limit. */
function isShort(readings: readonly { atMs: number; currentA: number }[], ours: { limitA: number; sinceMs: number }) {
  const last = readings.at(-1)
  return last !== undefined && last.atMs > ours.sinceMs + 60_000 && last.currentA < ours.limitA - shortByA
}
