import type { ServiceToOthers } from '../../../schemas/market/services-to-others.ts'
import type { ServiceRow } from '../stacking/index.ts'

/** A service as the API shows it. */
export function viewService(row: ServiceRow, conflicts: ServiceToOthers['conflicts']): ServiceToOthers {
  const { serviceId, fuId, fspId, buyer, service, reference, registeredBy, reason } = row
  return {
    serviceId,
    fuId,
    fspId,
    buyer,
    service,
    from: row.fromAt.toString(),
    to: row.toAt.toString(),
    reference,
    registeredAt: row.registeredAt.toString(),
    registeredBy,
    endedAt: row.endedAt?.toString() ?? null,
    reason,
    conflicts,
  }
}
