import { sql } from 'drizzle-orm'
import type { Figure } from '../../platform/metrics/index.ts'
import type { ServerContext } from '../kit/index.ts'

/** A figure, and the statement that counts it: `value`, and a column for each label. */
interface Counted {
  name: string
  help: string
  labels?: readonly string[]
  statement: (at: string) => ReturnType<typeof sql>
}

/** What shows at a glance whether the server keeps up with its work. Each is one short statement: they are asked every half minute. */
const counted: readonly Counted[] = [
  {
    name: 'hubs',
    help: 'Hubs by the age of their last measurement: fresh, stale beyond their time-out, or never measured',
    labels: ['state'],
    statement: (at) => sql`
      select case when last_measurement_at is null then 'never'
        when last_measurement_at < ${at}::timestamptz - timeout_s * interval '1 s' then 'stale' else 'fresh' end as state,
        count(*)::int as value
      from hub group by 1`,
  },
  {
    name: 'measurement_age_seconds',
    help: 'Since the newest measurement of any hub',
    statement: (at) => sql`
      select extract(epoch from ${at}::timestamptz - max(last_measurement_at))::float8 as value from hub
      having max(last_measurement_at) is not null`,
  },
  {
    name: 'rollups_waiting',
    help: 'Half-hours of hubs that are still to be rolled up',
    statement: () => sql`select count(*)::int as value from rollup_due`,
  },
  {
    name: 'alarms',
    help: 'Open alarms by priority and state',
    labels: ['priority', 'state'],
    statement: () => sql`
      select priority, state, count(*)::int as value from alarm where state <> 'closed' group by 1, 2`,
  },
  {
    name: 'instructions',
    help: 'Instructions by product and state that have not ended yet',
    labels: ['product', 'state'],
    statement: (at) => sql`
      select product, state, count(*)::int as value from instruction
      where to_at > ${at}::timestamptz and state in ('planned', 'sent', 'unknown', 'acknowledged') group by 1, 2`,
  },
  {
    name: 'instructions_unanswered',
    help: 'Instructions that were due more than a minute ago and have no answer of their FSP',
    statement: (at) => sql`
      select count(*)::int as value from instruction
      where state in ('planned', 'sent', 'unknown') and next_attempt_at < ${at}::timestamptz - interval '1 min'`,
  },
  {
    name: 'limits_unanswered',
    help: 'Import limits that are on their way and have no answer of their FSP',
    statement: (at) => sql`
      select count(*)::int as value from connection_limit
      where state in ('planned', 'sent', 'unknown') and valid_until > ${at}::timestamptz`,
  },
  {
    name: 'notices_waiting',
    help: 'Notices on their way out, and those that nobody could be given',
    labels: ['of', 'state'],
    statement: () => sql`
      select 'alarms' as of, state, count(*)::int as value from alarm_notice where state in ('owed', 'dead') group by 2
      union all
      select 'fsps', state, count(*)::int from fsp_notice where state <> 'sent' group by 2`,
  },
  {
    name: 'planning_runs_waiting',
    help: 'Runs of EV demand and of site plans that wait for a worker',
    statement: () => sql`
      select (select count(*) from demand_run where state = 'waiting')::int
        + (select count(*) from plan_run where state = 'waiting')::int as value`,
  },
  {
    name: 'database_bytes',
    help: 'Size of the database',
    statement: () => sql`select pg_database_size(current_database())::float8 as value`,
  },
  {
    name: 'database_connections',
    help: 'Connections to the database by what they do',
    labels: ['state'],
    statement: () => sql`
      select coalesce(state, 'none') as state, count(*)::int as value from pg_stat_activity
      where datname = current_database() group by 1`,
  },
]

/** The figures of the server's work, from its database. */
export async function serverFigures({ db, clock }: Pick<ServerContext, 'db' | 'clock'>): Promise<Figure[]> {
  const at = clock.now().toString()
  const figures: Figure[] = []
  for (const { name, help, labels = [], statement } of counted) {
    const rows = await db.execute<Record<string, string | number>>(statement(at))
    const values = [...rows].map((row) => ({
      labels: Object.fromEntries(labels.map((label) => [label, String(row[label])])),
      value: Number(row['value']),
    }))
    figures.push({ name, help, type: 'gauge', values })
  }
  return figures
}
