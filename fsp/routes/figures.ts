import type { Instant } from '@js-joda/core'
import { and, eq, gte, inArray, lt, sql } from 'drizzle-orm'
import type { FspContext } from '../app/context.ts'
import { type Connector, GroupWriter, type SentSetpoint, volts } from '../chargepoints/index.ts'
import { type Awaited, effectOf } from './effect-rules.ts'
import { routeDelivery } from './tables.ts'

export type Route = typeof routeDelivery.$inferSelect.route

/** What a report is broken down by, besides the route. */
export interface Breakdown {
  model: boolean
  depot: boolean
  day: boolean
}

/** What a message costs by each route, £. */
export type RouteCosts = Record<Route, number>

/** Kept for two years, so that a year can be compared with the one before. */
const keptDays = 2 * 365

/** How set points travel: every message with its latency, result, effect and cost (I3). */
export class RouteFigures {
  readonly #context: FspContext
  readonly #costs: RouteCosts
  readonly #rows: GroupWriter<typeof routeDelivery>
  readonly #awaited = new Map<Connector, Awaited & { at: Instant }>()

  constructor(context: FspContext, costs: Partial<RouteCosts> = {}) {
    this.#context = context
    this.#costs = { direct: 0, 'site-controller': 0, 'over-the-air': 0, ...costs }
    this.#rows = new GroupWriter(context.db, routeDelivery)
  }

  /** A set point was sent, and answered or not. */
  async sent(given: SentSetpoint): Promise<void> {
    const { unit, socket, sentAt, limitA, attempt, result, answeredAt } = given
    const { identity, depotId, route, model } = unit
    const latencyMs = answeredAt === null ? null : answeredAt.toEpochMilli() - sentAt.toEpochMilli()
    const costMicroGbp = result === 'not-connected' ? 0 : Math.round(this.#costs[route] * 1e6)
    const protocol = unit.link?.protocol ?? null
    const connector = socket?.connector ?? 0
    const row = { identity, connector, sentAt, depotId, model: model.model, route, protocol }
    await this.#rows.add({ ...row, limitA, attempt, result, latencyMs, effectMs: null, costMicroGbp })
    if (socket && result === 'accepted') this.#await(socket, sentAt, limitA)
  }

  /** A reading of a socket's power has come. */
  async metered(socket: Connector, atMs: number, powerW: number | null): Promise<void> {
    const awaited = this.#awaited.get(socket)
    if (!awaited || powerW === null) return
    const effect = effectOf(awaited, { atMs, currentA: powerW / volts / socket.unit.model.phases })
    if (effect === 'not-yet') return
    this.#awaited.delete(socket)
    if (effect === 'pointless') return
    await this.#context.db
      .update(routeDelivery)
      .set({ effectMs: atMs - awaited.sentMs })
      .where(
        and(
          eq(routeDelivery.identity, socket.unit.identity),
          eq(routeDelivery.connector, socket.connector),
          eq(routeDelivery.sentAt, awaited.at),
        ),
      )
  }

  /** Sums over depots from one instant up to another, by route and what else is asked for. */
  async report(depotIds: readonly string[], from: Instant, to: Instant, by: Breakdown) {
    const { route, model, depotId, sentAt, result, attempt, latencyMs, effectMs, costMicroGbp } = routeDelivery
    const day = sql<string>`to_char(${sentAt} at time zone 'Europe/London', 'YYYY-MM-DD')`
    const keys = [route, ...(by.model ? [model] : []), ...(by.depot ? [depotId] : []), ...(by.day ? [day] : [])]
    const count = (condition: ReturnType<typeof sql>) => sql<number>`(count(*) filter (where ${condition}))::int`
    const share = (at: number, column: typeof latencyMs | typeof effectMs) =>
      sql<number | null>`percentile_cont(${sql.raw(String(at))}) within group (order by ${column})`
    const rows = await this.#context.db
      .select({
        route,
        model: by.model ? model : sql<null>`null`,
        depotId: by.depot ? depotId : sql<null>`null`,
        day: by.day ? day : sql<null>`null`,
        messages: count(sql`true`),
        accepted: count(sql`${result} = 'accepted'`),
        refused: count(sql`${result} in ('rejected', 'not-supported')`),
        lost: count(sql`${result} in ('no-answer', 'not-connected')`),
        retries: count(sql`${attempt} > 1`),
        latencyMedianMs: share(0.5, latencyMs),
        latencyP95Ms: share(0.95, latencyMs),
        effectsSeen: count(sql`${effectMs} is not null`),
        effectMedianMs: share(0.5, effectMs),
        effectP95Ms: share(0.95, effectMs),
        costMicroGbp: sql<number>`coalesce(sum(${costMicroGbp}), 0)::float8`,
      })
      .from(routeDelivery)
      .where(and(inArray(depotId, [...depotIds]), gte(sentAt, from), lt(sentAt, to)))
      .groupBy(...keys)
      .orderBy(...keys)
    return rows.map(({ costMicroGbp: cost, ...row }) => ({
      ...row,
      lossShare: row.lost / row.messages,
      costGbp: cost / 1e6,
      costPerSetpointGbp: row.accepted === 0 ? null : cost / 1e6 / row.accepted,
    }))
  }

  async purge(now: Instant): Promise<void> {
    await this.#context.db.delete(routeDelivery).where(lt(routeDelivery.sentAt, now.minusSeconds(keptDays * 86_400)))
  }

  /** Waits for the effect, where a meter could show one. */
  #await(socket: Connector, at: Instant, limitA: number): void {
    const powerW = socket.samples.at(-1)?.powerW ?? null
    this.#awaited.delete(socket)
    if (powerW === null) return
    const drawnA = powerW / volts / socket.unit.model.phases
    this.#awaited.set(socket, { at, sentMs: at.toEpochMilli(), limitA, drawnA })
  }
}
