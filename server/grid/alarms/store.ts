import { Instant } from '@js-joda/core'
import { and, asc, desc, eq, isNotNull, isNull, ne, type SQL, sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { Alarm, alarmCounts } from '../../../schemas/grid/alarms.ts'
import { alarmKinds } from './kinds.ts'
import { priorities } from './rules.ts'
import { alarm } from './tables.ts'

export type AlarmRow = typeof alarm.$inferSelect

/** An alarm as the API answers it. */
export function alarmView(row: AlarmRow): Alarm {
  const { alarmId, kind, priority, state, message, action, occurrences, acknowledgedBy } = row
  return {
    alarmId,
    kind,
    priority,
    state,
    message,
    action,
    occurrences,
    acknowledgedBy,
    source: { type: row.sourceType, id: row.sourceId, name: row.sourceName },
    raisedAt: row.raisedAt.toString(),
    clearedAt: row.clearedAt?.toString() ?? null,
    acknowledgedAt: row.acknowledgedAt?.toString() ?? null,
    cause: alarmKinds[kind].cause,
    consequence: alarmKinds[kind].consequence,
    owner: row.owner,
    shelvedUntil: row.shelvedUntil?.toString() ?? null,
    shelvedBy: row.shelvedBy,
    shelfReason: row.shelfReason,
    suppressed: row.causeId !== null,
  }
}

const closedLast = sql<number>`(${alarm.state} = 'closed')::int`
const byPriority = sql<number>`array_position(array[${sql.raw(priorities.map((p) => `'${p}'`).join(', '))}], ${alarm.priority})`

/** Open alarms that an operator is to see: neither put aside nor explained by another. */
const onView = and(ne(alarm.state, 'closed'), isNull(alarm.shelvedUntil), isNull(alarm.causeId))

/** The lists that can be asked for. */
export type AlarmList = 'open' | 'shelved' | 'suppressed' | 'all'

const lists: Record<AlarmList, SQL | undefined> = {
  open: onView,
  shelved: and(ne(alarm.state, 'closed'), isNotNull(alarm.shelvedUntil)),
  suppressed: and(ne(alarm.state, 'closed'), isNotNull(alarm.causeId)),
  all: undefined,
}

/** A page of alarms: open ones first, the most urgent and then the newest on top. */
export async function listAlarms(
  db: Queryable,
  query: { state: AlarmList; cursor?: string | undefined; limit: number },
): Promise<{ items: Alarm[]; nextCursor: string | null }> {
  const wanted = lists[query.state]
  const rows = await db
    .select({ alarm, closed: closedLast, rank: byPriority })
    .from(alarm)
    .where(and(wanted, after(query.cursor)))
    .orderBy(closedLast, byPriority, desc(alarm.raisedAt), asc(alarm.alarmId))
    .limit(query.limit + 1)
  const page = rows.slice(0, query.limit)
  const last = page.at(-1)
  const more = rows.length > page.length && last
  return {
    items: page.map((row) => alarmView(row.alarm)),
    nextCursor: more
      ? Buffer.from(
          JSON.stringify([last.closed, last.rank, last.alarm.raisedAt.toString(), last.alarm.alarmId]),
        ).toString('base64url')
      : null,
  }
}

/** Rows behind the one that a cursor names; the cursor holds its sort key. */
function after(cursor: string | undefined): SQL | undefined {
  if (cursor === undefined) return undefined
  const [closed, rank, raisedAt, alarmId] = sortKeyOf(cursor)
  return sql`(${closedLast}, ${byPriority}) > (${closed}::int, ${rank}::int) or ((${closedLast}, ${byPriority}) = (${closed}::int, ${rank}::int)
    and (${alarm.raisedAt} < ${raisedAt}::timestamptz or (${alarm.raisedAt} = ${raisedAt}::timestamptz and ${alarm.alarmId} > ${alarmId}::uuid)))`
}

function sortKeyOf(cursor: string): [number, number, string, string] {
  try {
    const [closed, rank, raisedAt, alarmId] = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (!/^[0-9a-f-]{36}$/.test(alarmId)) throw new Error('no alarm')
    return [Number(closed), Number(rank), Instant.parse(raisedAt).toString(), alarmId]
  } catch {
    throw new ProblemError('malformed', 'The cursor is not one that this list gave: ask for the first page again.')
  }
}

/** Open alarms by priority. */
export async function countAlarms(db: Queryable): Promise<z.infer<typeof alarmCounts>> {
  const rows = await db
    .select({ priority: alarm.priority, count: sql<number>`count(*)::int` })
    .from(alarm)
    .where(onView)
    .groupBy(alarm.priority)
  const counts = { critical: 0, high: 0, medium: 0, low: 0 }
  for (const { priority, count } of rows) counts[priority] = count
  return counts
}

/** Sources with an open alarm of a kind. */
export async function openSources(db: Queryable, kind: Alarm['kind']): Promise<{ type: string; id: string }[]> {
  return db
    .select({ type: alarm.sourceType, id: alarm.sourceId })
    .from(alarm)
    .where(and(eq(alarm.kind, kind), ne(alarm.state, 'closed'), ne(alarm.state, 'cleared-unacknowledged')))
}
