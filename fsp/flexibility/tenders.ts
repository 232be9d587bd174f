import type { Instant } from '@js-joda/core'
import { networkOperations } from '../../schemas/grid/network.ts'
import { type NewTenderResponse, type Tender, tenderOperations } from '../../schemas/market/tenders.ts'
import { instantOf, tradingDayOf } from '../../schemas/vocabulary/time.ts'
import type { MarketContext } from '../app/context.ts'
import type { Baselines } from './baselines.ts'
import { type DnoApi, reasonOf } from './dno.ts'
import { type BiddingPolicy, offersFor } from './policy.ts'
import { answeredTender } from './tables.ts'
import type { FlexUnits } from './units.ts'

/** At which prices an FSP bids, and which of its sites it offers into a tender. */
export interface Bidding {
  policy: BiddingPolicy
  isOffered(depotId: string, tender: Tender): boolean
  /** The most that a site can be made to draw, W; absent or `undefined` where it cannot be made to draw more. */
  mostW?(depotId: string): number | undefined
}

/** FA03: answers every open tender once, with offers or with an explicit refusal (E2EPA004). */
export async function answerTenders(
  context: MarketContext,
  given: { dno: DnoApi; flexUnits: FlexUnits; baselines: Baselines; bidding: Bidding },
  now: Instant,
): Promise<void> {
  const { dno, flexUnits, baselines, bidding } = given
  const { db, log } = context
  const listed = await dno.all(tenderOperations.listTenders, {})
  if (!listed.ok) return log.warn({ reason: reasonOf(listed.failure) }, 'tenders could not be read')
  const answered = new Set((await db.select().from(answeredTender)).map((row) => row.tenderId))
  const open = listed.value.filter((t) => t.state === 'open' && !answered.has(t.tenderId) && isOpen(t, now))
  if (open.length === 0) return
  const parents = await readParents(dno)
  for (const tender of open) {
    const ours = flexUnits.all.filter(({ depotId }) => bidding.isOffered(depotId, tender))
    const inZone = ours.filter((unit) => parents === null || isBehind(parents, unit.nodeId, tender.zoneNodeId))
    const candidates = []
    for (const { fuId, depotId, maxTurnDownW } of inZone) {
      const meanW = await baselines.meanInWindowsW(depotId, tender, tradingDayOf(now))
      const mostW = bidding.mostW?.(depotId)
      candidates.push({ fuId, maxTurnDownW, meanW, ...(mostW === undefined ? {} : { mostW }) })
    }
    const { offers, reason } = offersFor(tender, candidates, bidding.policy)
    const body: NewTenderResponse =
      offers.length > 0 ? { bid: 'offered', offers } : { bid: 'declined', reason: reason ?? '' }
    const { tenderId } = tender
    const answer = await dno.call(tenderOperations.respondToTender, { params: { id: tenderId }, body })
    if (answer.ok || answer.failure.status === 409)
      await db.insert(answeredTender).values({ tenderId, bid: body.bid, at: now }).onConflictDoNothing()
    if (!answer.ok) log.warn({ tenderId, reason: reasonOf(answer.failure) }, 'a response was not taken')
  }
}

function isOpen(tender: Tender, now: Instant): boolean {
  return now.isBefore(instantOf(tender.gateClosesAt))
}

/** The network as the DNO publishes it, each node's parent; `null` where it does not: then units are offered and the DNO sorts them out. */
async function readParents(dno: DnoApi): Promise<Map<string, string | null> | null> {
  const answer = await dno.all(networkOperations.listNodes, { query: { limit: 5_000 } })
  return answer.ok ? new Map(answer.value.map((node) => [node.nodeId, node.parentId])) : null
}

function isBehind(parents: ReadonlyMap<string, string | null>, nodeId: string, zoneId: string): boolean {
  for (let at: string | null = nodeId; at !== null; at = parents.get(at) ?? null) if (at === zoneId) return true
  return false
}
