import { createHash } from 'node:crypto'
import type { ReserveOffer, ReserveSituation } from '../../../schemas/dispatch/reserve.ts'
import type { ReserveUnit, Sorted } from './candidates.ts'
import { byPrice, partOf, shared } from './rules.ts'
import type { Situation } from './situation.ts'
import { viewReserve } from './store.ts'

/** The offer as people read it. Its version covers what they decide by. */
export function offerOf(situation: Situation, { able, without }: Sorted): ReserveSituation {
  const { short, way, nodeId, nodes, state, quarters, missingW, issued } = situation
  const parts = shared(able, missingW)
  const offers = [...able].sort(byPrice).map((each) => offered(situation, each, parts.get(each.fuId)))
  const proposedW = (t: number) => [...parts.values()].reduce((sum, moreW) => sum + (moreW[t] ?? 0), 0)
  const missing = quarters.map((from, t) => ({
    from: from.toString(),
    missingW: missingW[t] ?? 0,
    proposedW: proposedW(t),
  }))
  const decided = { nodeId, state, missing, offers, issued: issued.map((row) => row.reserveId) }
  return {
    version: createHash('sha256').update(JSON.stringify(decided)).digest('hex').slice(0, 32),
    fuId: short.fuId,
    fuName: short.name,
    direction: way,
    nodeId,
    nodes,
    state,
    instructedNowW: Math.abs(situation.instructedNowW),
    deliveredW: situation.deliveredW,
    missing,
    offers,
    without,
    issued: issued.map(viewReserve),
  }
}

function offered(
  { quarters, missingW }: Situation,
  each: ReserveUnit,
  proposed: readonly number[] | undefined,
): ReserveOffer {
  const { unit, product, priceGbpPerMwh } = each
  return {
    fuId: unit.fuId,
    fuName: unit.name,
    fspId: unit.fspId,
    nodeId: unit.nodeId,
    product,
    priceGbpPerMwh,
    isProposed: proposed !== undefined,
    periods: quartersOf(quarters, proposed ?? partOf(each, missingW).moreW ?? []),
    reboundShare: unit.limits?.rebound?.share ?? null,
  }
}

/** The quarter-hours in which something is asked for. */
function quartersOf(quarters: Situation['quarters'], moreW: readonly number[]): ReserveOffer['periods'] {
  return quarters.flatMap((from, t) => {
    const turnDownW = moreW[t] ?? 0
    return turnDownW > 0 ? [{ from: from.toString(), turnDownW }] : []
  })
}
