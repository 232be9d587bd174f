import type { Instant } from '@js-joda/core'
import type { DepotExplanation, FaultKind } from '../../schemas/fsp/depot-plan.ts'
import { defaultOptions } from '../../schemas/fsp/registers/calendars.ts'
import type { SiteSchedule } from '../../schemas/market/customers.ts'
import type { Country } from '../../schemas/vocabulary/country.ts'
import type { FspContext } from '../app/context.ts'
import type { Units } from '../chargepoints/index.ts'
import { type Capacity, capacityAt, connectionLimitW, headroomW, type SiteLoads } from '../depots/index.ts'
import { type FeederLoad, type OtherLoad, otherLoadOf } from '../feeders/index.ts'
import type { Depot } from '../registers/index.ts'
import type { SupplyState } from './supply.ts'

/** The inputs to a depot's last decision, W. */
export interface Decision {
  at: Instant
  capacityW: number
  /** Every limit of the site's import, and which is the least. */
  limits: Capacity['limits']
  binding: Capacity['binding']['source']
  bufferW: number
  /** The site's import as last measured, and when; `null`: it is not known. */
  siteLoadW: number | null
  siteLoadAt: Instant | null
  buildingW: number
  /** `null`: the power of a socket is unknown. */
  evLoadW: number | null
  headroomW: number
  /** The site's import limit last set by the DNO; `null` for none beyond the agreed limit. */
  dnoLimitW: number | null
  /** Cap on the vehicles' load from a flexibility event; `null` without one. */
  flexibilityCapW: number | null
  /** What was shared among the sockets that can be commanded. */
  budgetW: number
  /** The site load was too old to trust: a conservative figure was used (FM28). */
  staleSiteLoad: boolean
}

/** The cap that flexibility puts on a depot's vehicles at an instant, W; `null` for none. */
export type FlexibilityCap = (depotId: string, at: Instant) => Promise<number | null>

/** The DNO's import limit for a depot's site at an instant, or as if it were silent; `null` for none beyond the agreed limit. */
export type DnoLimit = (
  depotId: string,
  at: Instant,
  isSilent?: boolean,
) => { limitW: number; isFailSafe: boolean } | null

/** The profile of a depot's site as the DNO gave it to us; `null` if no consent lets us read it. */
export type AgreedProfile = (depotId: string) => SiteSchedule | null

export interface SituationParts {
  units: Units
  siteLoads: SiteLoads
  flexibilityCap: FlexibilityCap
  dnoLimit: DnoLimit
  agreedProfile: AgreedProfile
  /** Whose bank holidays a depot keeps. */
  countryOf: (depotId: string) => Country
  /** The load of a depot's cables as last measured. */
  feederLoads: (depotId: string) => readonly FeederLoad[]
}

/** What holds of a depot at an instant: its decision's inputs but for the budget, and what limits its sockets together. */
export interface Situation {
  decision: Omit<Decision, 'budgetW'>
  supply: SupplyState
  otherLoads: DepotExplanation['otherLoads']
}

/** The options of a depot as its register has them. */
export function optionsOf({ registers }: Pick<FspContext, 'registers'>, depotId: string) {
  return registers.now().depotOptions.get(depotId) ?? { depotId, ...defaultOptions }
}

/** What a depot's capacity follows from, now and ahead. */
export function capacitySources(
  context: Pick<FspContext, 'registers'>,
  parts: Pick<SituationParts, 'dnoLimit' | 'agreedProfile' | 'countryOf'>,
  depot: Depot,
) {
  const { profiledConnections, flexibilityEvents } = context.registers.now()
  const isOwn = (each: { depotId: string }) => each.depotId === depot.depotId
  return {
    depot,
    country: parts.countryOf(depot.depotId),
    agreed: parts.agreedProfile(depot.depotId),
    calendar: [...profiledConnections.values()].filter(isOwn),
    events: [...flexibilityEvents.values()].filter(isOwn),
    dnoLimit: (at: Instant) => parts.dnoLimit(depot.depotId, at),
    uses: optionsOf(context, depot.depotId),
  }
}

