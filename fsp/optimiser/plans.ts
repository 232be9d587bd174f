import { Instant } from '@js-joda/core'
import { dayTypeOf } from '../../platform/calendar/index.ts'
import type { DepotPlan, PlanPeriod } from '../../schemas/fsp/depot-plan.ts'
import type { Country } from '../../schemas/vocabulary/country.ts'
import { clockTimeOf, quarterOf, tradingDayOf } from '../../schemas/vocabulary/time.ts'
import type { FspContext } from '../app/context.ts'
import type { Depot } from '../registers/index.ts'
import { horizonEnd } from '../vehicles/index.ts'
import type { EnergyPlan } from './energy-plans.ts'
import { type ExpectedEvent, planPeriods } from './planner.ts'
import { type AgreedProfile, capacitySources, type DnoLimit, optionsOf } from './situation.ts'

/** Mean loads of a time of day, W. */
export interface LoadMeans {
  buildingW: number
  evLoadW: number | null
}

/** Mean loads of a depot by quarter-hour of local time. */
export type LoadHistory = (
  depotId: string,
  dayType: 'weekday' | 'weekend',
  now: Instant,
) => Promise<ReadonlyMap<string, LoadMeans>>

export interface PlanParts {
  dnoLimit: DnoLimit
  agreedProfile: AgreedProfile
  history: LoadHistory
  /** Whose bank holidays a depot keeps. */
  countryOf: (depotId: string) => Country
  /** The plan of the energy that a depot follows; else why there is none. */
  energy: (depotId: string) => { plan: EnergyPlan | null; reason: string | null }
  /** Turn-downs of the depot's unit from an instant to another. */
  expected: (depotId: string, from: Instant, to: Instant) => Promise<ExpectedEvent[]>
}

/** Means change slowly: they are asked for anew after this. */
const meansKeptMs = 60 * 60_000

/** The capacity of depots ahead: from now to the end of the second working day after today (H8). */
export class Plans {
  readonly #context: FspContext
  readonly #parts: PlanParts
  readonly #means = new Map<
    string,
    { atMs: number; byType: Record<'weekday' | 'weekend', ReadonlyMap<string, LoadMeans>> }
  >()

  constructor(context: FspContext, parts: PlanParts) {
    this.#context = context
    this.#parts = parts
  }

  /** Every quarter-hour ahead of a depot, each with its limits and their reasons. */
  async ahead(depot: Depot, now: Instant): Promise<{ until: Instant; periods: PlanPeriod[] }> {
    const { registers } = this.#context
    const country = this.#parts.countryOf(depot.depotId)
    const until = horizonEnd(now, country)
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
        meansAt: (at) => means[dayTypeOf(tradingDayOf(at), country)].get(clockTimeOf(at)),
      },
      now,
      until,
    )
    return { until, periods }
  }

  /** The plan of a depot as its API shows it. */
  async view(depot: Depot, now: Instant): Promise<DepotPlan> {
    const { until, periods } = await this.ahead(depot, now)
    const { plan, reason } = this.#parts.energy(depot.depotId)
    return {
      depotId: depot.depotId,
      madeAt: now.toString(),
      until: until.toString(),
      periods: plan ? periods.map((period) => withPlanned(period, plan)) : periods,
      energy: plan && {
        plannedAt: plan.at.toString(),
        shortWh: Math.round(plan.shortWh),
        costPence: Math.round(plan.costPence * 100) / 100,
        slots: plan.startsMs.map((ms) => Instant.ofEpochMilli(ms).toString()),
        vehicles: [...plan.vehicles].map(([key, { energyWh }]) => {
          const at = key.lastIndexOf('/')
          const [identity, connector] = [key.slice(0, at), Number(key.slice(at + 1))]
          return { identity, connector, energyWh: energyWh.map(Math.round) }
        }),
      },
      reason,
    }
  }

  async #meansOf(depotId: string, now: Instant) {
    const known = this.#means.get(depotId)
    const nowMs = now.toEpochMilli()
    if (known && nowMs - known.atMs < meansKeptMs) return known.byType
    const [weekday, weekend] = [
      await this.#parts.history(depotId, 'weekday', now),
      await this.#parts.history(depotId, 'weekend', now),
    ]
    const byType = { weekday, weekend }
    this.#means.set(depotId, { atMs: nowMs, byType })
    return byType
  }
}

/** A quarter-hour with what the plan gives the vehicles in it, W. */
function withPlanned(period: PlanPeriod, plan: EnergyPlan): PlanPeriod {
  const slot = plan.startsMs.indexOf(Date.parse(period.from))
  if (slot < 0) return period
  const wh = [...plan.vehicles.values()].reduce((sum, { energyWh }) => sum + (energyWh[slot] ?? 0), 0)
  return { ...period, evLoadW: Math.round(wh / (plan.hours[slot] ?? 1)), evLoadBasis: 'plan' }
}
