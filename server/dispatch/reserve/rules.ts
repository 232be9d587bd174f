/** An FU that could give more than it is to give anyway, by the quarter-hours in question, in order; W in the direction that is missing. */
export interface Candidate {
  fuId: string
  /** £/MWh, the dearest of its quarter-hours. */
  price: number
  /** What it could give in addition; 0 where it cannot. */
  extraW: readonly number[]
  /** What it is to give anyway. */
  plannedW: readonly number[]
  /** The least that it gives while it gives anything; 0 without limits. */
  leastW: number
  /** The first of its limits that it would break if it gave this in addition; `null` if it keeps them. */
  flaw(moreW: readonly number[]): string | null
}

/** The cheapest first; of two that cost the same, the lower identifier. */
export function byPrice(a: Pick<Candidate, 'fuId' | 'price'>, b: Pick<Candidate, 'fuId' | 'price'>): number {
  return a.price - b.price || (a.fuId < b.fuId ? -1 : 1)
}

/** What an FU would be asked for in addition, or which of its limits forbids all of it. */
export type Part = { moreW: number[]; flaw?: never } | { moreW?: never; flaw: string }

/**
 * The part of an FU in what is missing: as much as it has and is missing, and no less than it gives at all. Where that breaks its limits,
 * it is asked to go on through the gaps, and where that does as well, to end earlier.
 */
export function partOf(candidate: Candidate, missingW: readonly number[]): Part {
  const needed = missingW.map((w, t) => (w > 0 ? moreOf(candidate, w, t) : 0))
  const [first, last] = [needed.findIndex((w) => w > 0), needed.findLastIndex((w) => w > 0)]
  if (first < 0) return { moreW: needed }
  const flaw = candidate.flaw(needed)
  if (flaw === null) return { moreW: needed }
  for (let end = last; end >= first; end--) {
    const moreW = needed.map((w, t) => (t < first || t > end ? 0 : w || moreOf(candidate, 1, t)))
    if (candidate.flaw(moreW) === null) return { moreW }
  }
  return { flaw }
}

/** What an FU gives in addition where so much is missing, W: 0 if all that it could give is less than its least. */
function moreOf({ extraW, plannedW, leastW }: Candidate, missingW: number, t: number): number {
  const [mostW, hasW] = [extraW[t] ?? 0, plannedW[t] ?? 0]
  const moreW = Math.min(mostW, Math.max(missingW, leastW - hasW))
  return hasW + moreW < leastW ? 0 : moreW
}

/**
 * Shares what is missing among FUs in the order of their prices, each as far as something is still missing.
 * @returns what each is asked for in addition; those that nothing is left for are not in it.
 */
export function shared(candidates: readonly Candidate[], missingW: readonly number[]): Map<string, number[]> {
  let leftW = [...missingW]
  const parts = new Map<string, number[]>()
  for (const candidate of [...candidates].sort(byPrice)) {
    const { moreW } = partOf(candidate, leftW)
    if (!moreW?.some((w) => w > 0)) continue
    parts.set(candidate.fuId, moreW)
    leftW = leftW.map((w, t) => Math.max(0, w - (moreW[t] ?? 0)))
  }
  return parts
}
