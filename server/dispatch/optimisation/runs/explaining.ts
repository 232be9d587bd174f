import type { Instant } from '@js-joda/core'
import type { NodeResult, UnitPeriod } from '../../../../schemas/dispatch/optimisation.ts'
import { nodePrices, type PeriodSelection } from '../algorithm/index.ts'
import type { DayInputs } from './inputs.ts'
import { type SolvedDay, shortfallPenalty } from './solving.ts'

/** The findings of a run: by node with a need, and by FU that could have been chosen. */
export interface Explained {
  nodes: Map<string, NodeResult>
  units: Map<string, UnitPeriod[]>
}

/** What was chosen and why: for each node with a need, and for each FU that could have been chosen. */
export function explain({ model, nodeNames }: DayInputs, { periods }: SolvedDay): Explained {
  const result: Explained = { nodes: new Map(), units: new Map() }
  for (const { from, need: period, selection } of periods) {
    const worth = nodePrices(model.tree, selection, shortfallPenalty)
    for (const [i, node] of model.nodes.entries()) {
      const needW = period.needW[i] ?? 0
      if (needW <= 0) continue
      const name = nodeNames.get(node.nodeId) ?? node.nodeId
      const own = result.nodes.get(node.nodeId) ?? { nodeId: node.nodeId, name, periods: [] }
      result.nodes.set(node.nodeId, own)
      own.periods.push({
        from: from.toString(),
        needW,
        shortfallW: selection.shortfallW[i] ?? 0,
        marginalPriceGbpPerMwh: worth[i] ?? 0,
      })
    }
    explainUnits(result, model, from, selection, worth)
  }
  return result
}

function explainUnits(
  result: Explained,
  model: DayInputs['model'],
  from: Instant,
  selection: PeriodSelection,
  worth: Float64Array,
): void {
  const { takes } = selection
  const reasons = new Map<number, { nodeId: string; turnDownW: number }[]>()
  for (const [i, unit] of takes.unit.entries()) {
    const node = model.nodes[takes.node[i] ?? -1]
    if (!node) continue
    const own = reasons.get(unit) ?? []
    reasons.set(unit, own)
    own.push({ nodeId: node.nodeId, turnDownW: takes.powerW[i] ?? 0 })
  }
  for (const [u, unit] of model.units.entries()) {
    const availableW = unit.availableW(from)
    if (availableW <= 0) continue
    const own = result.units.get(unit.fuId) ?? []
    result.units.set(unit.fuId, own)
    own.push({
      from: from.toString(),
      availableW,
      turnDownW: selection.turnDownW[u] ?? 0,
      priceGbpPerMwh: unit.price(from).toFixed(2),
      marginalPriceGbpPerMwh: worth[model.tree.unitNode[u] ?? -1] ?? 0,
      reasons: reasons.get(u) ?? [],
    })
  }
}
