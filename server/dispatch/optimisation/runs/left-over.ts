import type { LeftBecause, UnitPeriod } from '../../../../schemas/dispatch/optimisation.ts'
import { pathOf } from './directions.ts'
import type { DayModel, ModelUnit } from './model.ts'
import type { SolvedPeriod } from './solving.ts'

/** Less of a need or of an offer than this, W, is a solver's tolerance. */
const nothingW = 0.5

/** Why W of FUs were left in a quarter-hour that is solved: the reason that bound, FU by FU. */
export class LeftOver {
  readonly #model: DayModel
  readonly #period: SolvedPeriod
  /** The dearest FU that the need of each node was met by, £/MWh. */
  readonly #dearest = new Map<number, number>()
  #offering: Map<number, Set<string>> | null = null

  constructor(model: DayModel, period: SolvedPeriod) {
    this.#model = model
    this.#period = period
    const { takes } = period.selection
    for (const [i, node] of takes.node.entries()) {
      const price = period.need.price[takes.unit[i] ?? -1] ?? 0
      this.#dearest.set(node, Math.max(price, this.#dearest.get(node) ?? 0))
    }
  }

  /** @param leftW what of an FU could have been chosen and was not. */
  of(u: number, leftW: number): Pick<UnitPeriod, 'left'> {
    const unit = this.#model.units[u]
    if (!unit || leftW < nothingW) return {}
    const needy = pathOf(this.#model.tree, u).filter((v) => (this.#period.need.needW[v] as number) > 0)
    const otherFsps = needy[0] === undefined ? 0 : this.#othersAt(needy[0], unit)
    return { left: { powerW: leftW, because: this.#because(u, unit, needy), otherFsps } }
  }

  #because(u: number, unit: ModelUnit, needy: readonly number[]): LeftBecause {
    const { need, selection } = this.#period
    if (needy.length === 0) return 'no-need'
    const price = need.price[u] as number
    const short = needy.filter((v) => (selection.shortfallW[v] as number) >= nothingW)
    const hasOwnLimits = unit.constraints !== null || unit.activationsLeft !== null
    if (short.length > 0) {
      const paysNowhere = short.every((v) => (need.ceilingPrice?.[v] ?? Infinity) < price)
      if (paysNowhere) return 'ceiling-price'
      return hasOwnLimits ? 'own-limits' : 'network-limit'
    }
    const dearest = Math.max(-Infinity, ...needy.flatMap((v) => this.#dearest.get(v) ?? []))
    const isChosen = (selection.turnDownW[u] as number) - (need.floorW[u] as number) >= nothingW
    // Of a chosen FU the rest was not needed, unless somebody dearer stood in for it.
    if (dearest <= price) return isChosen || dearest === -Infinity ? 'need-met' : 'price'
    if (unit.leastW > Math.max(...needy.map((v) => need.needW[v] as number))) return 'least-turn-down'
    return hasOwnLimits ? 'own-limits' : 'whole-day'
  }

  /** How many FSPs other than an FU's own had W to choose from under a node. */
  #othersAt(node: number, { fspId }: ModelUnit): number {
    this.#offering ??= this.#fspsByNode()
    const all = this.#offering.get(node)
    return (all?.size ?? 0) - (fspId !== undefined && all?.has(fspId) ? 1 : 0)
  }

  #fspsByNode(): Map<number, Set<string>> {
    const found = new Map<number, Set<string>>()
    for (const [u, unit] of this.#model.units.entries()) {
      if (unit.fspId === undefined || unit.availableW(this.#period.from) <= 0) continue
      for (const v of pathOf(this.#model.tree, u)) {
        const own = found.get(v) ?? new Set()
        found.set(v, own.add(unit.fspId))
      }
    }
    return found
  }
}
