import { index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { instant, optionsOf } from '../../../../platform/db/index.ts'
import { holdState, type MeterReadings } from '../../../../schemas/settlement/metering.ts'

/** Uploads that look like a mistake of unit or sign, kept whole until a person decides (FM13). */
export const heldUpload = pgTable(
  'held_upload',
  {
    holdId: uuid('hold_id').primaryKey(),
    fspId: uuid('fsp_id').notNull(),
    fuId: uuid('fu_id').notNull(),
    upload: jsonb().$type<MeterReadings>().notNull(),
    reasons: jsonb().$type<string[]>().notNull(),
    receivedAt: instant('received_at').notNull(),
    receivedFrom: text('received_from').notNull(),
    state: text({ enum: optionsOf(holdState) }).notNull(),
    decidedAt: instant('decided_at'),
    decidedBy: text('decided_by'),
    /** The reason for the decision, for the FSP to read. */
    decisionReason: text('decision_reason'),
  },
  (t) => [index('held_upload_state').on(t.state, t.receivedAt)],
)
