import { LocalDate } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { writeCsv } from '../../../platform/csv/index.ts'
import type { Queryable } from '../../../platform/db/index.ts'
import type { ComplianceReport, ComplianceReportLine } from '../../../schemas/grid/compliance.ts'
import { dayStart } from '../../../schemas/vocabulary/time.ts'

interface Row extends Record<string, unknown> {
  connection_id: string
  name: string
  customer: string
  compliant_s: number
  at_risk_s: number
  breach_s: number
  unknown_s: number
  breaches: number
  dispatch_breaches: number
  peak_excess_w: number | null
  excess_wh: number
  export_breaches: number
  export_peak_w: number | null
  export_wh: number
  max_w: number | null
  energy_wh: number | null
}

/** Every connection in a month of local days: time in each state, breaches that began, highest half-hour and energy. */
export async function monthlyReport(db: Queryable, month: string): Promise<ComplianceReport> {
  const first = LocalDate.parse(`${month}-01`)
  const next = first.plusMonths(1)
  const [from, to] = [dayStart(first).toString(), dayStart(next).toString()]
  const rows = await db.execute<Row>(sql`
    with watched as materialized (
      select connection_id, sum(compliant_s)::int as compliant_s, sum(at_risk_s)::int as at_risk_s, sum(breach_s)::int as breach_s,
        sum(unknown_s)::int as unknown_s
      from compliance_day where trading_day >= ${first.toString()}::date and trading_day < ${next.toString()}::date group by 1
    ), broken as (
      select connection_id, count(*) filter (where fu_id is null and limit_source <> 'dispatch' and direction = 'import')::int as breaches,
        count(*) filter (where fu_id is not null)::int as dispatch_breaches,
        max(peak_excess_w) filter (where fu_id is null and limit_source <> 'dispatch' and direction = 'import') as peak_excess_w,
        coalesce(sum(excess_wh) filter (where fu_id is null and limit_source <> 'dispatch' and direction = 'import'), 0) as excess_wh,
        count(*) filter (where direction = 'export')::int as export_breaches,
        max(peak_excess_w) filter (where direction = 'export') as export_peak_w,
        coalesce(sum(excess_wh) filter (where direction = 'export'), 0) as export_wh
      from breach where start_at >= ${from}::timestamptz and start_at < ${to}::timestamptz group by 1
    ), measured as materialized (
      select connection_id, max(mean_w) as max_w, sum(energy_wh) as energy_wh
      from connection_half_hour
      where at >= ${from}::timestamptz and at < ${to}::timestamptz and source = 'measured' group by 1
    )
    select c.connection_id, c.name, c.customer, coalesce(w.compliant_s, 0) as compliant_s, coalesce(w.at_risk_s, 0) as at_risk_s,
      coalesce(w.breach_s, 0) as breach_s, coalesce(w.unknown_s, 0) as unknown_s, coalesce(b.breaches, 0) as breaches,
      coalesce(b.dispatch_breaches, 0) as dispatch_breaches, b.peak_excess_w, coalesce(b.excess_wh, 0) as excess_wh,
      coalesce(b.export_breaches, 0) as export_breaches, b.export_peak_w, coalesce(b.export_wh, 0) as export_wh,
      m.max_w, m.energy_wh
    from connection c
    left join watched w on w.connection_id = c.connection_id
    left join broken b on b.connection_id = c.connection_id
    left join measured m on m.connection_id = c.connection_id
    order by c.name, c.connection_id`)
  return { month, lines: rows.map(lineOf) }
}

function lineOf(row: Row): ComplianceReportLine {
  const watchedS = row.compliant_s + row.at_risk_s + row.breach_s + row.unknown_s
  const share = (seconds: number) => (watchedS === 0 ? null : seconds / watchedS)
  return {
    connectionId: row.connection_id,
    name: row.name,
    customer: row.customer,
    watchedS,
    compliantShare: share(row.compliant_s),
    atRiskShare: share(row.at_risk_s),
    breachShare: share(row.breach_s),
    unknownShare: share(row.unknown_s),
    breaches: row.breaches,
    dispatchBreaches: row.dispatch_breaches,
    peakExcessW: row.peak_excess_w,
    excessWh: row.excess_wh,
    exportBreaches: row.export_breaches,
    exportPeakExcessW: row.export_peak_w,
    exportExcessWh: row.export_wh,
    maxHalfHourW: row.max_w,
    energyWh: row.energy_wh,
  }
}

const columns = [
  'connectionId',
  'name',
  'customer',
  'watchedS',
  'compliantShare',
  'atRiskShare',
  'breachShare',
  'unknownShare',
  'breaches',
  'dispatchBreaches',
  'peakExcessW',
  'excessWh',
  'maxHalfHourW',
  'energyWh',
  'exportBreaches',
  'exportPeakExcessW',
  'exportExcessWh',
] as const

/** A monthly report as a CSV file; unknown values are empty, not 0. */
export function reportFile({ month, lines }: ComplianceReport): string {
  const rows = lines.map((line) => [month, ...columns.map((column) => line[column])])
  return writeCsv(['month', ...columns], rows)
}
