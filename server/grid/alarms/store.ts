import { and, eq, isNotNull, isNull, ne, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { Alarm, AlarmCounts, AlarmList } from '../../../schemas/grid/alarms.ts'
import type { Page } from '../../../schemas/vocabulary/paging.ts'
import { afterCursor, type PageQuery, pageFrom } from '../../kit/index.ts'
import { priorities } from './rules.ts'
import { alarm, alarmPending } from './tables.ts'
import { viewAlarm } from './views.ts'

const closedLast = sql<number>`(${alarm.state} = 'closed')::int`
const byPriority = sql<number>`array_position(array[${sql.raw(priorities.map((p) => `'${p}'`).join(', '))}], ${alarm.priority})`

/** Open alarms that an operator should see: neither shelved, nor explained by another, nor out of service. */
const onView = and(ne(alarm.state, 'closed'), isNull(alarm.shelvedUntil), isNull(alarm.causeId), isNull(alarm.outSince))

const lists: Record<AlarmList, SQL | undefined> = {
  open: onView,
  shelved: and(ne(alarm.state, 'closed'), isNotNull(alarm.shelvedUntil)),
  'out-of-service': isNotNull(alarm.outSince),
  suppressed: and(ne(alarm.state, 'closed'), isNotNull(alarm.causeId)),
  all: undefined,
}

/** The time an alarm was raised, µs, negated: sorts the newest first where all columns sort ascending. */
const newestFirst = sql<string>`(-extract(epoch from ${alarm.raisedAt}) * 1000000)::bigint`

/** A page of alarms: open ones first, then the most urgent, then the newest. */
export async function listAlarms(db: Queryable, query: PageQuery & { state: AlarmList }): Promise<Page<Alarm>> {
  const sorted = [closedLast, byPriority, newestFirst, alarm.alarmId]
  const rows = await db
    .select({ row: alarm, closed: closedLast, rank: byPriority, newest: newestFirst })
    .from(alarm)
    .where(and(lists[query.state], afterCursor(query, sorted)))
    .orderBy(...sorted)
    .limit(query.limit + 1)
  return pageFrom(
    rows,
    query,
    ({ row, closed, rank, newest }) => [closed, rank, String(newest), row.alarmId],
    ({ row }) => viewAlarm(row),
  )
}

/** Open alarms by priority. */
export async function countAlarms(db: Queryable): Promise<AlarmCounts> {
  const rows = await db
    .select({ priority: alarm.priority, count: sql<number>`count(*)::int` })
    .from(alarm)
    .where(onView)
    .groupBy(alarm.priority)
  const counts = { critical: 0, high: 0, medium: 0, low: 0 }
  for (const { priority, count } of rows) counts[priority] = count
  return counts
}

/** Sources with an active alarm of a kind; one whose off-delay runs is raised again if its cause returns, so it is not among them. */
export async function openSources(db: Queryable, kind: Alarm['kind']): Promise<{ type: string; id: string }[]> {
  return db
    .select({ type: alarm.sourceType, id: alarm.sourceId })
    .from(alarm)
    .where(
      and(
        eq(alarm.kind, kind),
        ne(alarm.state, 'closed'),
        ne(alarm.state, 'cleared-unacknowledged'),
        isNull(alarm.clearingSince),
      ),
    )
}

/** Sources whose cause of a kind of alarm is known and whose on-delay runs: they are not among `openSources` yet. */
export async function pendingSources(db: Queryable, kind: Alarm['kind']): Promise<string[]> {
  const rows = await db.select({ id: alarmPending.sourceId }).from(alarmPending).where(eq(alarmPending.kind, kind))
  return rows.map((row) => row.id)
}
