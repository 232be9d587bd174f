import { type InRow, type LinearProgram, ProgramBuilder } from '../../../../platform/linear-programs/index.ts'
import { bestRuns, isFree } from './best-runs.ts'
import { type Cover, coverSearch } from './covers.ts'
import { type DayPlan, type DayProblem, type UnitRules, weightOf } from './day.ts'
import { mostReturningW, runnablePeriods } from './runnable.ts'

/** Columns in kW and rows near 1 keep the solver's tolerances meaningful. */
const wPerKw = 1_000

/**
 * One of the aims of a plan in their order (domain section 12), with what the aims before it came to: least shortfall, then least cost,
 * then fewest starts and the lowest identifiers.
 */
export type Aim =
  | { least: 'shortfall' }
  | { least: 'cost'; shortfallW: number }
  | { least: 'starts'; shortfallW: number; cost: number }

/**
 * Room beyond what an earlier aim came to: ten times the solver's tolerance in W, at which it may find nothing feasible; and a share of the
 * cost.
 */
const [roomW, roomShare] = [1e-2, 1e-9]

/** The room that a later aim has beyond the least shortfall, W by weight. */
export function shortfallRoomW({ weight }: DayProblem): number {
  return roomW * (weight?.reduce((a, b) => Math.max(a, b), 0) ?? 1)
}

/**
 * What that room, and as much again for the solver's tolerance, can save, W × £/MWh: two costs that are as close are the same to the solver.
 */
export function roomCost(problem: DayProblem): number {
  const lightest = problem.weight?.reduce((a, b) => Math.min(a, b), Infinity) ?? 1
  const dearest = problem.price.reduce((most, row) => row.reduce((a, b) => Math.max(a, b), most), 0)
  return 2 * (shortfallRoomW(problem) / lightest) * dearest
}

/** Column numbers of an FU and period: turn-down (kW), on, start; and whether it may be on then at all. */
interface Columns {
  canRun(u: number, t: number): boolean
  power(u: number, t: number): number
  on(u: number, t: number): number
  start(u: number, t: number): number
}

/** The model of a day for one aim, and how to read a plan from a solution and write one as a start. README.md has the mathematics. */
export function mipModel(
  problem: DayProblem,
  aim: Aim,
): {
  model: LinearProgram
  planOf(solution: Float64Array): DayPlan
  /** A start for the solver: every column except those of unmet need, which follow. */
  startOf(plan: DayPlan, commitment: readonly Uint8Array[]): { columns: Int32Array; values: Float64Array }
  /** The runs within each FU's rules that are nearest to a relaxed solution. */
  commitmentNear(solution: Float64Array): Uint8Array[]
  /** Finds the covers that a relaxed solution breaks. */
  brokenCovers(solution: Float64Array): Cover[]
} {
  const builder = new ProgramBuilder()
  const [periods, units] = [problem.excessW.length, problem.units.length]
  // An FU without rules needs no integers, unless its starts count.
  const isWhole = problem.units.map((rules) => aim.least === 'starts' || !isFree(rules, periods) || rules.minimumW > 0)
  const may = runnablePeriods(problem)
  addUnitColumns(builder, problem, aim, may, isWhole)
  const at = (u: number, t: number) => 3 * (u * periods + t)
  const columns: Columns = {
    canRun: (u, t) => may[u]?.[t] === 1,
    power: at,
    on: (u, t) => at(u, t) + 1,
    start: (u, t) => at(u, t) + 2,
  }
  for (let u = 0; u < units; u++) addUnitRows(builder, problem, columns, u)
  const unmet = addNodeRows(builder, problem, aim, columns)
  addAimRows(builder, problem, aim, columns, unmet.weights)
  return {
    model: builder.build(),
    brokenCovers: coverSearch(problem, { power: columns.power, on: columns.on, unmet: unmet.at, isWhole }),
    startOf: (plan, commitment) => {
      const values = new Float64Array(3 * units * periods)
      for (let u = 0; u < units; u++) {
        for (let t = 0; t < periods; t++) {
          const isOn = commitment[u]?.[t] === 1
          const wasOn = commitment[u]?.[t - 1] === 1
          values.set([(plan[t]?.[u] as number) / wPerKw, isOn ? 1 : 0, isOn && !wasOn ? 1 : 0], at(u, t))
        }
      }
      return { columns: Int32Array.from(values, (_, i) => i), values }
    },
    commitmentNear: (solution) =>
      problem.units.map((rules, u) => {
        const worth = (t: number) =>
          columns.canRun(u, t) ? (solution[columns.on(u, t)] as number) - 0.5 : Number.NEGATIVE_INFINITY
        return Uint8Array.from(bestRuns(rules, periods, worth, problem.day), (isOn) => (isOn ? 1 : 0))
      }),
    planOf: (solution) =>
      Array.from({ length: periods }, (_, t) =>
        Float64Array.from({ length: units }, (_u, u) => {
          const isOn = !isWhole[u] || (solution[columns.on(u, t)] as number) > 0.5
          return isOn ? Math.max(0, (solution[columns.power(u, t)] as number) * wPerKw) : 0
        }),
      ),
  }
}

