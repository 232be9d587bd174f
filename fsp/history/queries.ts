import { Instant, LocalDate } from '@js-joda/core'
import { and, asc, eq, gte, lt, sql } from 'drizzle-orm'
import { dayTypeOf } from '../../platform/calendar/index.ts'
import type { Database } from '../../platform/db/index.ts'
import type { SiteLimit } from '../../schemas/fsp/depot-plan.ts'
import type { Country } from '../../schemas/vocabulary/country.ts'
import { tradingDayOf } from '../../schemas/vocabulary/time.ts'
import { siteLoad } from '../depots/tables.ts'
import { type DayQuarter, type MeanOfTime, meansByTime } from './rules.ts'
import { depotMinute, sessionMinute } from './tables.ts'

const t = depotMinute

/** Means of the minutes of a depot by steps from an instant to another, W; a step without a minute is absent. */
export async function pointsOf(
  db: Database,
  depotId: string,
  span: { from: Instant; to: Instant; stepMinutes: number },
) {
  const stepS = span.stepMinutes * 60
  const step = sql<string>`floor(extract(epoch from ${t.at}) / ${sql.raw(String(stepS))})::bigint`
  const rows = await db
    .select({
      step,
      minutes: sql<number>`count(*)::int`,
      buildingW: sql<number>`avg(${t.buildingW})::float8`,
      evLoadW: sql<number | null>`case when count(*) = count(${t.evLoadW}) then avg(${t.evLoadW})::float8 end`,
      headroomW: sql<number>`avg(${t.headroomW})::float8`,
      capacityW: sql<number>`avg(${t.capacityW})::float8`,
      binding: sql<SiteLimit['source']>`(array_agg(${t.binding} order by ${t.at} desc))[1]`,
      flexibilityCapW: sql<number | null>`min(${t.flexibilityCapW})::float8`,
      setpoints: sql<number>`sum(${t.setpoints})::int`,
      staleMinutes: sql<number>`(count(*) filter (where ${t.isStale}))::int`,
    })
    .from(t)
    .where(and(eq(t.depotId, depotId), gte(t.at, span.from), lt(t.at, span.to)))
    .groupBy(step)
    .orderBy(step)
  return rows.map(({ step: number, ...row }) => ({
    from: Instant.ofEpochSecond(Number(number) * stepS),
    ...row,
    demandW: row.evLoadW === null ? null : row.buildingW + row.evLoadW,
  }))
}

/** Means by quarter-hour of local time over the last days before today of a type, W. */
export async function averagesOf(
  db: Database,
  depotId: string,
  { now, days, dayType, country }: { now: Instant; days: number; dayType: 'weekday' | 'weekend'; country: Country },
): Promise<MeanOfTime[]> {
  const today = tradingDayOf(now)
  const from = today.minusDays(days)
  const local = sql`(${t.at} at time zone 'Europe/London')`
  const day = sql<string>`to_char(${local}, 'YYYY-MM-DD')`
  const time = sql<string>`to_char(date_bin('15 minutes', ${local}, timestamp '2000-01-01'), 'HH24:MI')`
  const rows: DayQuarter[] = await db
    .select({
      day,
      time,
      buildingW: sql<number>`avg(${t.buildingW})::float8`,
      evLoadW: sql<number | null>`avg(${t.evLoadW})::float8`,
      headroomW: sql<number>`avg(${t.headroomW})::float8`,
      capacityW: sql<number>`avg(${t.capacityW})::float8`,
    })
    .from(t)
    .where(
      and(
        eq(t.depotId, depotId),
        eq(t.isStale, false),
        gte(t.at, now.minusMillis((days + 1) * 86_400_000)),
        gte(day, from.toString()),
        lt(day, today.toString()),
      ),
    )
    .groupBy(day, time)
  return meansByTime(rows.filter((row) => dayTypeOf(LocalDate.parse(row.day), country) === dayType))
}

/** How the site's measured load compares with its capacity in a span, W. */
export async function adequacyOf(db: Database, depotId: string, from: Instant, to: Instant) {
  const over = sql`(${siteLoad.siteLoadW} - ${t.capacityW})`
  const into = sql`greatest(0, ${siteLoad.siteLoadW} - ${t.capacityW} + ${t.bufferW})`
  const [row] = await db
    .select({
      minutes: sql<number>`count(*)::int`,
      minutesOver: sql<number>`(count(*) filter (where ${over} > 0))::int`,
      mostOverW: sql<number>`coalesce(greatest(0, max(${over})), 0)::float8`,
      minutesInBuffer: sql<number>`(count(*) filter (where ${into} > 0))::int`,
      mostOfBufferW: sql<number>`coalesce(max(${into}), 0)::float8`,
      enoughW: sql<number>`coalesce(percentile_disc(0.999) within group (order by ${into}), 0)::float8`,
    })
    .from(t)
    .innerJoin(siteLoad, and(eq(siteLoad.depotId, t.depotId), eq(sql`date_trunc('minute', ${siteLoad.at})`, t.at)))
    .where(and(eq(t.depotId, depotId), gte(t.at, from), lt(t.at, to), gte(siteLoad.at, from)))
  if (!row) throw new Error('a count has no row')
  return row
}

/** The minutes of one charge at a depot, in order. */
export function sessionOf(db: Database, depotId: string, transactionId: number) {
  return db
    .select()
    .from(sessionMinute)
    .where(and(eq(sessionMinute.transactionId, transactionId), eq(sessionMinute.depotId, depotId)))
    .orderBy(asc(sessionMinute.at))
}
