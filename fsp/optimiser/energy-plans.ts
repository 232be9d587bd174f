import type { Instant } from '@js-joda/core'
import type { PlanPeriod } from '../../schemas/fsp/depot-plan.ts'
import { quarterMs } from '../../schemas/vocabulary/time.ts'
import type { FspContext } from '../app/context.ts'
import { type Connector, socketW } from '../chargepoints/index.ts'
import type { Depot } from '../registers/index.ts'
import type { EnergyProblem, EnergyResult } from './energy-model.ts'
import type { EnergySolver } from './energy-solver.ts'
import { keyOf, type Occupied } from './occupied.ts'
import { pressedMs } from './priority.ts'
import { optionsOf } from './situation.ts'
import { phaseCount } from './supply.ts'

/** When the energy of a depot is planned anew if nothing has changed, ms; and how old a plan may be that is still followed. */
const renewedMs = 5 * 60_000
const followedMs = 15 * 60_000

/** Less than a minute at the least current: rounding. */
const nothingWh = 10

/** A vehicle of a plan. */
interface PlannedVehicle {
  transactionId: number
  departureMs: number
  missingWh: number
  mostW: number
  /** What an ampere at its socket is, W. */
  perAmpereW: number
  energyWh: number[]
}

/** When a depot's vehicles are to be charged. */
export interface EnergyPlan {
  at: Instant
  /** Starts of its slots, ms; the first may have begun. */
  startsMs: number[]
  hours: number[]
  prices: number[]
  vehicles: ReadonlyMap<string, PlannedVehicle>
  shortWh: number
  costPence: number
}

export interface EnergyPlanParts {
  solver: EnergySolver
  /** The quarter-hours ahead of a depot. */
  ahead: (depot: Depot, at: Instant) => Promise<{ periods: PlanPeriod[] }>
  /** The vehicles at a depot, as the last decision saw them. */
  occupied: (depotId: string) => readonly Occupied[]
}

/**
 * The receding horizon: every five minutes, and when vehicles come or go, when each vehicle's energy costs least under the capacity ahead.
 * Decisions follow it; where there is nothing to shape, or no plan in time, vehicles are served by their spare time alone.
 */
export class EnergyPlans {
  readonly #context: FspContext
  readonly #parts: EnergyPlanParts
  readonly #plans = new Map<string, { plan: EnergyPlan | null; reason: string | null; atMs: number; of: string }>()

  constructor(context: FspContext, parts: EnergyPlanParts) {
    this.#context = context
    this.#parts = parts
  }

  /** The plan that a depot follows; else why there is none. */
  of(depotId: string): { plan: EnergyPlan | null; reason: string | null } {
    return this.#plans.get(depotId) ?? { plan: null, reason: 'No plan was made yet.' }
  }

