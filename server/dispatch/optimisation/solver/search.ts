import {
  type Commitment,
  type Committed,
  commitAtMarginalPrices,
  commitByPrice,
  compareScores,
  type DayProblem,
  improve,
} from '../algorithm/index.ts'

/** Searches with different seeds: the best of eight is within 0.1 % of the optimum on parts of 25 FUs. */
const mostSearches = 8

/** FUs × nodes of the largest part with a commitment node by node. */
const largestByNode = 50_000

/** FUs × periods of the largest part that is solved to proof beyond the gap asked for. */
const largestProof = 1_500

/** Whether a part is so small that it is solved to proof. */
export function isSmallPart({ units, excessW }: DayProblem): boolean {
  return units.length * excessW.length <= largestProof
}

/** The two kinds of commitment are about as good: either may lead to the better plan. */
export function commitments(problem: DayProblem): Commitment[] {
  if (problem.units.length * problem.tree.parent.length > largestByNode) return [commitAtMarginalPrices(problem)]
  return [commitByPrice(problem, false), commitByPrice(problem, true)]
}

/** The best of several searches, each from one of the commitments in turn with another seed, until their share of the time is used. */
export function improveAll(problem: DayProblem, starts: readonly Commitment[], used: () => number): Committed {
  const searches = isSmallPart(problem) ? starts.length : mostSearches
  let best: Committed | null = null
  for (let i = 0; i < searches && (best === null || used() < 1); i++) {
    const found = improve(problem, starts[i % starts.length] as Commitment, used, i + 1)
    if (best === null || compareScores(found.score, best.score) < 0) best = found
  }
  return best as Committed
}
