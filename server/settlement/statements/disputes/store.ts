import { and, asc, eq } from 'drizzle-orm'
import type { Queryable } from '../../../../platform/db/index.ts'
import type { Dispute } from '../../../../schemas/settlement/statements.ts'
import type { Page } from '../../../../schemas/vocabulary/paging.ts'
import { afterCursor, type PageQuery, pageFrom } from '../../../kit/index.ts'
import { dispute } from './tables.ts'
import { viewDispute } from './views.ts'

/** A page of the disputes of a statement, in the order raised. */
export async function pageOfDisputes(tx: Queryable, statementId: string, query: PageQuery): Promise<Page<Dispute>> {
  const rows = await tx
    .select()
    .from(dispute)
    .where(and(eq(dispute.statementId, statementId), afterCursor(query, [dispute.raisedAt, dispute.disputeId])))
    .orderBy(asc(dispute.raisedAt), asc(dispute.disputeId))
    .limit(query.limit + 1)
  return pageFrom(rows, query, (row) => [row.raisedAt.toString(), row.disputeId], viewDispute)
}
