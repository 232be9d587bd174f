import { randomUUID } from 'node:crypto'
import { Instant, type LocalDate } from '@js-joda/core'
import type { NodeResult, Optimisation, UnitPeriod } from '../../../../schemas/dispatch/optimisation.ts'
import type { Product } from '../../../../schemas/vocabulary/units.ts'
import { type Actor, nameOf, recordAudit, type ServerContext } from '../../../kit/index.ts'
import { saveOptimised } from '../../schedules/index.ts'
import { nodePrices, type PeriodSelection } from '../algorithm/index.ts'
import { type Again, type DayInputs, readInputs } from './inputs.ts'
import { type Effort, type SolvedDay, shortfallPenalty, solveModel } from './solving.ts'
import { latestUnits, viewRun } from './store.ts'
import { optimisationRun, optimisationUnit } from './tables.ts'

/** How long a run may take where FUs have limits, and how good is good enough, unless a timetable says otherwise. */
export const usualEffort: Effort = { seconds: 20, gap: 1e-3 }

interface Result {
  nodes: Map<string, NodeResult>
  units: Map<string, UnitPeriod[]>
}

/**
 * FA07, FB05: finds the cheapest turn-down of each FU of a product in each quarter-hour of a day that brings every node with a forecast
 * to or under its target level, and stores it as the FUs' optimised schedules, with the reason of every W. Where FUs have limits it takes
 * as long as `effort` allows, in worker threads: requests are answered meanwhile.
 */
export async function optimiseDay(
  context: ServerContext,
  actor: Actor,
  day: LocalDate,
  product: Product,
  effort: Effort = usualEffort,
  again: Again = {},
): Promise<Optimisation> {
  const at = context.clock.now()
  const inputs = await readInputs(context.db, at, day, product, again)
  const solved = await solveModel(inputs.model, inputs.starts, at, effort)
  const result = explain(inputs, solved)
  if (again.from) keepPast(result, await latestUnits(context.db, day, product), again.from)
  const run = {
    runId: randomUUID(),
    tradingDay: day,
    product,
    startedAt: at,
    startedBy: nameOf(actor),
    units: result.units.size,
    method: solved.method,
    gap: solved.gap,
    nodes: [...result.nodes.values()],
  }
  const shortAt = new Set(run.nodes.flatMap((node) => node.periods.filter((p) => p.shortfallW > 0).map((p) => p.from)))
  await context.db.transaction(async (tx) => {
    await tx.insert(optimisationRun).values(run)
    const rows = [...result.units].map(([fuId, periods]) => ({ runId: run.runId, fuId, periods }))
    for (let i = 0; i < rows.length; i += 1_000) await tx.insert(optimisationUnit).values(rows.slice(i, i + 1_000))
    // Every FU of the product, those without a W left among them: what an earlier run gave them must not stand.
    for (const { fuId } of inputs.model.units) {
      if (!inputs.starts.some((from) => inputs.isOwn(fuId, from))) continue
      const chosen = new Map((result.units.get(fuId) ?? []).map((p) => [p.from, p.turnDownW]))
      await saveOptimised(tx, context, actor, { fuId, day }, (from) =>
        inputs.isOwn(fuId, from) && !stands(again, shortAt, fuId, from)
          ? chosen.get(from.toString()) || null
          : undefined,
      )
    }
    await recordAudit(tx, at, actor, {
      action: 'optimisation.run',
      subject: { type: 'optimisation', id: run.runId },
      detail: { tradingDay: day.toString(), product, units: run.units, method: run.method, gap: run.gap },
    })
  })
  context.announce('dispatch')
  return viewRun(run)
}

/** What an earlier run said of the quarter-hours that stand already is what holds for them: this run repeats it. */
function keepPast(result: Result, before: ReadonlyMap<string, UnitPeriod[]>, from: Instant): void {
  for (const [fuId, periods] of before) {
    const past = periods.filter((period) => Instant.parse(period.from).isBefore(from))
    if (past.length > 0) result.units.set(fuId, [...past, ...(result.units.get(fuId) ?? [])])
  }
}

/**
 * Whether what stands for an FU in a quarter-hour stays: it is past, or the FU is lost and nothing takes its place. Should it come back
 * in time, it is as welcome as before.
 */
function stands(again: Again, shortAt: ReadonlySet<string>, fuId: string, from: Instant): boolean {
  if (again.from && from.isBefore(again.from)) return true
  return (again.isLost?.(fuId, from) ?? false) && shortAt.has(from.toString())
}

/** What was chosen and why: for each node with a need, and for each FU that could have been chosen. */
export function explain({ model, nodeNames }: DayInputs, { periods }: SolvedDay): Result {
  const result: Result = { nodes: new Map(), units: new Map() }
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
  result: Result,
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
