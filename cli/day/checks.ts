import type { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import type { Database } from '../../platform/db/index.ts'
import type { Statement } from '../../schemas/settlement/statements.ts'
import type { Check } from './summary.ts'

/** Figures of the day straight from the server's tables, by plain SQL that no wing shares. */
export interface StoredFigures {
  measurements: number
  breaches: number
  meteredWh: number
  /** Energy over the `ev` feeders as the hubs measured it, each value holding until the next, by connection. */
  hubEvWh: Map<string, number>
  meteredByConnectionWh: Map<string, number>
}

/** Reads the figures of a span. Measurements are counted over all that was ever received. */
export async function readFigures(db: Database, from: Instant, to: Instant): Promise<StoredFigures> {
  const [start, end] = [sql`${from.toString()}::timestamptz`, sql`${to.toString()}::timestamptz`]
  const [counted] = await db.execute<{ measurements: number; breaches: number }>(sql`
    select (select count(*)::int from measurement) as measurements,
      (select count(*)::int from breach where start_at >= ${start} and start_at < ${end}) as breaches`)
  // Power is read once a minute, and a minute's energy is that of the power read at its end: hence the span from 00:00:30 on.
  const hubs = await db.execute<{ connection_id: string; wh: number }>(sql`
    with power as (
      select f.connection_id, m.received_time, sum(m.value) as w
      from measurement m join hub_feeder f on f.hub_id = m.hub_id and f.feeder = m.feeder
      where m.quantity = 'active-power' and f.role = 'ev' and m.received_time >= ${start} and m.received_time <= ${end}
        and date_trunc('minute', m.received_time) = m.received_time
      group by 1, 2),
    spans as (
      select connection_id, w, received_time,
        extract(epoch from received_time - lag(received_time) over (partition by connection_id order by received_time)) as s
      from power)
    select connection_id, coalesce(sum(w * s) / 3600, 0)::float8 as wh from spans where s is not null group by 1`)
  const meters = await db.execute<{ connection_id: string; wh: number }>(sql`
    select u.connection_id, sum(r.energy_wh)::float8 as wh
    from (select distinct on (fu_id, period_start, minutes) * from meter_reading
          where period_start >= ${start} and period_start < ${end}
          order by fu_id, period_start, minutes, revision desc) r
    join flexible_unit u on u.fu_id = r.fu_id group by 1`)
  const byConnection = (rows: Iterable<{ connection_id: string; wh: number }>) =>
    new Map([...rows].map((row) => [row.connection_id, Number(row.wh)]))
  const metered = byConnection(meters)
  return {
    measurements: counted?.measurements ?? 0,
    breaches: counted?.breaches ?? 0,
    meteredWh: [...metered.values()].reduce((sum, wh) => sum + wh, 0),
    hubEvWh: byConnection(hubs),
    meteredByConnectionWh: metered,
  }
}

/** Every point that a hub answered with is a row, once. */
export function checkMeasurements(stored: number, answered: number): Check {
  return {
    name: 'measurements stored = points answered by the hubs',
    ok: stored === answered && stored > 0,
    detail: `${stored} stored, ${answered} answered`,
  }
}

/** One window of one FU for which an instruction is owed. */
export interface DueWindow {
  fuId: string
  from: Instant
}

/** What the FSP received: taken from its own books, not from the DNO's. */
export interface ReceivedInstruction {
  instructionId: string
  fuId: string
  from: Instant
  receivedAt: Instant
}

export interface DispatchFigures {
  due: number
  issued: number
  late: number
  duplicates: number
}

/** An instruction is late when it comes more than so many seconds after its tick, half an hour before its window. */
const graceS = 60
const aheadS = 30 * 60

/** Compares what was owed, by the contracts and the schedules as they were entered, with what arrived at the FSP. */
export function dispatchFigures(due: readonly DueWindow[], received: readonly ReceivedInstruction[]): DispatchFigures {
  const windows = new Map<string, number>()
  for (const { fuId, from } of received) {
    const key = `${fuId} ${from}`
    windows.set(key, (windows.get(key) ?? 0) + 1)
  }
  const owed = new Set(due.map(({ fuId, from }) => `${fuId} ${from}`))
  const latest = (from: Instant) => from.minusSeconds(aheadS).plusSeconds(graceS)
  return {
    due: owed.size,
    issued: [...windows.keys()].filter((key) => owed.has(key)).length,
    late: received.filter((each) => each.receivedAt.isAfter(latest(each.from))).length,
    duplicates: received.length - windows.size,
  }
}

/** Everything owed arrived, once and in time, and nothing that was not owed. */
export function checkDispatch(figures: DispatchFigures, receivedWindows: number): Check {
  const { due, issued, late, duplicates } = figures
  return {
    name: 'issued = due, no duplicate, none late',
    ok: due > 0 && issued === due && receivedWindows === due && late === 0 && duplicates === 0,
    detail: `${due} due, ${issued} issued, ${receivedWindows - issued} not owed, ${duplicates} duplicates, ${late} late`,
  }
}

/** Pence of a decimal string: whole numbers, so that the sum is exact without the library that the server sums with. */
function pence(amount: string): bigint {
  const match = /^(-?)(\d+)\.(\d\d)$/.exec(amount)
  if (!match) throw new Error(`${amount} is no amount in pounds and pence`)
  return BigInt(`${match[1]}${match[2]}${match[3]}`)
}

/** The lines of a statement sum to its total. */
export function checkStatement(given: Statement): Check {
  const sum = given.lines.reduce((total, line) => total + pence(line.amountGbp), 0n)
  const total = pence(given.totalGbp)
  return {
    name: `lines sum to statement ${given.number}`,
    ok: given.lines.length > 0 && sum === total,
    detail: `${given.lines.length} lines sum to ${sum} p, the statement says ${total} p`,
  }
}

/** How far a depot's meters and its hub may be apart: the hub reads power once a minute, in whole watts per phase. */
const tolerance = { ratio: 0.005, wh: 500 }

/** Energy metered by charge points = energy over the hub's feeders less the site's own load. */
export function checkEnergy(figures: StoredFigures): Check {
  const connections = new Set([...figures.hubEvWh.keys(), ...figures.meteredByConnectionWh.keys()])
  const apart = [...connections].filter((id) => {
    const [hub, metered] = [figures.hubEvWh.get(id) ?? 0, figures.meteredByConnectionWh.get(id) ?? 0]
    return Math.abs(hub - metered) > Math.max(tolerance.wh, tolerance.ratio * metered)
  })
  const hubTotal = [...figures.hubEvWh.values()].reduce((sum, wh) => sum + wh, 0)
  const show = (wh: number) => `${(wh / 1000).toFixed(1)} kWh`
  return {
    name: 'metered energy agrees with hub energy minus site load',
    ok: connections.size > 0 && figures.meteredWh > 0 && apart.length === 0,
    detail: `${show(figures.meteredWh)} metered, ${show(hubTotal)} by the hubs, ${apart.length} of ${connections.size} sites apart${apart.map((id) => ` ${id}: ${show(figures.hubEvWh.get(id) ?? 0)} / ${show(figures.meteredByConnectionWh.get(id) ?? 0)}`).join(';')}`,
  }
}
