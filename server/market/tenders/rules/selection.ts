/** An offer as the selection sees it: whole or not at all. Whole numbers, so that costs compare exactly. */
export interface Candidate {
  id: string
  /** mW. */
  power: bigint
  /** Price per MW and hour in 1/10,000 £. */
  price: bigint
}

export interface Selection {
  ids: Set<string>
  /** What is still wanted, mW. */
  shortfall: bigint
  /** Whether it is proved that nothing cheaper would do; the search gives up proving after `nodeLimit` steps. */
  isLeastCost: boolean
}

/** Offers of one price and odd sizes make a subset-sum problem, which no bound cuts short; this number of steps takes under a second. */
const nodeLimit = 200_000

/**
 * The cheapest set of whole offers that meets a requirement, by branch and bound: in order of rank an offer is first taken and then left
 * out, and a branch ends when even fractions of the offers that remain, cheapest first, could not beat the best set so far. Where not all
 * together meet it, all are taken.
 *
 * @param ranked by price, then by size and name: of equally cheap sets the one found first, in this order, is taken.
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

/** What the rest costs if offers could be taken in part, a lower bound; `null` when the offers from `at` on do not suffice. */
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
