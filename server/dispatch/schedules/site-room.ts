import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import type { Direction } from '../../../schemas/vocabulary/units.ts'
import {
  agreedTermsOf,
  type ConnectionTerms,
  dynamicAt,
  dynamicSpans,
  exportLimitInForce,
  imposedAt,
  limitInForce,
  localMoment,
  nothingImposed,
  siteHalfHours,
} from '../../grid/index.ts'
import type { Span } from '../../market/index.ts'
import { listFlexibleUnits, unitsWithExportLimit } from '../../market/index.ts'
import { fuForecasts } from '../../planning/index.ts'
import { type Issued, issuedTo } from '../constraints/index.ts'
import type { Interval } from '../instructions/index.ts'
import { type SiteRoom, type WithinSites, withinSites } from './rules/room.ts'
import { expectedW, type SiteLoad } from './rules/site-load.ts'

/** What is wanted by FU, in order of time. */
type WantedByUnit = ReadonlyMap<string, readonly Interval[]>

/** How far the site of an FU may be moved in a direction at an instant; `null` where nothing limits it. */
export type SiteRooms = (fuId: string, at: Instant, way: Direction) => SiteRoom | null

/** Days before whose same half-hour says what a site imports. */
const daysBack = 7
const dayMs = 86_400_000

/**
 * Holds turn-ups to the import limit in force of their sites, and turn-downs to the export limit where one is stated, less what the site is
 * expected to import (`expectedW`). A fail-safe limit that is followed at `at` counts for the whole span; what other dispatches imply does
 * not count, because they are what is decided here. Reads no loads where nothing is turned up and no site has an export limit.
 */
export async function heldToSites(tx: Queryable, wanted: WantedByUnit, span: Span, at: Instant): Promise<WithinSites> {
  const moved = (is: (turnDownW: number) => boolean) =>
    [...wanted].filter(([, intervals]) => intervals.some((each) => is(each.turnDownW))).map(([fuId]) => fuId)
  const raised = moved((w) => w < 0)
  const lowered = await unitsWithExportLimit(
    tx,
    moved((w) => w > 0),
  )
  const fuIds = [...new Set([...raised, ...lowered])]
  if (fuIds.length === 0) return withinSites(wanted, () => null)
  return withinSites(wanted, await siteRooms(tx, fuIds, span, at))
}

/** Reads what the sites of FUs are expected to import in a span, and what limits them. @param now of the fail-safe limits in force. */
export async function siteRooms(
  tx: Queryable,
  fuIds: readonly string[],
  { from, to }: Span,
  now: Instant,
): Promise<SiteRooms> {
  const units = await listFlexibleUnits(tx, from, { fuIds: [...fuIds] })
  const connectionIds = [...new Set(units.flatMap(({ connectionId }) => connectionId ?? []))]
  const beside = await listFlexibleUnits(tx, from, { connectionIds })
  const besideIds = beside.map((unit) => unit.fuId)
  const forecasts = await fuForecasts(tx, besideIds, from, to)
  const since = from.minusMillis((daysBack + 1) * dayMs)
  const measured = await siteHalfHours(tx, connectionIds, since, from)
  const issued = await issuedTo(tx, besideIds, since, from)
  const terms = await agreedTermsOf(tx, connectionIds, { withoutAgreement: true })
  const imposed = await imposedAt(tx, now, connectionIds)
  const dynamic = await dynamicSpans(tx, connectionIds, from, to)
  const unitOf = new Map(units.map((unit) => [unit.fuId, unit]))
  const loads = new Map<string, SiteLoad>()
  for (const id of connectionIds) {
    const own = beside.filter((unit) => unit.connectionId === id).map((unit) => unit.fuId)
    loads.set(id, { measuredWh: measured.get(id), ...ofUnits(own, issued, forecasts) })
  }
  const importLimitW = (connectionId: string, own: ConnectionTerms, at: Instant) => {
    const { failSafe } = imposed.get(connectionId) ?? nothingImposed
    const dynamicW = dynamicAt(dynamic.get(connectionId), at.toEpochMilli())
    return limitInForce(own, localMoment(at), { failSafe, dynamicW, dispatch: null }).limitW
  }
  return (fuId, at, way) => {
    const unit = unitOf.get(fuId)
    const [own, load] = [terms.get(unit?.connectionId ?? ''), loads.get(unit?.connectionId ?? '')]
    if (!unit?.connectionId || !own || !load) return null
    const { connectionId, canExport } = unit
    const importW = expectedW(load, at.toEpochMilli(), way, daysBack)
    if (way === 'turn-up') {
      const limitW = importLimitW(connectionId, own, at)
      return { connectionId, limitW, roomW: limitW - (importW ?? 0) }
    }
    const limit = exportLimitInForce(own)
    // Nobody knows what the site takes: what draws power only cannot turn it round, but a battery can.
    if (!limit || (importW === null && !canExport)) return null
    return { connectionId, limitW: limit.limitW, roomW: (importW ?? 0) + limit.limitW }
  }
}

/** What was issued to the FUs of a site, and what they are forecast to import. */
function ofUnits(
  fuIds: readonly string[],
  issued: Issued,
  forecasts: ReadonlyMap<string, ReadonlyMap<number, number>>,
): Pick<SiteLoad, 'movedW' | 'forecastW'> {
  return {
    movedW: (ms) => fuIds.map((fuId) => issued.get(fuId)?.get(ms)?.turnDownW ?? 0),
    forecastW(ms) {
      const known = fuIds.flatMap((fuId) => forecasts.get(fuId)?.get(ms) ?? [])
      return known.length === 0 ? null : known.reduce((sum, w) => sum + w, 0)
    },
  }
}
