import { sql } from 'drizzle-orm'
import type { Figure } from '../../platform/metrics/index.ts'
import type { ChargePointParts } from './charge-points.ts'
import type { FspContext } from './context.ts'
import type { MarketParts } from './market.ts'

/** What shows at a glance whether an FSP does its work: its charge points, processes, alarms, and what it owes to the DNO. */
export async function fspFigures(
  { db, clock }: Pick<FspContext, 'db' | 'clock'>,
  { units, flexUnits }: Pick<ChargePointParts, 'units'> & Pick<MarketParts, 'flexUnits'>,
): Promise<Figure[]> {
  const connected = units.all.filter(({ link }) => link !== null).length
  const charging = units.all.flatMap(({ connectors }) => connectors).filter(({ transaction }) => transaction !== null)
  const rows = async (statement: ReturnType<typeof sql>, labels: readonly string[]) =>
    [...(await db.execute<Record<string, string | number>>(statement))].map((row) => ({
      labels: Object.fromEntries(labels.map((label) => [label, String(row[label])])),
      value: Number(row['value']),
    }))
  const failing = sql`select process, max(failures_in_a_row)::int as value from process_health group by 1`
  const alarms = sql`select level, state, count(*)::int as value from depot_alarm where state <> 'closed' group by 1, 2`
  const unsent = sql`
    select (select count(*) from delivery_report where sent_at is null and refusal is null)::int as value`
  const setpoints = sql`
    select result, count(*)::int as value from setpoint
    where at > ${clock.now().toString()}::timestamptz - interval '15 min' group by 1`
  return [
    {
      name: 'charge_points',
      help: 'Charge points registered, by whether they are connected',
      type: 'gauge',
      values: [
        { labels: { state: 'connected' }, value: connected },
        { labels: { state: 'away' }, value: units.all.length - connected },
      ],
    },
    { name: 'charges', help: 'Charges that are open', type: 'gauge', values: [{ value: charging.length }] },
    { name: 'units', help: 'Flexible units at the DNO', type: 'gauge', values: [{ value: flexUnits.all.length }] },
    {
      name: 'process_failures_in_a_row',
      help: 'Runs of a process that have failed since its last success, the worst of its subjects',
      type: 'gauge',
      values: await rows(failing, ['process']),
    },
    {
      name: 'alarms',
      help: 'Open alarms by level and state',
      type: 'gauge',
      values: await rows(alarms, ['level', 'state']),
    },
    {
      name: 'setpoints',
      help: 'Set points of the last quarter-hour by their result',
      type: 'gauge',
      values: await rows(setpoints, ['result']),
    },
    {
      name: 'delivery_reports_unsent',
      help: 'Reports on deliveries that the DNO does not have yet',
      type: 'gauge',
      values: await rows(unsent, []),
    },
  ]
}
