import { and, asc, eq, getTableColumns, sql } from 'drizzle-orm'
import { type Queryable, toInstant } from '../../../../platform/db/index.ts'
import type { HeldUpload } from '../../../../schemas/settlement/metering.ts'
import type { Page } from '../../../../schemas/vocabulary/paging.ts'
import { afterCursor, type PageQuery, pageFrom } from '../../../kit/index.ts'
import { heldUpload } from './tables.ts'

/** A page of held uploads, undecided first; `fspId` limits them to one FSP's. */
export async function pageOfHolds(tx: Queryable, fspId: string | null, query: PageQuery): Promise<Page<HeldUpload>> {
  const { upload, receivedAt, decidedAt, ...columns } = getTableColumns(heldUpload)
  const rows = await tx
    .select({
      ...columns,
      receivedAt,
      decidedAt,
      meterId: sql<string>`${upload} ->> 'meterId'`,
      readings: sql<number>`jsonb_array_length(${upload} -> 'readings')`,
      from: stampOf('min'),
      to: stampOf('max'),
    })
    .from(heldUpload)
    .where(
      and(
        fspId ? eq(heldUpload.fspId, fspId) : undefined,
        afterCursor(query, [heldUpload.state, heldUpload.receivedAt, heldUpload.holdId]),
      ),
    )
    .orderBy(asc(heldUpload.state), asc(heldUpload.receivedAt), asc(heldUpload.holdId))
    .limit(query.limit + 1)
  return pageFrom(
    rows,
    query,
    (row) => [row.state, row.receivedAt.toString(), row.holdId],
    (row) => ({
      ...row,
      from: toInstant(row.from).toString(),
      to: toInstant(row.to).toString(),
      receivedAt: row.receivedAt.toString(),
      decidedAt: row.decidedAt?.toString() ?? null,
    }),
  )
}

/** The first or the last stamp of a held upload, computed in the database. */
const stampOf = (which: 'min' | 'max') =>
  sql<string>`(select ${sql.raw(which)}((e ->> 'at')::timestamptz)::text from jsonb_array_elements(${heldUpload.upload} -> 'readings') e)`