function addUnitColumns(
  builder: ProgramBuilder,
  problem: DayProblem,
  aim: Aim,
  may: readonly Uint8Array[],
  isWhole: readonly boolean[],
): void {
  const { excessW, ceilingW, price, units } = problem
  // So little for the number of an FU that all of it is less than a start.
  const perNumber = aim.least === 'starts' ? 0.5 / (excessW.length * units.length ** 2) : 0
  for (const [u, rules] of units.entries()) {
    for (let t = 0; t < excessW.length; t++) {
      const ceilingKw = (ceilingW[t]?.[u] as number) / wPerKw
      const [canRun, isIssued] = [may[u]?.[t] === 1, rules.issued?.[t] === 1]
      // No start so late that the shortest run would reach past the day, unless what is issued at its end may go on.
      const isOpenEnd = rules.issued?.[excessW.length - 1] === 1
      const canStart = canRun && (isOpenEnd || t + rules.minimumRun <= excessW.length)
      const cost = aim.least === 'cost' ? (price[t]?.[u] as number) : 0
      builder.column({ cost, upper: canRun ? ceilingKw : 0 })
      const on = { lower: isIssued ? 1 : 0, upper: canRun ? 1 : 0, isInteger: isWhole[u] === true }
      builder.column({ cost: perNumber * u, ...on })
      // Between integer `on`s the smallest feasible start is an integer by itself: it needs no branching.
      builder.column({ cost: aim.least === 'starts' ? 1 : 0, upper: canStart ? 1 : 0 })
    }
  }
}

/** Rows of periods in which an FU may not be on are left out: they are half of all, and the solver would only find out that they are empty. */
function addUnitRows(builder: ProgramBuilder, problem: DayProblem, c: Columns, u: number): void {
  const periods = problem.excessW.length
  const rules = problem.units[u] as UnitRules
  for (let t = 0; t < periods; t++) {
    if (c.canRun(u, t)) addPowerRows(builder, problem, c, u, t)
    addRunRows(builder, rules, c, u, t)
  }
  const [from, end] = [problem.day?.from ?? 0, problem.day?.end ?? periods]
  const starts = Array.from({ length: end - from }, (_, k) => [c.start(u, from + k), 1] as const)
  builder.row(-Infinity, rules.activations, starts)
}

/** What an FU gives while it is on. */
function addPowerRows(builder: ProgramBuilder, problem: DayProblem, c: Columns, u: number, t: number): void {
  const { minimumW, issued } = problem.units[u] as UnitRules
  builder.row(-Infinity, 0, [
    [c.power(u, t), 1],
    [c.on(u, t), -(problem.ceilingW[t]?.[u] as number) / wPerKw],
  ])
  if (minimumW > 0 && issued?.[t] !== 1)
    builder.row(0, Infinity, [
      [c.power(u, t), 1],
      [c.on(u, t), -minimumW / wPerKw],
    ])
}

