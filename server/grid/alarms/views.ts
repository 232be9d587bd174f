import type { Alarm } from '../../../schemas/grid/alarms.ts'
import { alarmKinds } from './kinds.ts'
import type { alarm } from './tables.ts'

export type AlarmRow = typeof alarm.$inferSelect

/** An alarm as the API returns it. */
export function viewAlarm(row: AlarmRow): Alarm {
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
    outOfService:
      row.outSince === null
        ? null
        : { since: row.outSince.toString(), by: row.outBy ?? '', reason: row.outReason ?? '' },
  }
}
