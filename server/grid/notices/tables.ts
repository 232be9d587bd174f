import { sql } from 'drizzle-orm'
import { boolean, index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { noticeColumns } from '../../../platform/outbox/index.ts'
import { sealedColumn } from '../../../platform/secrets/index.ts'
import type { Alarm, AlarmTarget } from '../../../schemas/grid/alarms.ts'

/** Alarm targets: e-mail addresses or webhooks. */
export const alarmTarget = pgTable('alarm_target', {
  targetId: uuid('target_id').primaryKey(),
  name: text().notNull(),
  kind: text().$type<AlarmTarget['kind']>().notNull(),
  address: text().notNull(),
  /** Alarms of this priority and above. */
  fromPriority: text('from_priority').$type<AlarmTarget['fromPriority']>().notNull(),
  /** Key that signs webhook bodies, sealed. */
  sealedKey: text('sealed_key'),
  active: boolean().notNull(),
})

/** The keys of targets, sealed each for its own row. */
export const sealedTargetKeys = sealedColumn({
  table: alarmTarget,
  key: alarmTarget.targetId,
  sealed: alarmTarget.sealedKey,
  purpose: 'alarm-target.key',
})

/** Notices that are owed, sent or abandoned: written with the alarm, sent afterwards. */
export const alarmNotice = pgTable(
  'alarm_notice',
  {
    ...noticeColumns<{ event: string; alarm: Alarm }>(),
    alarmId: uuid('alarm_id').notNull(),
    targetId: uuid('target_id')
      .notNull()
      .references(() => alarmTarget.targetId),
  },
  (t) => [index('alarm_notice_due').on(t.dueAt).where(sql`state = 'owed'`), index('alarm_notice_alarm').on(t.alarmId)],
)