/** When an FU may switch on and off around a period. */
function addRunRows(builder: ProgramBuilder, rules: UnitRules, c: Columns, u: number, t: number): void {
  const canRun = c.canRun(u, t)
  // A start is where it switches on.
  if (canRun)
    builder.row(0, Infinity, [[c.start(u, t), 1], [c.on(u, t), -1], ...(t > 0 ? [[c.on(u, t - 1), 1] as const] : [])])
  // An FU that started within the shortest run is still on; a start in the first period may be older.
  const first = rules.issued?.[0] === 1 ? 1 : 0
  const recent = Array.from({ length: Math.max(0, Math.min(rules.minimumRun, t + 1 - first)) }, (_, k) => {
    return [c.start(u, t - k), 1] as const
  })
  if (canRun || recent.some((_, k) => c.canRun(u, t - k))) builder.row(-Infinity, 0, [...recent, [c.on(u, t), -1]])
  // An FU that is on started within the longest run, and starts only if it was off. Stated for starts, this tightens the relaxed model
  // far more than requiring one period off in each long enough row of periods.
  if (canRun && t >= rules.maximumRun) {
    const begun = Array.from({ length: rules.maximumRun }, (_, k) => [c.start(u, t - k), -1] as const)
    builder.row(-Infinity, 0, [[c.on(u, t), 1], ...begun])
  }
  // It starts only if it was off for as long as it must rest.
  for (let k = 1; k <= Math.min(rules.rest, t); k++)
    if (canRun && c.canRun(u, t - k))
      builder.row(-Infinity, 1, [
        [c.start(u, t), 1],
        [c.on(u, t - k), 1],
      ])
}

/** The columns of unmet need with their weights, and the one of a node and period. */
interface Unmet {
  weights: InRow[]
  at(v: number, t: number): number | null
}

/** Relief at each node that can bind: turn-down less rebound, and unmet need. */
function addNodeRows(builder: ProgramBuilder, problem: DayProblem, aim: Aim, c: Columns): Unmet {
  const { tree, excessW } = problem
  const returning = mostReturningW(problem)
  const weights: InRow[] = []
  const columns = excessW.map(() => new Map<number, number>())
  // Where nothing is unmet, nothing may be.
  const mostKw = aim.least === 'shortfall' || aim.shortfallW > 0 ? Infinity : 0
  for (let v = 0; v < tree.parent.length; v++) {
    const below = [...tree.unitNode.keys()].filter((u) => isUnder(tree.parent, tree.unitNode[u] as number, v))
    const returningW = returning[v] as number
    for (let t = 0; t < excessW.length; t++) {
      const excess = excessW[t]?.[v] as number
      if (!(excess > -returningW)) continue
      const short = builder.column({ cost: aim.least === 'shortfall' ? weightOf(problem, v) : 0, upper: mostKw })
      weights.push([short, weightOf(problem, v)])
      columns[t]?.set(v, short)
      builder.row(excess / wPerKw, Infinity, [[short, 1], ...below.flatMap((u) => reliefTerms(problem, c, u, t))])
    }
  }
  return { weights, at: (v, t) => columns[t]?.get(v) ?? null }
}

/** What the earlier aims came to must stay. */
function addAimRows(builder: ProgramBuilder, problem: DayProblem, aim: Aim, c: Columns, unmet: readonly InRow[]): void {
  if (aim.least === 'shortfall') return
  if (aim.shortfallW > 0) builder.row(-Infinity, (aim.shortfallW + shortfallRoomW(problem)) / wPerKw, unmet)
  if (aim.least === 'cost') return
  const costs = problem.price.flatMap((row, t) => [...row].map((price, u) => [c.power(u, t), price] as const))
  builder.row(-Infinity, (aim.cost * (1 + roomShare)) / wPerKw + roomShare, costs)
}

function reliefTerms({ units }: DayProblem, c: Columns, u: number, t: number): InRow[] {
  const { share, delay, periods } = (units[u] as UnitRules).rebound
  const returning = Array.from({ length: share > 0 ? periods : 0 }, (_, k) => t - delay - k)
    .filter((from) => from >= 0 && c.canRun(u, from))
    .map((from) => [c.power(u, from), -share / periods] as const)
  return c.canRun(u, t) ? [[c.power(u, t), 1], ...returning] : returning
}

function isUnder(parent: Int32Array, node: number, top: number): boolean {
  for (let v = node; v >= 0; v = parent[v] as number) if (v === top) return true
  return false
}

/** What a solution of the model comes to for its aim: W × £/MWh of cost, W of shortfall. */
export function inWatts(objective: number): number {
  return objective * wPerKw
}
