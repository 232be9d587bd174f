import { partyOperations } from '../../schemas/market/parties.ts'
import type { DnoApi } from './dno.ts'
import type { Site, SiteMember } from './sites.ts'

/** Registers a DER of a site with the DNO. A repetition finds the one that was made before. */
export function registerMember(dno: DnoApi, { depotId, der, members }: Site, { mpan, name, ratedW }: SiteMember) {
  return dno.call(partyOperations.registerDer, {
    body: { kind: der.kind, name, mpan, ratedW },
    idempotencyKey: members ? `der-${depotId}-${mpan}` : `der-${depotId}`,
  })
}
