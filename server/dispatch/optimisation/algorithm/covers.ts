import type { InRow } from '../../../../platform/linear-programs/index.ts'
import type { DayProblem } from './day.ts'

/** A row that every plan keeps and a relaxed solution broke: the terms come to at least `least`, kW. */
export interface Cover {
  least: number
  terms: InRow[]
}

/** What the search for covers has to know of the model: the columns of an FU and period, and whether its `on` is a whole number. */
export interface CoverModel {
  power(u: number, t: number): number
  on(u: number, t: number): number
  /** The column of what a node leaves unmet in a period, kW; `null` where nothing can be. */
  unmet(v: number, t: number): number | null
  isWhole: readonly boolean[]
}

const wPerKw = 1_000

/** Shares of a need: one smaller than this is not worth a cover, and a cover broken by less is not worth a row. */
const [leastNeedKw, leastBroken] = [0.5, 0.005]

/** FUs of which every choice is tried as the ones that are on anyway; of more, only the first few in their order, or all but one. */
const mostInFull = 8
const mostInPart = 12

/**
 * Finds the covers that a relaxed solution breaks. The relaxed model lets 7 kW of need be met by a 44 kW FU that is on by 16 %, which uses up
 * 16 % of its longest run; a plan has it on. With `r` what a need leaves when the FUs of a set A give all they can, every plan has
 *
 *     Σ { x(u,t) : u in S } + Σ { min(h(u,t), r) · o(u,t) : u not in S }  ≥  r      over the FUs under the node that are not in A
 *
 * for any A and S: with an FU on whose `h` exceeds `r` the left side is `r` already, and without one it is at least the turn-down. (Flow
 * covers: Padberg, Van Roy, Wolsey 1985.) For each node and period the most broken one is found, S by what is smaller. An FU that need not
 * be whole counts by its turn-down.
 *
 * What is left unmet counts on the left side too: by as much the FUs give less.
 */
export function coverSearch(problem: DayProblem, model: CoverModel): (solution: Float64Array) => Cover[] {
  const { tree, excessW } = problem
  const required = leastTurnDowns(problem, model.unmet)
  const below = unitsUnder(problem)
  return (solution) => {
    const covers: Cover[] = []
    for (let v = 0; v < tree.parent.length; v++) {
      for (let t = 0; t < excessW.length; t++) {
        const need = required[t]?.[v] as Required
        if (need.kw < leastNeedKw) continue
        const unmetKw = need.unmet.reduce((sum, [column, share]) => sum + share * (solution[column] as number), 0)
        const cover = mostBroken(new Need(problem, model, solution, below[v] as number[], t), need.kw, unmetKw)
        if (cover) covers.push({ least: cover.least, terms: [...cover.terms, ...need.unmet] })
      }
    }
    return covers
  }
}

/** One node's FUs in one period, with a relaxed solution. Power in kW. */
class Need {
  readonly units: readonly number[]
  readonly #problem: DayProblem
  readonly #model: CoverModel
  readonly #solution: Float64Array
  readonly #t: number

  constructor(problem: DayProblem, model: CoverModel, solution: Float64Array, units: readonly number[], t: number) {
    this.#problem = problem
    this.#model = model
    this.#solution = solution
    this.units = units
    this.#t = t
  }

