import type { Der, Fsp } from '../../../schemas/market/parties.ts'
import type { der, fsp } from './tables.ts'

/** An FSP as the API shows it: without secrets. */
export function viewFsp(row: typeof fsp.$inferSelect): Fsp {
  return {
    fspId: row.fspId,
    companyName: row.companyName,
    contactName: row.contactName,
    contactEmail: row.contactEmail,
    status: row.status,
    reason: row.reason,
    appliedAt: row.appliedAt.toString(),
    decidedAt: row.decidedAt?.toString() ?? null,
    decidedBy: row.decidedBy,
    controlApiUrl: row.controlBaseUrl,
    dispatchRoute: row.dispatchRoute,
    dispatchEmail: row.dispatchEmail,
  }
}

/** A DER as the API shows it. */
export function viewDer({ connectionId: _, ...row }: typeof der.$inferSelect): Der {
  return row
}
