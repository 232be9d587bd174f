import { asc, eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { HeldUpload } from '../../../schemas/metering.ts'
import { heldUpload } from './tables.ts'

/** Held uploads, those that wait first; `fspId` limits them to one FSP's. */
export async function listHolds(tx: Queryable, fspId: string | null): Promise<HeldUpload[]> {
  const rows = await tx
    .select()
    .from(heldUpload)
    .where(fspId ? eq(heldUpload.fspId, fspId) : undefined)
    .orderBy(asc(heldUpload.state), asc(heldUpload.receivedAt))
  return rows.map(({ upload, receivedAt, decidedAt, ...row }) => {
    const stamps = upload.readings.map((reading) => reading.at).sort((a, b) => Date.parse(a) - Date.parse(b))
    return {
      ...row,
      meterId: upload.meterId,
      readings: stamps.length,
      from: stamps[0] ?? '',
      to: stamps.at(-1) ?? '',
      receivedAt: receivedAt.toString(),
      decidedAt: decidedAt?.toString() ?? null,
    }
  })
}
