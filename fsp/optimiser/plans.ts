import { Instant } from '@js-joda/core'
import { dayTypeOf } from '../../platform/calendar/index.ts'
import type { DepotPlan, PlanPeriod } from '../../schemas/fsp/depot-plan.ts'
import { clockTimeOf, quarterOf, tradingDayOf } from '../../schemas/vocabulary/time.ts'
import type { FspContext } from '../app/context.ts'
import type { Depot } from '../registers/index.ts'
import { horizonEnd } from '../vehicles/index.ts'
import { type ExpectedEvent, planPeriods } from './planner.ts'
import { type AgreedProfile, capacitySources, type DnoLimit, optionsOf } from './situation.ts'

/** The mean load of a depot's building by quarter-hour of local time, W. */
export type BuildingMeans = (
  depotId: string,
  dayType: 'weekday' | 'weekend',
  now: Instant,
) => Promise<Map<string, number>>

export interface PlanParts {
  dnoLimit: DnoLimit
  agreedProfile: AgreedProfile
  buildingMeans: BuildingMeans
  /** Turn-downs of the depot's unit from an instant to another. */
  expected: (depotId: string, from: Instant, to: Instant) => Promise<ExpectedEvent[]>
}

/** Means change slowly: they are asked for anew after this. */
const meansKeptMs = 60 * 60_000

/** The capacity of depots ahead: from now to the end of the second working day after today (H8). */
export class Plans {
  readonly #context: FspContext
  readonly #parts: PlanParts
  readonly #means = new Map<string, { atMs: number; byType: Record<'weekday' | 'weekend', Map<string, number>> }>()

  constructor(context: FspContext, parts: PlanParts) {
    this.#context = context
    this.#parts = parts
  }

  /** Every quarter-hour ahead of a depot, each with its limits and their reasons. */
  async ahead(depot: Depot, now: Instant): Promise<{ until: Instant; periods: PlanPeriod[] }> {
    const { registers } = this.#context
    const until = horizonEnd(now)
    const { depotId } = depot
    const start = Instant.ofEpochMilli(quarterOf(now.toEpochMilli()))
    const means = await this.#meansOf(depotId, now)
    const snapshot = registers.now()
    const isOwn = (each: { depotId: string }) => each.depotId === depotId
    const offered = [...snapshot.flexibilityEvents.values()].filter(isOwn).map(
      (event): ExpectedEvent => ({
        kind: event.state,
        name: event.name,
        fromMs: Date.parse(event.from),
        toMs: Date.parse(event.to),
        turnDownW: event.reductionW,
        // An agreed one is in the capacity already.
        capW: null,
      }),
    )
    const periods = planPeriods(
      {
        depot,
        capacity: capacitySources(this.#context, this.#parts, depot),
        options: optionsOf(this.#context, depotId),
        tariffs: [...snapshot.tariffPeriods.values()].filter(isOwn),
        events: [...offered, ...(await this.#parts.expected(depotId, start, until))],
        buildingMeanW: (at) => means[dayTypeOf(tradingDayOf(at))].get(clockTimeOf(at)),
      },
      now,
      until,
    )
    return { until, periods }
  }

  /** The plan of a depot as its API shows it. */
  async view(depot: Depot, now: Instant): Promise<DepotPlan> {
    const { until, periods } = await this.ahead(depot, now)
    return {
      depotId: depot.depotId,
      madeAt: now.toString(),
      until: until.toString(),
      periods,
      energy: null,
      reason: 'Energy is not planned.',
    }
  }

  async #meansOf(depotId: string, now: Instant) {
    const known = this.#means.get(depotId)
    const nowMs = now.toEpochMilli()
    if (known && nowMs - known.atMs < meansKeptMs) return known.byType
    const [weekday, weekend] = [
      await this.#parts.buildingMeans(depotId, 'weekday', now),
      await this.#parts.buildingMeans(depotId, 'weekend', now),
    ]
    const byType = { weekday, weekend }
    this.#means.set(depotId, { atMs: nowMs, byType })
    return byType
  }
}
