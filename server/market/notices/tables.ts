import { sql } from 'drizzle-orm'
import { boolean, index, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { instant, optionsOf } from '../../../platform/db/index.ts'
import { noticeColumns } from '../../../platform/outbox/index.ts'
import { sealedColumn } from '../../../platform/secrets/index.ts'
import type { FspNews, FspNoticeState } from '../../../schemas/market/notices.ts'
import { noticeChannel } from '../../../schemas/vocabulary/notices.ts'
import { fsp } from '../parties/tables.ts'

/** Where FSPs have their notices sent. What was sent there stays on record, so a removed target keeps its row, without its key. */
export const fspNoticeTarget = pgTable(
  'fsp_notice_target',
  {
    targetId: uuid('target_id').primaryKey(),
    fspId: uuid('fsp_id')
      .notNull()
      .references(() => fsp.fspId),
    name: text().notNull(),
    kind: text({ enum: optionsOf(noticeChannel) }).notNull(),
    address: text().notNull(),
    /** Key that signs webhook bodies, sealed. */
    sealedKey: text('sealed_key'),
    active: boolean().notNull(),
    removedAt: instant('removed_at'),
  },
  (t) => [index('fsp_notice_target_fsp').on(t.fspId, t.name)],
)

/** The keys of targets, sealed each for its own row. */
export const sealedNoticeKeys = sealedColumn({
  table: fspNoticeTarget,
  key: fspNoticeTarget.targetId,
  sealed: fspNoticeTarget.sealedKey,
  purpose: 'fsp-notice-target.key',
})

/** Notices to FSPs: written in the transaction of what they tell, sent afterwards. */
export const fspNotice = pgTable(
  'fsp_notice',
  {
    ...noticeColumns<FspNews, FspNoticeState>(),
    fspId: uuid('fsp_id')
      .notNull()
      .references(() => fsp.fspId),
    /** `null` for the FSP's contact. */
    targetId: uuid('target_id').references(() => fspNoticeTarget.targetId),
    event: text().$type<FspNews['event']>().notNull(),
    /** What it happened to, with its version where it can happen again: the same event of it is told once. */
    subject: text().notNull(),
    owedAt: instant('owed_at').notNull(),
  },
  (t) => [
    unique('fsp_notice_once').on(t.fspId, t.event, t.subject, t.targetId).nullsNotDistinct(),
    index('fsp_notice_due').on(t.dueAt).where(sql`state = 'owed'`),
    index('fsp_notice_latest').on(t.owedAt, t.noticeId),
    index('fsp_notice_fsp').on(t.fspId, t.owedAt, t.noticeId),
    index('fsp_notice_by_target').on(t.targetId),
  ],
)

export type FspNoticeRow = typeof fspNotice.$inferSelect
export type FspNoticeTargetRow = typeof fspNoticeTarget.$inferSelect
