import type { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import type { ExperimentReport, MissingData } from '../../../schemas/dispatch/experiments.ts'
import { dayEnd, dayStart, momentInWords, periodCount, tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { findFeed, measuredMeans, namesOfConnections } from '../../grid/index.ts'
import { measuredFault } from './rules.ts'
import type { ExperimentRow } from './store.ts'

/** The last minutes of a day come late, by way of a gateway’s spool: it is judged this long after its end, h. */
const settledAfterHours = 2

/** A half-hour counts as measured when this share of it was. */
const leastCompleteness = 0.9

/** The latest day that is over for long enough to be judged. */
export function judgedDay(at: Instant): LocalDate {
  return tradingDayOf(at.minusSeconds(settledAfterHours * 3_600)).minusDays(1)
}

/**
 * What is missing of the required data: feeds that are not on time, and depots that were not measured enough on the latest day that is over.
 * Before it starts that day lies before the experiment: it says whether its depots can be measured at all.
 */
export async function missingData(db: Queryable, at: Instant, row: ExperimentRow): Promise<MissingData[]> {
  const { feedIds, measuredPercent } = row.requiredData
  const found: MissingData[] = []
  for (const feedId of feedIds) found.push(...(await feedFault(db, at, feedId)))
  const day = dayToJudge(at, row)
  if (measuredPercent === null || day === null) return found
  for (const depot of await measuredOn(db, row.connectionIds, day, day)) {
    const message = measuredFault({ ...depot, day: day.toString() }, measuredPercent)
    if (message !== null) found.push({ kind: 'connection', id: depot.connectionId, name: depot.name, message })
  }
  return found
}

async function feedFault(db: Queryable, at: Instant, feedId: string): Promise<MissingData[]> {
  const feed = await findFeed(db, at, feedId)
  if (feed?.freshness === 'green') return []
  const name = feed?.name ?? feedId
  const last = feed?.lastSuccessAt
    ? `delivered last at ${momentInWords(feed.lastSuccessAt)}`
    : 'has delivered nothing yet'
  return [{ kind: 'feed', id: feedId, name, message: feed ? `${name} ${last}` : `${name} is not registered` }]
}

function dayToJudge(at: Instant, { state, firstDay, lastDay }: ExperimentRow): LocalDate | null {
  const day = judgedDay(at)
  if (state === 'preparation') return day
  if (day.isBefore(firstDay)) return null
  return day.isAfter(lastDay) ? lastDay : day
}

/** How many half-hours of its days that are over were measured, by depot. */
export async function measuredSoFar(
  db: Queryable,
  at: Instant,
  { connectionIds, firstDay, lastDay }: ExperimentRow,
): Promise<ExperimentReport['measured']> {
  const over = judgedDay(at)
  const to = over.isBefore(lastDay) ? over : lastDay
  return to.isBefore(firstDay) ? [] : measuredOn(db, connectionIds, firstDay, to)
}

async function measuredOn(db: Queryable, connectionIds: readonly string[], from: LocalDate, to: LocalDate) {
  const names = await namesOfConnections(db, connectionIds)
  let halfHours = 0
  for (let day = from; !day.isAfter(to); day = day.plusDays(1)) halfHours += periodCount(day, 'PT30M')
  const depots: ExperimentReport['measured'] = []
  for (const connectionId of connectionIds) {
    const place = { kind: 'connection' as const, id: connectionId }
    const means = await measuredMeans(db, place, dayStart(from), dayEnd(to), leastCompleteness)
    depots.push({ connectionId, name: names.get(connectionId) ?? connectionId, halfHours, measured: means.size })
  }
  return depots.toSorted((a, b) => a.measured - b.measured || (a.name < b.name ? -1 : 1))
}
