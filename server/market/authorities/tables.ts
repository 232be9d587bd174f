import { sql } from 'drizzle-orm'
import { check, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { instant, localDate, optionsOf } from '../../../platform/db/index.ts'
import { authorityGiver } from '../../../schemas/market/authorities.ts'

/**
 * An FSP's authority over an MPAN, from the application on. Approved ones of one MPAN cannot overlap: the exclusion constraint
 * `mpan_authority_one_fsp` of a hand-written migration ensures that, and the view `unit_authority` says from them on which days an FU's
 * FSP may act for it.
 */
export const mpanAuthority = pgTable(
  'mpan_authority',
  {
    authorityId: uuid('authority_id').primaryKey(),
    /** The application that named it, perhaps with other MPANs. */
    applicationId: uuid('application_id').notNull(),
    /** A row of `fsp`, by a foreign key of the hand-written migration. */
    fspId: uuid('fsp_id').notNull(),
    mpan: text().notNull(),
    status: text({ enum: ['applied', 'approved', 'refused'] }).notNull(),
    validFrom: localDate('valid_from').notNull(),
    /** The first day without it; `null` for no end yet. Equal to `validFrom`, it was never in force. */
    validUntil: localDate('valid_until'),
    givenBy: text('given_by', { enum: optionsOf(authorityGiver) }).notNull(),
    reference: text().notNull(),
    appliedAt: instant('applied_at').notNull(),
    appliedBy: text('applied_by').notNull(),
    decidedAt: instant('decided_at'),
    decidedBy: text('decided_by'),
    endedAt: instant('ended_at'),
    endedBy: text('ended_by'),
    /** Why it was refused or ended. */
    reason: text(),
  },
  (t) => [
    index('mpan_authority_mpan').on(t.mpan, t.fspId),
    index('mpan_authority_fsp').on(t.fspId, t.appliedAt),
    index('mpan_authority_applied').on(t.appliedAt),
    index('mpan_authority_application').on(t.applicationId),
    uniqueIndex('mpan_authority_pending_once').on(t.fspId, t.mpan).where(sql`status = 'applied'`),
    check('mpan_authority_span', sql`valid_until is null or valid_from <= valid_until`),
  ],
)

export type AuthorityRow = typeof mpanAuthority.$inferSelect
