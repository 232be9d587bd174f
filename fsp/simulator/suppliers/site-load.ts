import { depotOperations } from '../../../schemas/fsp/depot-api.ts'
import type { DepotSeed } from '../../../schemas/fsp/depots.ts'
import { fspFeedOperations } from '../../../schemas/fsp/feeds/feeds.ts'
import { createClient } from '../../../schemas/vocabulary/client.ts'
import { isoOf } from '../common/local-time.ts'
import type { SupplierFaults } from '../common/supplier-faults.ts'
import type { SendMinutes, SiteMinute } from '../sites/site-load.ts'
import { clampFeedId, clampsOf, currentOf } from './clamps.ts'

/** Where deliveries go, and the key that goes with them. */
export interface Recipient {
  fspUrl: string
  key: string
}

const answerTimeoutMs = 20_000

/** A meter at the connection: the site's whole import (fsp/CONTRACTS.md, `site-load`). */
export function wholeSite({ fspUrl, key }: Recipient, { depotId }: DepotSeed): SendMinutes {
  const client = clientOf(fspUrl)
  return async (minutes) => {
    const readings = minutes.map(({ atMs, siteLoadW }) => ({ at: isoOf(atMs), siteLoadW: Math.round(siteLoadW) }))
    await client.call(depotOperations.takeSiteLoad, { params: { depotId }, body: { readings } }, withKey(key))
  }
}

/** A supplier with a clamp on each cable, who pushes their currents as records of a feed. */
export function clampSupplier({ fspUrl, key }: Recipient, depot: DepotSeed, faultOf: SupplierFaults): SendMinutes {
  const client = clientOf(fspUrl)
  const feedId = clampFeedId(depot.depotId)
  return async (minutes) => {
    const fault = faultOf(feedId, minutes.at(-1)?.atMs ?? 0)
    if (fault === 'silent') throw new Error('the supplier of the clamps sends nothing')
    const records = minutes.flatMap((minute) => recordsOf(depot, minute))
    const sent = fault === 'drift' ? records.map((record, i) => (i === 0 ? drifted(record) : record)) : records
    await client.call(fspFeedOperations.pushFeedRecords, { params: { feedId }, body: { records: sent } }, withKey(key))
  }
}

function recordsOf(depot: DepotSeed, { atMs, feedersW }: SiteMinute) {
  return clampsOf(depot).map((clamp) => ({
    timestamp: isoOf(atMs),
    device: clamp.channel,
    current_a: currentOf(feedersW[clamp.feeder] ?? 0, clamp),
  }))
}

/** A record in which the supplier has renamed a figure. */
function drifted({ current_a, ...rest }: ReturnType<typeof recordsOf>[number]) {
  return { ...rest, amps: current_a }
}

function clientOf(fspUrl: string) {
  return createClient(({ path, init }) => fetch(`${fspUrl}${path}`, init))
}

function withKey(key: string) {
  return { headers: { authorization: `Bearer ${key}` }, signal: AbortSignal.timeout(answerTimeoutMs) }
}
