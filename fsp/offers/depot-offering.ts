import type { Instant } from '@js-joda/core'
import { LocalTime } from '@js-joda/core'
import type { PlanPeriod } from '../../schemas/fsp/depot-plan.ts'
import { isInWindow } from '../../schemas/market/windows.ts'
import { instantOf, quarterOf, settlementZone, tradingDayOf } from '../../schemas/vocabulary/time.ts'
import type { FspContext } from '../app/context.ts'
import type { Plans } from '../optimiser/index.ts'
import type { AskedFor, Offering } from './offering.ts'
import { laterCost } from './rules/later-cost.ts'
import type { PricePolicy } from './rules/pricing.ts'
import type { Claim } from './rules/stacking.ts'

/** How the depots bid. Their own figures: what a control desk and a van that is not full cost them. */
export const depotPolicy: PricePolicy = {
  offerQuantile: 0.2,
  leastW: 1_000,
  roundToW: 500,
  handlingGbpPerMwh: 250,
  standbyGbpPerMwH: 12,
  shortGbpPerMwh: 1_000,
  marginShare: 0.1,
}

/** Vans leave in the morning: energy that is put off is charged before. */
const leavesAt = LocalTime.of(6, 0)

/** What the depots offer: every depot for every product, down only, at what their tariff and plan of energy make of charging later. */
export function depotOffering(context: FspContext, plans: Plans): Offering {
  const depotOf = (depotId: string) => context.depots.find((each) => each.depotId === depotId)
  return {
    policy: depotPolicy,
    isOffered: (_depotId, { direction }) => direction === 'turn-down',
    mostW: () => null,

    async laterGbpPerMwh(depotId, now) {
      const depot = depotOf(depotId)
      const periods = depot ? (await plans.ahead(depot, now)).periods : []
      return laterCosts(periods)
    },

    async claims(depotId, now) {
      const depot = depotOf(depotId)
      const events = [...context.registers.now().flexibilityEvents.values()].filter((each) => each.depotId === depotId)
      const agreed = events.filter(({ state }) => state === 'agreed')
      const moved = depot
        ? movedByPlan((await plans.ahead(depot, now)).periods, (await plans.view(depot, now)).periods)
        : new Map()
      return (at) => {
        const atMs = at.toEpochMilli()
        const ofOthers = agreed
          .filter(({ from, to }) => Date.parse(from) <= atMs && atMs < Date.parse(to))
          .map(({ name, reductionW }): Claim => ({ holder: 'others', name, powerW: reductionW }))
        const movedW = moved.get(quarterOf(atMs)) ?? 0
        return movedW > 0 ? [...ofOthers, { holder: 'tariff', name: 'plan of the energy', powerW: movedW }] : ofOthers
      }
    },
  }
}

/** What the plan of the energy has moved out of each quarter-hour, by what vehicles usually draw then, W. */
function movedByPlan(usual: readonly PlanPeriod[], planned: readonly PlanPeriod[]): Map<number, number> {
  return new Map(
    planned.flatMap(({ from, evLoadW, evLoadBasis }, i) => {
      const usualW = usual[i]?.evLoadW ?? null
      if (evLoadBasis !== 'plan' || evLoadW === null || usualW === null) return []
      return [[Date.parse(from), Math.max(0, usualW - evLoadW)] as const]
    }),
  )
}

/**
 * The cost, by what is asked, of what is put off on the first day ahead with the windows: it is charged afterwards, before the vehicles leave
 * in the morning, where headroom is left. Where the days ahead have none of the windows, nothing is known, and it costs nothing more.
 */
export function laterCosts(periods: readonly PlanPeriod[]): (asked: Pick<AskedFor, 'powerW' | 'windows'>) => number {
  // A day is asked for quarter-hour by quarter-hour.
  const ahead = periods.map(({ from, headroomW, evLoadW, pencePerKwh }) => {
    const at = instantOf(from)
    const freeWh = Math.max(0, headroomW - (evLoadW ?? 0)) / 4
    return { at, atMs: at.toEpochMilli(), day: tradingDayOf(at), pencePerKwh, freeWh }
  })
  return ({ powerW, windows }) => {
    const within = ahead.filter(({ at }) => isInWindow(windows, at))
    const [first] = within
    if (!first) return 0
    const asked = within.filter(({ day }) => day.equals(first.day))
    const last = asked.at(-1) ?? first
    const leavesMs = leavesAfter(last.at).toEpochMilli()
    const later = ahead.filter(({ atMs }) => atMs > last.atMs && atMs < leavesMs)
    const nowPence = asked.reduce((sum, { pencePerKwh }) => sum + pencePerKwh, 0) / asked.length
    return laterCost((powerW / 4) * asked.length, nowPence, later, depotPolicy.shortGbpPerMwh).gbpPerMwh
  }
}

function leavesAfter(at: Instant): Instant {
  const day = tradingDayOf(at)
  const own = day.atTime(leavesAt).atZone(settlementZone).toInstant()
  return own.isAfter(at) ? own : day.plusDays(1).atTime(leavesAt).atZone(settlementZone).toInstant()
}
