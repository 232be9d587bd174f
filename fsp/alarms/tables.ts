import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/index.ts'
import { noticeColumns } from '../../platform/outbox/index.ts'
import { sealedColumn } from '../../platform/secrets/index.ts'
import type {
  AlarmChannelForm,
  DepotAlarm,
  DepotAlarmEvent,
  DepotAlarmKind,
  DepotAlarmLevel,
  DepotAlarmSettingForm,
} from '../../schemas/fsp/alarms.ts'

/** Alarms of the depots: one open at most of a kind and source. */
export const depotAlarm = pgTable(
  'depot_alarm',
  {
    alarmId: uuid('alarm_id').primaryKey(),
    kind: text().$type<DepotAlarmKind>().notNull(),
    depotId: text('depot_id'),
    sourceId: text('source_id').notNull(),
    level: text().$type<DepotAlarmLevel>().notNull(),
    state: text().$type<DepotAlarm['state']>().notNull(),
    message: text().notNull(),
    raisedAt: instant('raised_at').notNull(),
    clearedAt: instant('cleared_at'),
    acknowledgedAt: instant('acknowledged_at'),
    acknowledgedBy: text('acknowledged_by'),
    occurrences: integer().notNull(),
    /** Since when its cause has been gone while its off-delay runs. */
    clearingSince: instant('clearing_since'),
  },
  (t) => [
    uniqueIndex('depot_alarm_open').on(t.kind, t.sourceId).where(sql`state <> 'closed'`),
    index('depot_alarm_raised').on(t.raisedAt),
  ],
)
export type AlarmRow = typeof depotAlarm.$inferSelect

/** Causes whose on-delay runs. */
export const depotAlarmPending = pgTable(
  'depot_alarm_pending',
  {
    kind: text().$type<DepotAlarmKind>().notNull(),
    sourceId: text('source_id').notNull(),
    since: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.kind, t.sourceId] })],
)

/** Everything that happened to alarms; entries never change. */
export const depotAlarmJournal = pgTable(
  'depot_alarm_journal',
  {
    entryId: bigint('entry_id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    alarmId: uuid('alarm_id').notNull(),
    at: instant().notNull(),
    event: text().$type<DepotAlarmEvent>().notNull(),
    state: text().$type<DepotAlarm['state']>().notNull(),
    level: text().$type<DepotAlarmLevel>().notNull(),
    actor: text().notNull(),
    detail: text().notNull(),
  },
  (t) => [index('depot_alarm_journal_alarm').on(t.alarmId)],
)

/** How depots watch kinds of alarms, where that is not the default. */
export const depotAlarmSetting = pgTable(
  'depot_alarm_setting',
  {
    depotId: text('depot_id').notNull(),
    kind: text().$type<DepotAlarmKind>().notNull(),
    setting: jsonb().$type<DepotAlarmSettingForm>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.depotId, t.kind] })],
)

/** Where notices go. */
export const alarmChannel = pgTable('alarm_channel', {
  channelId: text('channel_id').primaryKey(),
  name: text().notNull(),
  address: text().notNull(),
  shape: text().$type<AlarmChannelForm['shape']>().notNull(),
  fromLevel: text('from_level').$type<DepotAlarmLevel>().notNull(),
  /** `null`: all. */
  depotIds: jsonb('depot_ids').$type<string[]>(),
  isActive: boolean('is_active').notNull(),
  /** Key that signs what is sent. */
  sealedKey: text('sealed_key'),
})
export type ChannelRow = typeof alarmChannel.$inferSelect

/** Keys that sign notices. */
export const sealedChannelKey = sealedColumn({
  table: alarmChannel,
  key: alarmChannel.channelId,
  sealed: alarmChannel.sealedKey,
  purpose: 'alarm-channel.key',
})

/** Notices of alarms, each to one channel. */
export const depotAlarmNotice = pgTable(
  'depot_alarm_notice',
  {
    ...noticeColumns<{ event: DepotAlarmEvent; alarm: DepotAlarm }>(),
    alarmId: uuid('alarm_id').notNull(),
    channelId: text('channel_id')
      .notNull()
      .references(() => alarmChannel.channelId, { onDelete: 'cascade' }),
  },
  (t) => [index('depot_alarm_notice_due').on(t.state, t.dueAt)],
)