  /** Plans anew where it is due. */
  async refresh(at: Instant): Promise<void> {
    for (const depot of this.#context.depots) await this.#refresh(depot, at)
  }

  /** What the plan gives a socket now, A; `null`: it leaves the socket to the order of urgency. */
  plannedA(connector: Connector, at: Instant): number | null {
    const { plan } = this.of(connector.unit.depotId)
    const atMs = at.toEpochMilli()
    if (!plan || atMs - plan.at.toEpochMilli() > followedMs) return null
    const vehicle = plan.vehicles.get(keyOf(connector))
    const slot = plan.startsMs.findLastIndex((ms) => ms <= atMs)
    if (!vehicle || vehicle.transactionId !== connector.transaction?.transactionId || slot < 0) return null
    const spareMs = vehicle.departureMs - atMs - (vehicle.missingWh / vehicle.mostW) * 3_600_000
    // One that is pressed is not held back by a plan that may be wrong.
    if (spareMs <= pressedMs) return null
    const ahead = plan.prices.filter((_, t) => t >= slot && (plan.startsMs[t] ?? 0) < vehicle.departureMs)
    const isCheapest = (plan.prices[slot] ?? 0) <= Math.min(...ahead)
    // At the cheapest time there is no reason to wait: what it does not need now it need not take later.
    if (isCheapest && optionsOf(this.#context, connector.unit.depotId).timing === 'earliest') return null
    const wh = vehicle.energyWh[slot] ?? 0
    if (wh < nothingWh) return 0
    const { model } = connector.unit
    const watts = wh / (plan.hours[slot] ?? 1)
    return Math.max(Math.ceil(model.minCurrentA), Math.ceil(watts / vehicle.perAmpereW - 1e-6))
  }

  async #refresh(depot: Depot, at: Instant): Promise<void> {
    const { depotId } = depot
    const reason = this.#reasonAgainst(depotId)
    const atMs = at.toEpochMilli()
    if (reason !== null) return void this.#plans.set(depotId, { plan: null, reason, atMs, of: '' })
    const occupied = this.#parts.occupied(depotId)
    const of = JSON.stringify([
      optionsOf(this.#context, depotId),
      occupied.map(({ connector }) => connector.transaction?.transactionId ?? null),
    ])
    const known = this.#plans.get(depotId)
    if (known && known.of === of && atMs - known.atMs < renewedMs) return
    const { periods } = await this.#parts.ahead(depot, at)
    const made = await this.#planOf(periods, occupied, depotId, at)
    if (made === null) this.#context.log.warn({ depotId }, 'no plan of the energy in time: serving by spare time')
    const why = made === null ? 'No solution was found in time.' : null
    this.#plans.set(depotId, { plan: made, reason: why, atMs, of })
  }

  #reasonAgainst(depotId: string): string | null {
    const { tariff, timing } = optionsOf(this.#context, depotId)
    const tariffs = [...this.#context.registers.now().tariffPeriods.values()]
    if (timing === 'latest' || (tariff && tariffs.some((each) => each.depotId === depotId))) return null
    return 'No tariff period is in use, and charging is as early as possible: vehicles are served by their spare time.'
  }

  async #planOf(periods: readonly PlanPeriod[], occupied: readonly Occupied[], depotId: string, at: Instant) {
    const atMs = at.toEpochMilli()
    const startsMs = periods.map(({ from }) => Date.parse(from))
    const hours = startsMs.map((ms) => (ms + quarterMs - Math.max(ms, atMs)) / 3_600_000)
    const vehicles = occupied.flatMap(({ connector, need, socket }) => {
      const { transaction, unit } = connector
      if (!transaction) return []
      const mostA = Math.min(socket.usefulA ?? unit.model.maxCurrentA, unit.model.maxCurrentA)
      const mostW = socketW({ maxCurrentA: mostA, phases: phaseCount(socket.place.wiring) })
      const slots = startsMs.filter((ms) => ms + quarterMs <= need.departureMs).length
      return [{ connector, transaction, need, slots, mostW, perAmpereW: mostW / mostA }]
    })
    const problem: EnergyProblem = {
      timing: optionsOf(this.#context, depotId).timing,
      slots: periods.map(({ headroomW, pencePerKwh }, t) => {
        const slotHours = hours[t] as number
        return { hours: slotHours, availableWh: headroomW * slotHours, pencePerKwh }
      }),
      vehicles: vehicles.map(({ slots, need: { missingWh }, mostW }) => ({ slots, missingWh, mostW })),
    }
    const solved: EnergyResult | null = await this.#parts.solver.solve(problem)
    if (solved === null) return null
    return {
      at,
      startsMs,
      hours,
      prices: problem.slots.map(({ pencePerKwh }) => pencePerKwh),
      shortWh: solved.shortWh,
      costPence: solved.costPence,
      vehicles: new Map(
        vehicles.map(({ connector, transaction, need, mostW, perAmpereW }, v) => {
          const { transactionId } = transaction
          const { departureMs, missingWh } = need
          const energyWh = solved.energyWh[v] as number[]
          return [keyOf(connector), { transactionId, departureMs, missingWh, mostW, perAmpereW, energyWh }]
        }),
      ),
    } satisfies EnergyPlan
  }
}
