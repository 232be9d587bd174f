import { Instant, LocalDate } from '@js-joda/core'
import { eq, max, sql } from 'drizzle-orm'
import { toInstant } from '../../platform/db/index.ts'
import type { DepotHistory } from '../../schemas/fsp/simulation.ts'
import { periodStarts, quarterMs, quarterOf } from '../../schemas/vocabulary/time.ts'
import type { FspContext } from '../app/context.ts'
import { type Connector, reachWh, registerReading, type Units } from '../chargepoints/index.ts'
import { meteredEnergies } from './books.ts'
import { believedReadings, isEstimated, quarterEnergies, type RegisterPoint, readingsAhead, roundWh } from './rules.ts'
import { meteredQuarter, meteringStart } from './tables.ts'

type Points = Map<string, RegisterPoint[]>

/** What a socket took in a quarter-hour. */
export interface SocketQuarter {
  identity: string
  connector: number
  periodStart: Instant
  energyWh: number
  quality: 'measured' | 'estimated'
}

/** Readings on each side of a span that tell dropouts from replaced registers: those ahead of a doubtful one, and one to judge them by. */
const contextReadings = readingsAhead + 1

/** Computes energy per depot and quarter-hour from registers. Late readings correct earlier results. */
export class Metering {
  readonly #context: FspContext
  readonly #units: Units
  /** Quarter-hours before the first one of our own are never recomputed: they are history. */
  #firstMs = 0
  #nextMs = 0
  #lastRun: Instant
  readonly #imported = new Map<string, string>()

  constructor(context: FspContext, units: Units) {
    this.#context = context
    this.#units = units
    this.#lastRun = context.clock.now()
  }

  /** Resumes where the last run ended, or starts with the first quarter-hour that this system sees completely. */
  async load(): Promise<void> {
    const { db, clock } = this.#context
    const first = quarterOf(clock.now().toEpochMilli() + quarterMs - 1)
    await db
      .insert(meteringStart)
      .values({ id: 1, since: Instant.ofEpochMilli(first) })
      .onConflictDoNothing()
    const [start] = await db.select().from(meteringStart)
    const [last] = await db
      .select({ start: max(meteredQuarter.periodStart), run: max(meteredQuarter.computedAt) })
      .from(meteredQuarter)
      .where(eq(meteredQuarter.source, 'registers'))
    this.#firstMs = start?.since.toEpochMilli() ?? first
    this.#nextMs = last?.start ? last.start.toEpochMilli() + quarterMs : this.#firstMs
    if (last?.run) this.#lastRun = last.run
  }

  /** Computes every past quarter-hour that is new or affected by readings received since the last run. */
  async compute(now: Instant): Promise<void> {
    const endMs = quarterOf(now.toEpochMilli())
    const fromMs = Math.min(this.#nextMs, await this.#touchedSince(this.#lastRun))
    const count = (endMs - fromMs) / quarterMs
    if (count > 0) {
      const points = await this.#points(fromMs, endMs)
      await this.#store(
        this.#context.depots.flatMap(({ depotId }) => this.#quartersOf(depotId, points, fromMs, count)),
        now,
      )
    }
    this.#nextMs = Math.max(this.#nextMs, endMs)
    this.#lastRun = now
  }

