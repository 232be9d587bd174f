import { sql } from 'drizzle-orm'
import { index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/db/index.ts'
import type { Alarm, AlarmKind, AlarmPriority, AlarmState } from '../../../schemas/alarms.ts'

/** Alarms in the manner of ISA-18.2. Of one kind and source at most one is open; closed ones stay as history. */
export const alarm = pgTable(
  'alarm',
  {
    alarmId: uuid('alarm_id').primaryKey(),
    kind: text().$type<AlarmKind>().notNull(),
    sourceType: text('source_type').$type<Alarm['source']['type']>().notNull(),
    sourceId: text('source_id').notNull(),
    sourceName: text('source_name').notNull(),
    priority: text().$type<AlarmPriority>().notNull(),
    state: text().$type<AlarmState>().notNull(),
    message: text().notNull(),
    action: text().notNull(),
    raisedAt: instant('raised_at').notNull(),
    clearedAt: instant('cleared_at'),
    acknowledgedAt: instant('acknowledged_at'),
    acknowledgedBy: text('acknowledged_by'),
    occurrences: integer().notNull(),
  },
  (t) => [
    uniqueIndex('alarm_open').on(t.kind, t.sourceType, t.sourceId).where(sql`state <> 'closed'`),
    index('alarm_source').on(t.sourceType, t.sourceId),
    index('alarm_raised').on(t.raisedAt),
  ],
)
