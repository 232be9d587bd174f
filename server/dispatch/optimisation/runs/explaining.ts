import type {
  ClosedPeriod,
  NodePeriod,
  NodeResult,
  UnitPeriod,
  WithoutUnit,
} from '../../../../schemas/dispatch/optimisation.ts'
import type { Direction } from '../../../../schemas/vocabulary/units.ts'
import type { Difference } from '../solver/index.ts'
import { deratingAt } from './derating.ts'
import { pathOf, type SolvedDirection } from './directions.ts'
import type { DayInputs } from './inputs.ts'
import { LeftOver } from './left-over.ts'
import type { DayModel } from './model.ts'
import type { SolvedDay, SolvedPeriod } from './solving.ts'

/** The findings of a run for an FU. */
export interface ExplainedUnit {
  /** In which it could have been chosen. */
  periods: UnitPeriod[]
  /** In which nothing of it could be. */
  closed: ClosedPeriod[]
  without: WithoutUnit | null
  /** Its node and those above it. */
  path: string[]
}

/** The findings of a run: by node with a need, and by FU that could have been chosen. */
export interface Explained {
  nodes: Map<string, NodeResult>
  units: Map<string, ExplainedUnit>
}

/** £ of a quarter-hour, of a cost in W × £/MWh. */
const gbpOf = (cost: number) => (cost * 0.25) / 1e6

/** What was chosen and why in both directions of a day: each quarter-hour says which it is about. */
export function explainDirections(
  nodeNames: DayInputs['nodeNames'],
  directions: readonly SolvedDirection[],
): Explained {
  const all: Explained = { nodes: new Map(), units: new Map() }
  for (const { way, model, solved } of directions) {
    const { nodes, units } = explain({ model, nodeNames }, solved, way)
    for (const [nodeId, node] of nodes) {
      const periods = inTime(all.nodes.get(nodeId)?.periods ?? [], node.periods)
      all.nodes.set(nodeId, { ...node, periods })
    }
    for (const [fuId, unit] of units) {
      const before = all.units.get(fuId)
      const without = before?.without && unit.without ? together(before.without, unit.without) : unit.without
      const periods = inTime(before?.periods ?? [], unit.periods)
      const closed = inTime(before?.closed ?? [], unit.closed)
      all.units.set(fuId, { ...unit, periods, closed, without: without ?? before?.without ?? null })
    }
  }
  return all
}

function inTime<Period extends { from: string }>(some: readonly Period[], others: readonly Period[]): Period[] {
  if (some.length === 0) return [...others]
  return [...some, ...others].sort((a, b) => Date.parse(a.from) - Date.parse(b.from))
}

function together(one: WithoutUnit, other: WithoutUnit): WithoutUnit {
  return {
    shortfallWh: one.shortfallWh + other.shortfallWh,
    costGbp: one.costGbp + other.costGbp,
    isExact: one.isExact && other.isExact,
  }
}

/** What was chosen and why: for each node with a need, and for each FU that could have been chosen. @param way of the day solved. */
export function explain(
  { model, nodeNames }: Pick<DayInputs, 'model' | 'nodeNames'>,
  solved: SolvedDay,
  way: Direction = 'turn-down',
): Explained {
  const result: Explained = { nodes: new Map(), units: new Map() }
  for (const period of solved.periods) {
    for (const [i, node] of model.nodes.entries()) {
      const needW = period.need.needW[i] ?? 0
      if (needW <= 0) continue
      const name = nodeNames.get(node.nodeId) ?? node.nodeId
      const own = result.nodes.get(node.nodeId) ?? { nodeId: node.nodeId, name, periods: [] }
      result.nodes.set(node.nodeId, own)
      const marginal = period.marginal.get(i)
      own.periods.push({
        from: period.from.toString(),
        ...named(way),
        needW,
        shortfallW: period.selection.shortfallW[i] ?? 0,
        ...stoppedAt(period, i),
        ...(model.weight ? { shortfallWeight: model.weight[i] ?? 1 } : {}),
        marginalPriceGbpPerMwh: marginal?.price ?? null,
        isMarginalExact: marginal?.isExact ?? false,
      })
    }
    explainUnits(result, { model, way }, period, solved.without)
  }
  return result
}