  /** FA04: accepts the history of an earlier day. Only past periods count, and none that our own meters measured. */
  async importHistory(history: DepotHistory): Promise<void> {
    const now = this.#context.clock.now()
    const known = `${now.toEpochMilli() >= this.#endOf(history) ? 'whole' : quarterOf(now.toEpochMilli())} ${history.energyWh}`
    const key = `${history.depotId} ${history.tradingDay}`
    if (this.#imported.get(key) === known) return
    const rows = startsOf(history).flatMap((start, i) => {
      const energyWh = history.energyWh[i]
      if (energyWh === undefined || start.toEpochMilli() + quarterMs > Math.min(now.toEpochMilli(), this.#nextMs))
        return []
      return [
        { depotId: history.depotId, periodStart: start, energyWh: roundWh(energyWh), quality: 'measured' as const },
      ]
    })
    await this.#store(
      rows.map((row) => ({ ...row, source: 'history' as const })),
      now,
    )
    this.#imported.set(key, known)
  }

  #endOf(history: DepotHistory): number {
    return (startsOf(history).at(-1)?.toEpochMilli() ?? 0) + quarterMs
  }

  /**
   * The earliest quarter-hour that readings received since an instant may change: that of the readings before them by which they are judged.
   * A reading after the last computed quarter-hour counts too: what the register rose by until then belongs partly to that one, and would
   * be in none. A register that has not moved since its last reading changes nothing before.
   */
  async #touchedSince(since: Instant): Promise<number> {
    const rows = await this.#context.db.execute<{ at: string | null }>(sql`
      select min(case when last.energy_wh is distinct from late.energy_wh then coalesce(before.at, late.at)
                      else late.at end) as at
      from (select distinct on (identity, connector) identity, connector, at, energy_wh from ${registerReading}
            where received_at >= ${since.toString()} order by identity, connector, at) late
      left join lateral (select r.energy_wh from ${registerReading} r
            where r.identity = late.identity and r.connector = late.connector and r.at < late.at
            order by r.at desc limit 1) last on true
      left join lateral (select r.at from ${registerReading} r
            where r.identity = late.identity and r.connector = late.connector and r.at < late.at
            order by r.at desc limit ${contextReadings}) before on true`)
    const at = rows[0]?.at
    return at ? Math.max(quarterOf(toInstant(at).toEpochMilli()), this.#firstMs) : Number.POSITIVE_INFINITY
  }

  /** Readings in a span by connector, with those before and after it by which they are judged. */
  async #points(fromMs: number, toMs: number): Promise<Points> {
    const [from, to] = [Instant.ofEpochMilli(fromMs).toString(), Instant.ofEpochMilli(toMs).toString()]
    const all = this.#units.all.flatMap((unit) => unit.connectors)
    const [identities, connectors] = [all.map((c) => c.unit.identity), all.map((c) => c.connector)]
    const rows = await this.#context.db.$client<{ identity: string; connector: number; ms: string; wh: number }[]>`
      select c.identity, c.connector, extract(epoch from r.at) * 1000 as ms, r.energy_wh as wh
      from unnest(${identities}::text[], ${connectors}::int[]) as c(identity, connector)
      cross join lateral (
        (select at, energy_wh from register_reading r where r.identity = c.identity and r.connector = c.connector
          and r.at <= ${from} order by at desc limit ${contextReadings})
        union all
        (select at, energy_wh from register_reading r where r.identity = c.identity and r.connector = c.connector
          and r.at > ${from} and r.at <= ${to})
        union all
        (select at, energy_wh from register_reading r where r.identity = c.identity and r.connector = c.connector
          and r.at > ${to} order by at limit ${contextReadings})) r
      order by c.identity, c.connector, r.at`
    const points: Points = new Map()
    for (const { identity, connector, ms, wh } of rows) {
      const key = `${identity}/${connector}`
      const own = points.get(key)
      if (own) own.push({ atMs: Number(ms), energyWh: wh })
      else points.set(key, [{ atMs: Number(ms), energyWh: wh }])
    }
    return points
  }

  #quartersOf(depotId: string, points: Points, fromMs: number, count: number) {
    const sums = Array<number>(count).fill(0)
    const estimated = Array<boolean>(count).fill(false)
    for (const socket of this.#units.connectorsOf(depotId))
      for (const [i, quarter] of quartersOfSocket(socket, points, fromMs, count).entries()) {
        sums[i] = (sums[i] ?? 0) + quarter.energyWh
        if (quarter.isEstimated) estimated[i] = true
      }
    return sums.map((energyWh, i) => ({
      depotId,
      periodStart: Instant.ofEpochMilli(fromMs + i * quarterMs),
      energyWh: roundWh(energyWh),
      quality: estimated[i] ? ('estimated' as const) : ('measured' as const),
      source: 'registers' as const,
    }))
  }

  async #store(
    rows: Omit<typeof meteredQuarter.$inferInsert, 'revision' | 'computedAt'>[],
    now: Instant,
  ): Promise<void> {
    for (let i = 0; i < rows.length; i += 2_000)
      await this.#context.db
        .insert(meteredQuarter)
        .values(rows.slice(i, i + 2_000).map((row) => ({ ...row, revision: 1, computedAt: now })))
        .onConflictDoUpdate({
          target: [meteredQuarter.depotId, meteredQuarter.periodStart],
          set: {
            energyWh: sql`excluded.energy_wh`,
            quality: sql`excluded.quality`,
            source: sql`excluded.source`,
            computedAt: sql`excluded.computed_at`,
            revision: sql`${meteredQuarter.revision} + 1`,
          },
          // History does not overwrite measurements, and equal values stay unchanged.
          setWhere: sql`(${meteredQuarter.energyWh}, ${meteredQuarter.quality}) is distinct from (excluded.energy_wh, excluded.quality)
            and not (${meteredQuarter.source} = 'registers' and excluded.source = 'history')`,
        })
  }

  /** What each of some sockets took in each quarter-hour of a span, by the rules by which a depot's energy is computed. */
  async socketQuarters(sockets: readonly Connector[], from: Instant, to: Instant): Promise<SocketQuarter[]> {
    const [fromMs, toMs] = [from.toEpochMilli(), to.toEpochMilli()]
    const points = await this.#points(fromMs, toMs)
    return sockets.flatMap((socket) =>
      quartersOfSocket(socket, points, fromMs, (toMs - fromMs) / quarterMs).map((quarter, i) => ({
        identity: socket.unit.identity,
        connector: socket.connector,
        periodStart: Instant.ofEpochMilli(fromMs + i * quarterMs),
        energyWh: roundWh(quarter.energyWh),
        quality: quarter.isEstimated ? ('estimated' as const) : ('measured' as const),
      })),
    )
  }

  /** A depot's metered energy in given quarter-hours, by epoch ms. */
  energies(depotId: string, starts: readonly Instant[]): Promise<Map<number, number>> {
    return meteredEnergies(this.#context.db, depotId, starts)
  }
}

/** What a socket took in each of `count` quarter-hours, and whether that is an estimate. */
function quartersOfSocket(socket: Connector, points: Points, fromMs: number, count: number) {
  const read = points.get(`${socket.unit.identity}/${socket.connector}`) ?? []
  const { points: own, doubtedMs } = believedReadings(read, (spanMs) => reachWh(socket.unit.model, spanMs))
  const doubted = new Set(doubtedMs.map((atMs) => Math.ceil((atMs - fromMs) / quarterMs) - 1))
  return quarterEnergies(own, fromMs, count).map((energyWh, i) => ({
    energyWh,
    isEstimated: doubted.has(i) || isEstimated(own, fromMs + (i + 1) * quarterMs, isCharging(socket)),
  }))
}

function isCharging(socket: Connector): boolean {
  return socket.transaction !== null && (socket.status === 'Charging' || socket.unit.link === null)
}

function startsOf(history: DepotHistory): Instant[] {
  return periodStarts(LocalDate.parse(history.tradingDay), 'PT15M')
}
