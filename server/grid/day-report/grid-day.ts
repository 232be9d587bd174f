import type { Instant, LocalDate } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { type Queryable, toInstant } from '../../../platform/db/index.ts'
import { type AlarmPriority, alarmPriority } from '../../../schemas/grid/alarms.ts'
import { type DailyReport, dailyReportNames } from '../../../schemas/settlement/daily-report.ts'
import { dayEnd, dayStart } from '../../../schemas/vocabulary/time.ts'
import { listFeeds } from '../feeds/index.ts'

/** What the grid's part of a daily report tells: feeds, hubs, alarms and breaches. What is silent or stands is so at `at`. */
export type GridDay = Pick<DailyReport, 'feeds' | 'hubs' | 'alarms' | 'breaches'>

/** Reads what happened on a local day, and what stands at an instant. */
export async function gridDay(db: Queryable, at: Instant, day: LocalDate): Promise<GridDay> {
  const span = sql`>= ${dayStart(day).toString()}::timestamptz and`
  const end = sql`${dayEnd(day).toString()}::timestamptz`
  return {
    feeds: await feedsOn(db, at, { span, end }),
    hubs: await hubsAt(db, at),
    alarms: await alarmsOn(db, { span, end }),
    breaches: await breachesOn(db, { span, end }),
  }
}

/** A day as parts of a condition: `column ${span} column < ${end}`. */
interface Span {
  span: ReturnType<typeof sql>
  end: ReturnType<typeof sql>
}

async function feedsOn(db: Queryable, at: Instant, { span, end }: Span): Promise<GridDay['feeds']> {
  const rows = await listFeeds(db, at)
  const silent = rows.filter(({ freshness }) => freshness === 'red').map(({ name }) => name)
  const [refused] = await db.execute<{ n: number }>(
    sql`select count(*)::int as n from feed_failure where at ${span} at < ${end}`,
  )
  return { registered: rows.length, silent: silent.sort().slice(0, dailyReportNames), refused: refused?.n ?? 0 }
}

async function hubsAt(db: Queryable, at: Instant): Promise<GridDay['hubs']> {
  const rows = await db.execute<{ registered: number; silent: number; names: string[] | null }>(sql`
    with known as (
      select name, last_measurement_at is null
        or last_measurement_at < ${at.toString()}::timestamptz - timeout_s * interval '1 s' as is_silent
      from hub
    )
    select count(*)::int as registered, (count(*) filter (where is_silent))::int as silent,
      (array_agg(name order by name) filter (where is_silent))[1:${dailyReportNames}] as names
    from known`)
  const [found] = rows
  return { registered: found?.registered ?? 0, silent: found?.silent ?? 0, silentNames: found?.names ?? [] }
}

async function alarmsOn(db: Queryable, { span, end }: Span): Promise<GridDay['alarms']> {
  const [counted] = await db.execute<{ raised: number; cleared: number }>(sql`
    select (count(*) filter (where raised_at ${span} raised_at < ${end}))::int as raised,
      (count(*) filter (where cleared_at ${span} cleared_at < ${end}))::int as cleared
    from alarm`)
  const standing = await db.execute<{ priority: AlarmPriority; n: number }>(
    sql`select priority, count(*)::int as n from alarm where state in ('unacknowledged', 'acknowledged') group by 1`,
  )
  const waiting = await db.execute<{ raised_at: string; message: string }>(sql`
    select raised_at, message from alarm where state = 'unacknowledged'
    order by raised_at, alarm_id limit ${dailyReportNames}`)
  const byPriority = new Map(standing.map(({ priority, n }) => [priority, n]))
  return {
    raised: counted?.raised ?? 0,
    cleared: counted?.cleared ?? 0,
    standing: Object.fromEntries(
      alarmPriority.options.map((each) => [each, byPriority.get(each) ?? 0]),
    ) as GridDay['alarms']['standing'],
    unacknowledged: waiting.map((row) => ({ raisedAt: toInstant(row.raised_at).toString(), message: row.message })),
  }
}

async function breachesOn(db: Queryable, { span, end }: Span): Promise<GridDay['breaches']> {
  const [counted] = await db.execute<{ n: number }>(
    sql`select count(*)::int as n from breach where start_at ${span} start_at < ${end}`,
  )
  const worst = await db.execute<{ connection_id: string; name: string; peak_w: number; excess_wh: number }>(sql`
    select b.connection_id, c.name, max(b.peak_excess_w) as peak_w, sum(b.excess_wh) as excess_wh
    from breach b join connection c on c.connection_id = b.connection_id
    where b.start_at ${span} b.start_at < ${end}
    group by 1, 2 order by 3 desc, 2 limit ${dailyReportNames}`)
  return {
    begun: counted?.n ?? 0,
    worst: worst.map((row) => ({
      connectionId: row.connection_id,
      name: row.name,
      peakExcessW: row.peak_w,
      excessWh: row.excess_wh,
    })),
  }
}
