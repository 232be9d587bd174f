import { asc, eq, getTableColumns, sql } from 'drizzle-orm'
import { type Queryable, toInstant } from '../../../platform/db/index.ts'
import type { HeldUpload } from '../../../schemas/settlement/metering.ts'
import { heldUpload } from './tables.ts'

/** Held uploads, those that wait first; `fspId` limits them to one FSP's. */
export async function listHolds(tx: Queryable, fspId: string | null): Promise<HeldUpload[]> {
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
    .where(fspId ? eq(heldUpload.fspId, fspId) : undefined)
    .orderBy(asc(heldUpload.state), asc(heldUpload.receivedAt))
  return rows.map((row) => ({
    ...row,
    from: toInstant(row.from).toString(),
    to: toInstant(row.to).toString(),
    receivedAt: row.receivedAt.toString(),
    decidedAt: row.decidedAt?.toString() ?? null,
  }))
}

/** The first or the last stamp of a held upload, looked for where it lies. */
const stampOf = (which: 'min' | 'max') =>
  sql<string>`(select ${sql.raw(which)}((e ->> 'at')::timestamptz)::text from jsonb_array_elements(${heldUpload.upload} -> 'readings') e)`
