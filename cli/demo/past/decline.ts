import { operations } from '../../../schemas/operations.ts'
import { readNorthbank } from '../../../seeds/lived-in/northbank.ts'
import type { RunningServer } from '../../../server/app/index.ts'
import type { PortalClient } from '../../system/portal-client.ts'
import { clientAt, companyClientId } from './company.ts'

/**
 * Lets the company of the past decline tenders that it has not answered: no process plays it, and a tender whose gate is open waits for every
 * FSP. Nothing happens where a demo has no such past.
 */
export async function declineTenders(
  server: RunningServer,
  engineer: PortalClient,
  secret: string,
  tenderIds: readonly string[],
): Promise<void> {
  const { companyName } = await readNorthbank()
  const company = (await engineer.api.all(operations.listFsps, {})).find((fsp) => fsp.companyName === companyName)
  if (company?.status !== 'accepted') return
  const api = clientAt(server, companyClientId(company.fspId), secret, 'market')
  for (const id of tenderIds) {
    const responses = await engineer.api.all(operations.listTenderResponses, { params: { id } })
    if (responses.some(({ fspId }) => fspId === company.fspId)) continue
    const body = { bid: 'declined' as const, reason: 'No unit of ours is free in these windows.' }
    await api.call(operations.respondToTender, { params: { id }, body })
  }
}
