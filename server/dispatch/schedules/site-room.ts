import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import {
  agreedTermsOf,
  dynamicAt,
  dynamicSpans,
  imposedAt,
  limitInForce,
  localMoment,
  nothingImposed,
  siteHalfHours,
} from '../../grid/index.ts'
import type { Span } from '../../market/index.ts'
import { listFlexibleUnits } from '../../market/index.ts'
import { fuForecasts } from '../../planning/index.ts'
import type { Interval } from '../instructions/index.ts'
import { type Overfull, type SiteRoom, withinSites } from './rules/room.ts'

/** What is wanted by FU, in order of time. */
type WantedByUnit = ReadonlyMap<string, readonly Interval[]>

/** Days before a turn-up whose same half-hour says what the site imports. */
const daysBack = 7
const dayMs = 86_400_000
const halfHourMs = 1_800_000

/**
 * Holds turn-ups to the import limit of their sites: the limit in force less what the site is expected to import: the most that it was
 * measured at in the same half-hour of the days before, and where nobody measures it what its FUs are forecast to import. A fail-safe limit
 * that is followed at `at` counts for the whole span; what other dispatches imply does not count, because they are what is decided here.
 * Reads nothing where nothing is turned up.
 */
export async function heldToSites(
  tx: Queryable,
  wanted: WantedByUnit,
  span: Span,
  at: Instant,
): Promise<{ intervals: WantedByUnit; overfull: Overfull[] }> {
  const raised = [...wanted].filter(([, intervals]) => intervals.some((each) => each.turnDownW < 0))
  if (raised.length === 0) return { intervals: wanted, overfull: [] }
  const siteAt = await readSites(
    tx,
    raised.map(([fuId]) => fuId),
    span,
    at,
  )
  return withinSites(wanted, siteAt)
}

async function readSites(tx: Queryable, fuIds: string[], { from, to }: Span, now: Instant) {
  const units = await listFlexibleUnits(tx, from, { fuIds })
  const connectionIds = [...new Set(units.flatMap(({ connectionId }) => connectionId ?? []))]
  const beside = await listFlexibleUnits(tx, from, { connectionIds })
  const forecasts = await fuForecasts(
    tx,
    beside.map((unit) => unit.fuId),
    from,
    to,
  )
  const measured = await siteHalfHours(tx, connectionIds, from.minusMillis((daysBack + 1) * dayMs), from)
  const terms = await agreedTermsOf(tx, connectionIds, { withoutAgreement: true })
  const imposed = await imposedAt(tx, now, connectionIds)
  const dynamic = await dynamicSpans(tx, connectionIds, from, to)
  const connectionOf = new Map(units.map((unit) => [unit.fuId, unit.connectionId]))
  return (fuId: string, at: Interval['from']): SiteRoom | null => {
    const connectionId = connectionOf.get(fuId)
    const own = connectionId && terms.get(connectionId)
    if (!connectionId || !own) return null
    const forecastW = beside
      .filter((unit) => unit.connectionId === connectionId)
      .reduce((sum, unit) => sum + (forecasts.get(unit.fuId)?.get(at.toEpochMilli()) ?? 0), 0)
    const expectedW = usualW(measured.get(connectionId), at) ?? forecastW
    const { failSafe } = imposed.get(connectionId) ?? nothingImposed
    const dynamicW = dynamicAt(dynamic.get(connectionId), at.toEpochMilli())
    const { limitW } = limitInForce(own, localMoment(at), { failSafe, dynamicW, dispatch: null })
    return { connectionId, limitW, expectedW }
  }
}

/** The most that a site was measured at in the same half-hour of the days before, W; `null` without a measurement. */
function usualW(measured: ReadonlyMap<number, number> | undefined, at: Instant): number | null {
  const start = Math.floor(at.toEpochMilli() / halfHourMs) * halfHourMs
  const found = Array.from({ length: daysBack }, (_, k) => measured?.get(start - (k + 1) * dayMs)).filter(
    (wh) => wh !== undefined,
  )
  return found.length === 0 ? null : Math.max(...found) * 2
}
