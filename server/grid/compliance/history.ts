import type { Instant } from '@js-joda/core'
import { type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { problemOf } from '../../../platform/http/index.ts'
import type { ComplianceDay } from '../../../schemas/grid/compliance.ts'
import { brokenField } from '../../../schemas/vocabulary/outcome.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { type ChosenConnections, isChosen } from '../connections/index.ts'

/** The state of a connection as a whole: the more urgent of import `s` and export `e`, of which there is one where a limit is stated. */
export const wholeState = sql.raw(
  `case when 'breach' in (s.state, e.state) then 'breach' when 'at-risk' in (s.state, e.state) then 'at-risk'
    when 'unknown' in (s.state, e.state) then 'unknown' else s.state end`,
)

/** Adds the minute that a pass completes to the state of each of its connections. */
export async function creditMinute(tx: Queryable, at: Instant, chosen: ChosenConnections): Promise<void> {
  const day = tradingDayOf(at.minusSeconds(60)).toString()
  await tx.execute(sql`
    insert into compliance_day as d (connection_id, trading_day, compliant_s, at_risk_s, breach_s, unknown_s)
    select connection_id, ${day}::date, 60 * (state = 'compliant')::int, 60 * (state = 'at-risk')::int,
      60 * (state = 'breach')::int, 60 * (state = 'unknown')::int
    from (
      select s.connection_id, ${wholeState} as state
      from compliance_status s left join export_status e on e.connection_id = s.connection_id
      where ${isChosen(sql`s.connection_id`, chosen)}
    ) whole
    on conflict (connection_id, trading_day) do update set compliant_s = d.compliant_s + excluded.compliant_s,
      at_risk_s = d.at_risk_s + excluded.at_risk_s, breach_s = d.breach_s + excluded.breach_s,
      unknown_s = d.unknown_s + excluded.unknown_s`)
}

interface Row extends Record<string, unknown> {
  trading_day: string
  compliant_s: number
  at_risk_s: number
  breach_s: number
  unknown_s: number
}

function dayOf(row: Row): ComplianceDay {
  return {
    tradingDay: String(row.trading_day).slice(0, 10),
    compliantS: row.compliant_s,
    atRiskS: row.at_risk_s,
    breachS: row.breach_s,
    unknownS: row.unknown_s,
  }
}

/** Trading days between two days, both included. */
interface DaySpan {
  from: string
  to: string
}

function within({ from, to }: DaySpan): SQL {
  if (from > to) throw problemOf(brokenField('to', 'must not be before from'))
  return sql`trading_day >= ${from}::date and trading_day <= ${to}::date`
}

/** A connection's time in each state, day by day; days that nobody watched are missing. */
export async function connectionHistory(db: Queryable, connectionId: string, span: DaySpan): Promise<ComplianceDay[]> {
  const rows = await db.execute<Row>(sql`
    select trading_day::text, compliant_s, at_risk_s, breach_s, unknown_s from compliance_day
    where connection_id = ${connectionId}::uuid and ${within(span)} order by 1`)
  return rows.map(dayOf)
}

/** The fleet's time in each state, day by day, in connection-seconds. */
export async function fleetHistory(db: Queryable, span: DaySpan): Promise<ComplianceDay[]> {
  const rows = await db.execute<Row>(sql`
    select trading_day::text, sum(compliant_s)::float8 as compliant_s, sum(at_risk_s)::float8 as at_risk_s,
      sum(breach_s)::float8 as breach_s, sum(unknown_s)::float8 as unknown_s
    from compliance_day where ${within(span)} group by 1 order by 1`)
  return rows.map(dayOf)
}