  most(u: number): number {
    return (this.#problem.ceilingW[this.#t]?.[u] as number) / wPerKw
  }

  power(u: number): number {
    return this.#solution[this.#model.power(u, this.#t)] as number
  }

  on(u: number): number {
    return this.#solution[this.#model.on(u, this.#t)] as number
  }

  /** What an FU counts for `r` kW of need: by its turn-down or by being on, whichever is less. */
  counts(u: number, r: number): number {
    return this.#countsByTurnDown(u, r) ? this.power(u) : Math.min(this.most(u), r) * this.on(u)
  }

  term(u: number, r: number): InRow {
    if (this.#countsByTurnDown(u, r)) return [this.#model.power(u, this.#t), 1]
    return [this.#model.on(u, this.#t), Math.min(this.most(u), r)]
  }

  #countsByTurnDown(u: number, r: number): boolean {
    const most = this.most(u)
    return !this.#model.isWhole[u] || most <= r || this.power(u) < r * this.on(u)
  }
}

/** The cover of a need that is broken by the greatest share, over the sets of FUs that may be on anyway. */
function mostBroken(need: Need, needKw: number, unmetKw: number): Cover | null {
  const running = need.units
    .filter((u) => need.on(u) > 1e-6 && need.most(u) > 0)
    .sort((a, b) => need.on(b) - need.on(a) || need.power(b) / need.most(b) - need.power(a) / need.most(a))
    .slice(0, mostInPart)
  let found: { broken: number; left: number; isOnAnyway: Set<number> } | null = null
  for (const set of setsOf(running.length)) {
    const isIn = (k: number) => ((set >> k) & 1) === 1
    const left = running.reduce((sum, u, k) => (isIn(k) ? sum - need.most(u) : sum), needKw)
    if (left < leastNeedKw) continue
    const given = running.reduce((sum, u, k) => (isIn(k) ? sum : sum + need.counts(u, left)), unmetKw)
    const broken = (left - given) / left
    if (broken > Math.max(leastBroken, found?.broken ?? 0))
      found = { broken, left, isOnAnyway: new Set(running.filter((_, k) => isIn(k))) }
  }
  if (!found) return null
  const { left, isOnAnyway } = found
  return { least: left, terms: need.units.filter((u) => !isOnAnyway.has(u)).map((u) => need.term(u, left)) }
}

/** Sets of so many FUs, each a number whose bits are its members. */
function setsOf(count: number): number[] {
  const all = 2 ** count - 1
  if (count <= mostInFull) return Array.from({ length: all + 1 }, (_, set) => set)
  const first = Array.from({ length: count + 1 }, (_, k) => 2 ** k - 1)
  const allButOne = Array.from({ length: count }, (_, k) => all - 2 ** k)
  return [...first, ...allButOne]
}

/** A turn-down, kW, less what shares of some columns come to. */
export interface Required {
  kw: number
  unmet: InRow[]
}

/**
 * The turn-down under each node without which more stays unmet, for each period: its excess with the rebound that earlier ones of these must
 * bring, or what the nodes right below it require together; less what is unmet there.
 */
export function leastTurnDowns(problem: DayProblem, unmet: CoverModel['unmet']): Required[][] {
  const { tree, excessW } = problem
  const returning = unitsUnder(problem).map((units) => leastReturning(problem, units))
  const required: Required[][] = []
  for (const [t, excess] of excessW.entries()) {
    const ofBelow: Required[] = Array.from(tree.parent, () => ({ kw: 0, unmet: [] }))
    const row: Required[] = []
    for (const [v, above] of tree.parent.entries()) {
      const short = unmet(v, t)
      const parts: Required[] = [{ kw: (excess[v] as number) / wPerKw, unmet: short === null ? [] : [[short, 1]] }]
      for (const [lag, share] of returning[v] as Map<number, number>) {
        const earlier = required[t - lag]?.[v]
        if (earlier && earlier.kw > 0) parts.push(times(share, earlier))
      }
      const [own, below] = [summed(parts), ofBelow[v] as Required]
      const most = own.kw > below.kw ? own : below
      row.push(most.kw > 0 ? most : { kw: 0, unmet: [] })
      if (above >= 0) ofBelow[above] = summed([ofBelow[above] as Required, row[v] as Required])
    }
    required.push(row)
  }
  return required
}

function times(share: number, { kw, unmet }: Required): Required {
  return { kw: share * kw, unmet: unmet.map(([column, value]) => [column, share * value]) }
}

function summed(parts: readonly Required[]): Required {
  const unmet = new Map<number, number>()
  for (const part of parts)
    for (const [column, value] of part.unmet) unmet.set(column, (unmet.get(column) ?? 0) + value)
  return { kw: parts.reduce((sum, { kw }) => sum + kw, 0), unmet: [...unmet] }
}

/** The share of a turn-down that returns for certain so many periods later, whichever of the FUs gives it. */
function leastReturning({ units }: DayProblem, among: readonly number[]): Map<number, number> {
  const rebounds = among.map((u) => (units[u] as DayProblem['units'][number]).rebound)
  const latest = rebounds.reduce((most, { delay, periods }) => Math.max(most, delay + periods), 0)
  const shares = new Map<number, number>()
  for (let lag = 1; lag < latest; lag++) {
    const least = rebounds.reduce((least, { share, delay, periods }) => {
      return Math.min(least, lag >= delay && lag < delay + periods ? share / periods : 0)
    }, Infinity)
    if (least > 0 && least < Infinity) shares.set(lag, least)
  }
  return shares
}

/** The FUs at and under each node. */
function unitsUnder({ tree }: DayProblem): number[][] {
  const under: number[][] = Array.from(tree.parent, () => [])
  for (const [u, node] of tree.unitNode.entries())
    for (let v = node; v >= 0; v = tree.parent[v] as number) (under[v] as number[]).push(u)
  return under
}
