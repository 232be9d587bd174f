import { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { AlarmFigures, AlarmKind } from '../../../schemas/grid/alarms.ts'

const tenMinutesMs = 600_000

/** More alarms per operator in ten minutes than anyone can handle (ISA-18.2 clause 16). */
const floodAbove = 10

/** The number of alarms raised in each ten-minute window, by the window's number since the epoch. */
export type Windows = ReadonlyMap<number, number>

/** Rates per operator, and the floods: runs of windows with more alarms than one operator can handle. */
export function figuresOf(windows: Windows, fromMs: number, toMs: number, operators: number) {
  const [first, last] = [Math.floor(fromMs / tenMinutesMs), Math.ceil(toMs / tenMinutesMs)]
  const floods: { fromMs: number; toMs: number; alarms: number }[] = []
  let [total, peak] = [0, 0]
  for (let n = first; n < last; n++) {
    const alarms = windows.get(n) ?? 0
    total += alarms
    peak = Math.max(peak, alarms)
    if (alarms / operators <= floodAbove) continue
    const run = floods.at(-1)
    if (run?.toMs === n * tenMinutesMs)
      Object.assign(run, { toMs: run.toMs + tenMinutesMs, alarms: run.alarms + alarms })
    else floods.push({ fromMs: n * tenMinutesMs, toMs: (n + 1) * tenMinutesMs, alarms })
  }
  return { average: total / Math.max(1, last - first) / operators, peak: peak / operators, floods }
}

/** How many alarms operators faced in a span. Suppressed and shelved alarms count: they were raised. */
export async function alarmFigures(
  db: Queryable,
  from: Instant,
  to: Instant,
  operators: number,
): Promise<AlarmFigures> {
  const within = sql`j.event in ('raised', 'escalated') and j.at >= ${from.toString()}::timestamptz and j.at < ${to.toString()}::timestamptz`
  const rows = await db.execute<{ n: number; alarms: number }>(sql`
    select floor(extract(epoch from j.at) / 600)::int as n, count(*)::int as alarms from alarm_journal j where ${within} group by 1`)
  const worst = await db.execute<{ kind: AlarmKind; sourceName: string; alarms: number }>(sql`
    select a.kind, a.source_name as "sourceName", count(*)::int as alarms
    from alarm_journal j join alarm a on a.alarm_id = j.alarm_id where ${within}
    group by 1, 2 order by 3 desc, 2 limit 10`)
  const windows = new Map(rows.map((row) => [row.n, row.alarms]))
  const { average, peak, floods } = figuresOf(windows, from.toEpochMilli(), to.toEpochMilli(), operators)
  const iso = (ms: number) => Instant.ofEpochMilli(ms).toString()
  return {
    from: from.toString(),
    to: to.toString(),
    operators,
    averagePerOperatorAnd10Min: average,
    peakPerOperatorAnd10Min: peak,
    floods: floods.map((f) => ({ from: iso(f.fromMs), to: iso(f.toMs), alarms: f.alarms })),
    worst: worst.map(({ kind, sourceName, alarms }) => ({ kind, sourceName, alarms })),
  }
}
