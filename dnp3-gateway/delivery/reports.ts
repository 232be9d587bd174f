import type { Log } from '../../platform/log/index.ts'
import type { GatewayReport, HubReport } from '../../schemas/grid/gateway.ts'
import type { GatewayCounters } from '../counters.ts'
import type { Certificate } from '../polling/certificate.ts'
import type { ServerClient } from './server-client.ts'
import type { Spool } from './spool.ts'

/** Hubs in one post of reports: measurements that come meanwhile do not wait long. */
const reportSize = 1_000

/** A report that does not arrive is not sent again: the next one says more. */
export async function report(client: ServerClient, hubs: HubReport[], gateway: GatewayReport, log: Log): Promise<void> {
  for (let from = 0; from === 0 || from < hubs.length; from += reportSize) {
    const answer = await client.postReports(hubs.slice(from, from + reportSize), gateway)
    if (answer.ok) continue
    log.debug({ detail: answer.failure.detail }, 'server does not take the hub reports')
    return
  }
}

/** What the server is told of the gateway itself. */
export function ofItself(counters: GatewayCounters, spool: Spool, certificate: Certificate | null): GatewayReport {
  const { waiting: waitingReadings, spoolBytes, refusedReadings, refusedBatches } = counters
  return {
    waitingReadings,
    spoolBytes,
    refusedReadings,
    refusedBatches,
    maxSpoolBytes: spool.maxBytes,
    spoolFull: spool.isFull,
    certificateEndsAt: certificate === null ? null : new Date(certificate.identity.expiresMs).toISOString(),
  }
}
