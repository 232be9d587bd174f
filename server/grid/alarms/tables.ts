import { sql } from 'drizzle-orm'
import { bigint, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/db/index.ts'
import type { Alarm, AlarmEventName, AlarmKind, AlarmPriority, AlarmState } from '../../../schemas/grid/alarms.ts'

/** Alarms modelled on ISA-18.2. At most one alarm of a kind and source is open; closed ones stay as history. */
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
    /** The person who handles it; `null` when nobody has taken it. */
    owner: text(),
    /** Shelved until then, by whom and why. */
    shelvedUntil: instant('shelved_until'),
    shelvedBy: text('shelved_by'),
    shelfReason: text('shelf_reason'),
    /** Source of the alarm that explains this one, such as the gateway of a silent hub: this alarm is hidden while that one is active. */
    causeId: text('cause_id'),
    /** Out of service since then: `alarm_out_of_service` of its kind and source. */
    outSince: instant('out_since'),
    outBy: text('out_by'),
    outReason: text('out_reason'),
    /** Since when its cause has been gone, while its off-delay runs. */
    clearingSince: instant('clearing_since'),
  },
  (t) => [
    // In the order of what is looked up: the open alarm of a kind and a source.
    uniqueIndex('alarm_open').on(t.kind, t.sourceId, t.sourceType).where(sql`state <> 'closed'`),
    index('alarm_source').on(t.sourceType, t.sourceId),
    index('alarm_raised').on(t.raisedAt),
    index('alarm_clearing').on(t.kind, t.clearingSince).where(sql`clearing_since is not null`),
  ],
)

/** Kinds of alarms of a source that somebody took out of service: they are recorded, but neither shown nor sent (ISA-18.2). */
export const alarmOutOfService = pgTable(
  'alarm_out_of_service',
  {
    kind: text().$type<AlarmKind>().notNull(),
    sourceId: text('source_id').notNull(),
    since: instant().notNull(),
    by: text().notNull(),
    reason: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.kind, t.sourceId] })],
)

/** Causes of alarms whose on-delay runs: raised when it is over, forgotten when the cause goes before. */
export const alarmPending = pgTable(
  'alarm_pending',
  {
    kind: text().$type<AlarmKind>().notNull(),
    sourceId: text('source_id').notNull(),
    since: instant().notNull(),
    /** What is raised then. */
    raised: jsonb().$type<RaisedAlarm>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.kind, t.sourceId] }), index('alarm_pending_since').on(t.kind, t.since)],
)

/** What is raised: an alarm of a kind about a source. */
export interface RaisedAlarm {
  kind: AlarmKind
  source: Alarm['source']
  /** What happened, in one sentence with figures. */
  message: string
  /** The default is the action in `alarmKinds`. */
  action?: string
  priority?: AlarmPriority
}

/** Everything that happened to alarms, in order; entries never change. */
export const alarmJournal = pgTable(
  'alarm_journal',
  {
    entryId: bigint('entry_id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    alarmId: uuid('alarm_id').notNull(),
    at: instant().notNull(),
    event: text().$type<AlarmEventName>().notNull(),
    state: text().$type<AlarmState>().notNull(),
    priority: text().$type<AlarmPriority>().notNull(),
    actor: text().notNull(),
    detail: text().notNull(),
  },
  (t) => [index('alarm_journal_alarm').on(t.alarmId), index('alarm_journal_time').on(t.at)],
)
