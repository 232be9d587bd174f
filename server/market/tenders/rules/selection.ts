/** An offer as the selection sees it: indivisible, and in integers, so that costs compare exactly. */
export interface Candidate {
  id: string
  /** mW. */
  power: bigint
  /** Price in 1/10,000 £/MW/h. */
  price: bigint
}

export interface Selection {
  ids: Set<string>
  /** Unmet requirement, mW. */
  shortfall: bigint
  /** Whether this is proved to be the cheapest set; the search stops without proof after `nodeLimit` steps. */
  isLeastCost: boolean
}

/** Offers at one price in odd sizes are a subset-sum problem, where bounds do not help; this many steps take under a second. */
const nodeLimit = 200_000

/**
 * The cheapest set of whole offers that meets a requirement, by branch and bound: each offer, in order of rank, is first included and
 * then left out. A branch ends if even fractions of the remaining offers, cheapest first, cannot beat the best set so far. If all offers
 * together do not meet the requirement, all are selected.
 *
 * @param ranked by price, then by size and name: of equally cheap sets the first one found in this order is selected.
 */
export function cheapestCover(ranked: readonly Candidate[], required: bigint): Selection {
  const total = ranked.reduce((sum, c) => sum + c.power, 0n)
  if (total <= required)
    return { ids: new Set(ranked.map((c) => c.id)), shortfall: required - total, isLeastCost: true }
  const search = { best: null as bigint | null, ids: new Set<string>(), nodes: 0 }
  const taken: string[] = []
  const visit = (at: number, missing: bigint, cost: bigint): void => {
    if (search.nodes++ > nodeLimit) return
    if (missing <= 0n) {
      if (search.best === null || cost < search.best) Object.assign(search, { best: cost, ids: new Set(taken) })
      return
    }
    const candidate = ranked[at]
    const bound = fractionalCost(ranked, at, missing)
    if (!candidate || bound === null || (search.best !== null && cost + bound >= search.best)) return
    taken.push(candidate.id)
    visit(at + 1, missing - candidate.power, cost + candidate.power * candidate.price)
    taken.pop()
    visit(at + 1, missing, cost)
  }
  visit(0, required, 0n)
  return { ids: search.ids, shortfall: 0n, isLeastCost: search.nodes <= nodeLimit }
}

/** Cost of the rest if offers were divisible, a lower bound; `null` if the offers from `at` on do not suffice. */
function fractionalCost(ranked: readonly Candidate[], at: number, missing: bigint): bigint | null {
  let [left, cost] = [missing, 0n]
  for (let i = at; i < ranked.length && left > 0n; i++) {
    const candidate = ranked[i]
    if (!candidate) break
    const part = candidate.power < left ? candidate.power : left
    cost += part * candidate.price
    left -= part
  }
  return left > 0n ? null : cost
}