/**
 * Gathers what a decision of a depot needs.
 * @param faults what is pretended to be broken, in test mode.
 */
export async function situationOf(
  context: FspContext,
  parts: SituationParts,
  depot: Depot,
  at: Instant,
  faults: ReadonlySet<FaultKind>,
): Promise<Situation> {
  const { units, siteLoads, flexibilityCap } = parts
  const { depotId, bufferW } = depot
  const nowMs = at.toEpochMilli()
  const options = optionsOf(context, depotId)
  const sources = capacitySources(context, parts, depot)
  const dnoLimit = parts.dnoLimit(depotId, at, faults.has('dno-silent'))
  const capacity = capacityAt({ ...sources, dnoLimit: () => dnoLimit }, at)
  const { buildingW, stale } = siteLoads.view(depotId, faults.has('site-load-lost') ? null : nowMs, depot.building.dayW)
  const measured = siteLoads.measured(depotId)
  const evLoadW = units.evLoadW(depotId, nowMs)
  const headroom = headroomW({
    capacityW: capacity.capacityW,
    // The vehicles' load cancels out where it is unknown.
    siteLoadW: buildingW + (evLoadW ?? 0),
    evLoadW: evLoadW ?? 0,
    bufferW,
  })
  const loads = otherLoadsOf(depot, parts.feederLoads(depotId), faults.has('site-load-lost') ? null : nowMs)
  const flexibilityCapW = options.flexibility ? await flexibilityCap(depotId, at) : null
  return {
    decision: {
      at,
      capacityW: capacity.capacityW,
      limits: capacity.limits,
      binding: capacity.binding.source,
      bufferW,
      siteLoadW: measured?.siteLoadW ?? null,
      siteLoadAt: measured?.at ?? null,
      buildingW,
      evLoadW,
      headroomW: headroom,
      dnoLimitW: dnoLimit?.limitW ?? null,
      flexibilityCapW,
      staleSiteLoad: stale,
    },
    supply: {
      mpan: depot.mpan,
      headroomW: headroom,
      caps: flexibilityCapW === null ? [] : [{ id: 'flexibility', capW: flexibilityCapW }],
      connectionW: connectionLimitW(depot),
      phaseLimitA: depot.phaseLimitA,
      takenW: buildingW + bufferW,
      feeders: depot.feeders.map((each) => ({ ...each, otherLoadW: loads.ofFeeder(each.feeder).otherLoadW })),
      supplies: depot.supplies.map(({ mpan, ascKva, phaseLimitA }) => ({
        mpan,
        limitW: ascKva * 1_000 * depot.powerFactor,
        phaseLimitA,
        otherLoadW: loads.ofSupply(mpan).otherLoadW,
      })),
    },
    otherLoads: [
      ...depot.feeders
        .filter(({ ratedA }) => ratedA !== null)
        .map(({ feeder }) => ({ of: `feeder-${feeder}`, ...loads.ofFeeder(feeder) })),
      ...depot.supplies.map(({ mpan }) => ({ of: `mpan-${mpan}`, ...loads.ofSupply(mpan) })),
    ],
  }
}

/**
 * What besides charge points takes of a depot's cables and other supplies, by what was measured and what the register says.
 * @param nowMs `null`: as if all was measured long ago.
 */
function otherLoadsOf({ supplies }: Depot, loads: readonly FeederLoad[], nowMs: number | null) {
  return {
    // The register says nothing of single cables: one that is not measured is taken to feed charge points alone.
    ofFeeder: (feeder: number): OtherLoad =>
      otherLoadOf(
        loads.filter((each) => each.feeder === feeder),
        0,
        nowMs,
      ),
    ofSupply: (mpan: string): OtherLoad =>
      otherLoadOf(
        loads.filter((each) => each.mpan === mpan),
        supplies.find((each) => each.mpan === mpan)?.otherLoadW ?? 0,
        nowMs,
      ),
  }
}
