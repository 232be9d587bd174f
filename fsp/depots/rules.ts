import { LocalDate, type LocalDateTime } from '@js-joda/core'
import { dayTypeOf, stepsOn } from '../../platform/calendar/index.ts'
import type { DepotSeed } from '../../schemas/fsp/depots.ts'
import type { DepotHistory } from '../../schemas/fsp/simulation.ts'
import type { SiteSchedule } from '../../schemas/market/customers.ts'
import type { Country } from '../../schemas/vocabulary/country.ts'
import { brokenField, type Refusal } from '../../schemas/vocabulary/outcome.ts'
import { periodCount } from '../../schemas/vocabulary/time.ts'

/** The inputs to a depot's headroom, W. */
export interface HeadroomInputs {
  /** The lowest of connection limit, profile in force and the DNO's import limit (domain section 6.3). */
  capacityW: number
  /** The site's whole import, vehicles included. */
  siteLoadW: number
  /** The vehicles' part of it. */
  evLoadW: number
  /** Margin for changes of the site load until it is next measured. */
  bufferW: number
}

/** SET01: headroom for charging = capacity − site load + EV load − buffer, never below 0 (SET02). */
export function headroomW({ capacityW, siteLoadW, evLoadW, bufferW }: HeadroomInputs): number {
  return Math.max(0, capacityW - siteLoadW + evLoadW - bufferW)
}

/** The connection's limit: agreed supply capacity as active power, W. */
export function connectionLimitW(depot: Pick<DepotSeed, 'ascKva' | 'powerFactor'>): number {
  return depot.ascKva * 1000 * depot.powerFactor
}

/** The profiled connection's limit at a local time, W. Weekends and the country's bank holidays have their own steps. */
export function profileLimitW(profile: DepotSeed['profile'], local: LocalDateTime, country: Country): number {
  return limitOf(profile[dayTypeOf(local.toLocalDate(), country)], local)
}

function limitOf(steps: readonly { from: string; limitW: number }[], local: LocalDateTime): number {
  const time = local.toLocalTime().toString().slice(0, 5)
  const step = steps.findLast(({ from }) => from <= time)
  if (!step) throw new Error('a profile does not start at 00:00')
  return step.limitW
}

/**
 * The agreed limit of a depot's site at a local time, W: its profile as the DNO gave it to us, after whose end its fallback or the
 * connection's limit holds; without one the profile that we began with. Never above the connection's limit.
 */
export function agreedLimitW(
  depot: Pick<DepotSeed, 'ascKva' | 'powerFactor' | 'profile'> & { country: Country },
  given: SiteSchedule | null,
  local: LocalDateTime,
): number {
  const connectionW = connectionLimitW(depot)
  if (given === null) return Math.min(connectionW, profileLimitW(depot.profile, local, depot.country))
  const day = local.toLocalDate()
  if (day.toString() > given.validTo) return Math.min(connectionW, given.fallbackLimitW ?? connectionW)
  return Math.min(connectionW, limitOf(stepsOn(given.limits, day, given.country), local))
}

/** A building's load. `stale`: the measurement is too old to trust, so the typical day load plus a margin is used (FM28). */
export interface SiteLoadView {
  buildingW: number
  stale: boolean
}

/** A site load older than this is not trusted (domain section 10: red at 10 minutes). */
export const staleAfterMs = 10 * 60_000

/** Factor above the typical day load that is assumed for an unknown site load. */
const staleMargin = 1.2

/** The building's load as last measured, or a conservative figure if that is too old. */
export function buildingLoad(
  last: { atMs: number; buildingW: number } | undefined,
  nowMs: number,
  typicalDayW: number,
): SiteLoadView {
  if (last && nowMs - last.atMs <= staleAfterMs) return { buildingW: last.buildingW, stale: false }
  return { buildingW: typicalDayW * staleMargin, stale: true }
}

/** Why a past day's history is refused; `null` if it is accepted. A day has 92, 96 or 100 quarter-hours, because of clock changes. */
export function historyFault({ tradingDay, energyWh }: Pick<DepotHistory, 'tradingDay' | 'energyWh'>): Refusal | null {
  const wanted = periodCount(LocalDate.parse(tradingDay), 'PT15M')
  return energyWh.length === wanted
    ? null
    : brokenField('energyWh', `${tradingDay} has ${wanted} quarter-hours, not ${energyWh.length}`)
}
