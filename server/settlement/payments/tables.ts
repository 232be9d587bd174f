import { integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/db/index.ts'
import type { SettlementTerms } from '../../../schemas/settlement/statements.ts'

/** Settlement terms of contracts, every version kept; a contract without a row has the default terms. */
export const contractTerms = pgTable(
  'contract_terms',
  {
    contractId: uuid('contract_id').notNull(),
    version: integer().notNull(),
    terms: jsonb().$type<SettlementTerms>().notNull(),
    setAt: instant('set_at').notNull(),
    setBy: text('set_by').notNull(),
  },
  (t) => [primaryKey({ columns: [t.contractId, t.version] })],
)