/** Less of a shortfall than this, W, is a solver's tolerance. */
const nothingW = 0.5

/** Where the ceiling price of a node is why need stays unmet. */
function stoppedAt({ need, stoppedW }: SolvedPeriod, node: number): Pick<NodePeriod, 'stoppedByPrice'> {
  const [shortfallW, ceiling] = [stoppedW[node] ?? 0, need.ceilingPrice?.[node] ?? Infinity]
  if (shortfallW < nothingW || ceiling === Infinity) return {}
  return { stoppedByPrice: { ceilingGbpPerMwh: ceiling.toFixed(2), shortfallW } }
}

/** A direction as it is stored: one that is absent is turn-down. */
const named = (way: Direction) => (way === 'turn-up' ? { direction: way } : {})

function explainUnits(
  result: Explained,
  { model, way }: Pick<SolvedDirection, 'model' | 'way'>,
  period: SolvedPeriod,
  without: SolvedDay['without'],
): void {
  const { from, need, selection } = period
  const needs = needsMet(model, selection.takes)
  const leftOver = new LeftOver(model, period)
  for (const [u, unit] of model.units.entries()) {
    const availableW = unit.availableW(from)
    const siteLimit = unit.siteLimit?.(from) ?? null
    const closed = unit.closed?.(from) ?? null
    if (availableW <= 0 && !siteLimit && closed === null) continue
    const own = result.units.get(unit.fuId) ?? {
      periods: [],
      closed: [],
      without: viewWithout(without.get(u)),
      path: pathOf(model.tree, u).map((v) => model.nodes[v]?.nodeId ?? ''),
    }
    result.units.set(unit.fuId, own)
    if (availableW <= 0 && !siteLimit) {
      if (closed !== null) own.closed.push({ from: from.toString(), ...named(way), because: closed })
      continue
    }
    const turnDownW = (selection.turnDownW[u] ?? 0) - (need.floorW[u] ?? 0)
    own.periods.push({
      from: from.toString(),
      ...named(way),
      availableW,
      ...deratingAt(unit, from),
      ...(siteLimit ? { siteLimit } : {}),
      turnDownW,
      priceGbpPerMwh: unit.price(from).toFixed(2),
      marginalPriceGbpPerMwh: marginalOf(model, period, u),
      reasons: reasonsOf(needs.get(u) ?? [], turnDownW),
      ...leftOver.of(u, availableW - turnDownW),
    })
  }
}

/** The needs that the W of each FU were chosen for. */
function needsMet(model: DayModel, takes: SolvedPeriod['selection']['takes']): Map<number, UnitPeriod['reasons']> {
  const reasons = new Map<number, UnitPeriod['reasons']>()
  for (const [i, unit] of takes.unit.entries()) {
    const node = model.nodes[takes.node[i] ?? -1]
    if (!node) continue
    const own = reasons.get(unit) ?? []
    reasons.set(unit, own)
    own.push({ nodeId: node.nodeId, turnDownW: takes.powerW[i] ?? 0, because: 'need' })
  }
  return reasons
}

/** Reasons that add to the turn-down: what no node needed, the FU gives because it gives no less or must go on. */
function reasonsOf(needs: UnitPeriod['reasons'], turnDownW: number): UnitPeriod['reasons'] {
  const restW = turnDownW - needs.reduce((sum, reason) => sum + reason.turnDownW, 0)
  if (restW < 0.5) return needs
  return [...needs, { nodeId: null, turnDownW: restW, because: needs.length > 0 ? 'least-turn-down' : 'run' }]
}

/**
 * The marginal price at an FU: of its node, or of the lowest above it that was asked. Where nothing is needed one more kW costs nothing.
 */
function marginalOf(model: DayModel, { marginal }: SolvedPeriod, u: number): number | null {
  const asked = pathOf(model.tree, u).find((v) => marginal.has(v))
  return asked === undefined ? 0 : (marginal.get(asked)?.price ?? null)
}

function viewWithout(difference: Difference | undefined): WithoutUnit | null {
  if (!difference) return null
  const { shortfallW, cost, isExact } = difference
  return { shortfallWh: shortfallW * 0.25, costGbp: gbpOf(cost), isExact }
}
