import fc from 'fast-check'
import type { Highs } from 'highs'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadHighs } from '../../../../platform/linear-programs/index.ts'
import { smallTrees } from '../../../../test/support/tree-instance.ts'
import {
  compareScores,
  costOf,
  type DayProblem,
  type DayScore,
  type FlexTree,
  marginalStepW,
  type PeriodNeed,
  Replacements,
  roomCost,
  runFlaw,
  TreeSelector,
  type UnitRules,
  weightOf,
} from '../algorithm/index.ts'
import { type PartResult, solvePart } from './part.ts'
import { answerQuestions } from './questions.ts'

/** Random instances of each path. */
const runs = 500

let highs: Highs
beforeAll(async () => {
  highs = await loadHighs()
})

/** Adds W to the need of a node and of all above it. */
function moreNeed(tree: FlexTree, needW: Float64Array, node: number): Float64Array {
  const more = needW.slice()
  for (let v = node; v >= 0; v = tree.parent[v] as number) more[v] = (more[v] as number) + marginalStepW
  return more
}

describe('by selection, period by period', () => {
  const instance = smallTrees({ mostNodes: 8, mostUnits: 12, mostNeedW: 12_000 })

  const scoreOf = (tree: FlexTree, period: PeriodNeed) => {
    const selection = new TreeSelector(tree).select(period)
    return { cost: costOf(period, selection), shortfallW: selection.shortfallW.reduce((sum, w) => sum + w, 0) }
  }

  test(`the price of one more kW is what solving again with it costs more, at every node of ${runs} trees`, () => {
    let [had, notHad] = [0, 0]
    fc.assert(
      fc.property(instance, ({ tree, period }) => {
        const replacements = new Replacements(tree, period, new TreeSelector(tree).select(period))
        const before = scoreOf(tree, period)
        for (const node of tree.parent.keys()) {
          const after = scoreOf(tree, { ...period, needW: moreNeed(tree, period.needW, node) })
          const { shortfallW, cost } = replacements.of(node, marginalStepW)
          expect(shortfallW).toBeCloseTo(after.shortfallW - before.shortfallW, 4)
          expect(cost).toBeCloseTo(after.cost - before.cost, 3)
          const price = replacements.marginalPrice(node)
          if (price === null) notHad++
          else had++
          expect(price === null).toBe(after.shortfallW > before.shortfallW + 1e-6)
        }
      }),
      { numRuns: runs },
    )
    expect(Math.min(had, notHad)).toBeGreaterThan(runs / 2)
  })

  test(`what a period would be without a chosen FU is what solving again without it finds, for every FU of ${runs} trees`, () => {
    let chosen = 0
    fc.assert(
      fc.property(instance, ({ tree, period }) => {
        const selection = new TreeSelector(tree).select(period)
        const replacements = new Replacements(tree, period, selection)
        const before = scoreOf(tree, period)
        for (const [u, node] of tree.unitNode.entries()) {
          const [turnDownW, floorW] = [selection.turnDownW[u] ?? 0, period.floorW[u] ?? 0]
          if (turnDownW <= floorW) continue
          chosen++
          const ceilingW = period.ceilingW.with(u, floorW)
          const after = scoreOf(tree, { ...period, ceilingW })
          const found = replacements.of(node, turnDownW - floorW, u)
          expect(found.shortfallW).toBeCloseTo(after.shortfallW - before.shortfallW, 4)
          const ownCost = (period.price[u] ?? 0) * (turnDownW - floorW)
          expect(found.cost - ownCost).toBeCloseTo(after.cost - before.cost, 3)
          // Those who take over stand under a node that the FU helped.
          for (const take of found.takes) expect(isUnderAny(tree, tree.unitNode[take.unit] ?? -1, node)).toBe(true)
        }
      }),
      { numRuns: runs },
    )
    expect(chosen).toBeGreaterThan(runs)
  })
})

/** Whether a node is at or under one on the way up from another. */
function isUnderAny({ parent }: FlexTree, at: number, from: number): boolean {
  const path = new Set<number>()
  for (let v = from; v >= 0; v = parent[v] as number) path.add(v)
  for (let v = at; v >= 0; v = parent[v] as number) if (path.has(v)) return true
  return false
}

describe('with rules, a day at a time', () => {
  const periods = 5

  const rules = fc.record({
    minimumW: fc.integer({ min: 1, max: 30 }).map((n) => 100 * n),
    minimumRun: fc.integer({ min: 1, max: 3 }),
    maximumRun: fc.integer({ min: 3, max: 5 }),
    rest: fc.integer({ min: 1, max: 2 }),
    activations: fc.integer({ min: 1, max: 2 }),
    notice: fc.integer({ min: 0, max: 1 }),
  })

  /** A primary with two secondaries, up to three FUs, five periods; no rebound, so that each commitment is settled by selection. */
  const instance = fc
    .record({
      units: fc.array(
        fc.record({
          node: fc.integer({ min: 0, max: 2 }),
          size: fc.integer({ min: 3_000, max: 8_000 }),
          price: fc.integer({ min: 1, max: 300 }),
          issued: fc.option(fc.integer({ min: 0, max: 4 }), { freq: 4 }),
          rules,
        }),
        { minLength: 1, maxLength: 3 },
      ),
      needs: fc.array(
        fc.integer({ min: -40, max: 90 }).map((n) => 100 * n),
        { minLength: 3 * periods, maxLength: 3 * periods },
      ),
      which: fc.nat(1_000),
      weight: fc.option(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 3, maxLength: 3 }), { freq: 2 }),
    })
    .map(({ units, needs, which, weight }): { problem: DayProblem; which: number } => ({
      which,
      problem: {
        tree: { parent: Int32Array.of(2, 2, -1), unitNode: Int32Array.from(units, (u) => u.node) },
        ...(weight && { weight: Float64Array.from(weight) }),
        excessW: Array.from({ length: periods }, (_, t) => Float64Array.from(needs.slice(3 * t, 3 * t + 3))),
        ceilingW: Array.from({ length: periods }, () => Float64Array.from(units, (u) => u.size)),
        price: Array.from({ length: periods }, () => Float64Array.from(units, (u) => u.price)),
        units: units.map((unit): UnitRules => {
          // One issued quarter-hour, where the rules allow for it to be completed.
          const issued = unit.issued === null || unit.rules.activations < 1 ? null : unit.issued
          return {
            ...unit.rules,
            rebound: { share: 0, delay: 1, periods: 1 },
            ...(issued !== null && { issued: Uint8Array.from({ length: periods }, (_, t) => (t === issued ? 1 : 0)) }),
          }
        }),
      },
    }))

  /** Every row of periods that an FU may be on in, by trying all. */
  function rowsOf(problem: DayProblem, u: number): boolean[][] {
    const unit = problem.units[u] as UnitRules
    const rows = Array.from({ length: 2 ** periods }, (_, bits) =>
      Array.from({ length: periods }, (_t, t) => ((bits >> t) & 1) === 1),
    )
    return rows.filter((on) => {
      const isOff = (t: number) => unit.issued?.[t] !== 1 && (t < unit.notice || (problem.ceilingW[t]?.[u] ?? 0) <= 0)
      const mayBe = on.every((isOn, t) => (isOn ? !isOff(t) && reaches(problem, unit, u, t) : unit.issued?.[t] !== 1))
      return mayBe && runFlaw(unit, on) === null
    })
  }

  function reaches(problem: DayProblem, unit: UnitRules, u: number, t: number): boolean {
    return unit.issued?.[t] === 1 || (problem.ceilingW[t]?.[u] ?? 0) >= unit.minimumW
  }

  /** The best score by trying every combination of rows, each settled by selection; `null` if there is none. */
  function bruteForce(problem: DayProblem): DayScore | null {
    const rows = problem.units.map((_, u) => rowsOf(problem, u))
    const selector = new TreeSelector(problem.tree)
    const known = new Map<string, DayScore>()
    const settle = (t: number, on: readonly boolean[]): DayScore => {
      const key = `${t} ${on.map(Number).join('')}`
      const found = known.get(key)
      if (found) return found
      const least = (u: number) => (problem.units[u]?.issued?.[t] === 1 ? 0 : (problem.units[u]?.minimumW ?? 0))
      const period = {
        needW: problem.excessW[t] as Float64Array,
        floorW: Float64Array.from(on, (isOn, u) => (isOn ? least(u) : 0)),
        ceilingW: Float64Array.from(on, (isOn, u) => (isOn ? (problem.ceilingW[t]?.[u] ?? 0) : 0)),
        price: problem.price[t] as Float64Array,
      }
      const selection = selector.select(period)
      const score = {
        shortfallW: selection.shortfallW.reduce((sum, w, v) => sum + w * weightOf(problem, v), 0),
        cost: costOf(period, selection),
        starts: 0,
      }
      known.set(key, score)
      return score
    }
    let best: DayScore | null = null
    const choice: boolean[][] = []
    const go = (u: number) => {
      if (u < rows.length) {
        for (const row of rows[u] as boolean[][]) {
          choice[u] = row
          go(u + 1)
        }
        return
      }
      const score: DayScore = { shortfallW: 0, cost: 0, starts: 0 }
      for (let t = 0; t < periods; t++) {
        const own = settle(
          t,
          choice.map((row) => row[t] as boolean),
        )
        score.shortfallW += own.shortfallW
        score.cost += own.cost
      }
      for (const row of choice) score.starts += row.filter((isOn, t) => isOn && !row[t - 1]).length
      if (best === null || compareScores(score, best) < 0) best = score
    }
    go(0)
    return best
  }

  const solve = (problem: DayProblem): PartResult => solvePart(highs, problem, 20, 0)

  test(`the plan, the price of one more kW and the day without an FU are those of trying everything, on ${runs} days`, () => {
    const seen = { plans: 0, prices: 0, without: 0 }
    fc.assert(
      fc.property(instance, ({ problem, which }) => {
        const truth = bruteForce(problem)
        // What was issued cannot be completed within the rules: such an FU is closed before a day is solved.
        fc.pre(truth !== null)
        const base = solve(problem)
        expect(base.score.shortfallW).toBeCloseTo(truth.shortfallW, 1)
        expect(Math.abs(base.score.cost - truth.cost)).toBeLessThanOrEqual(1e-6 * truth.cost + 1 + roomCost(problem))
        seen.plans++
        const node = which % 3
        const period = which % periods
        const unit = which % problem.units.length
        const [kw, gone] = answerQuestions(highs, problem, base, [{ node, period }, { unit }], 20)
        const excessW = problem.excessW.slice()
        excessW[period] = moreNeed(problem.tree, excessW[period] as Float64Array, node)
        compare(problem, kw, truth, bruteForce({ ...problem, excessW }))
        seen.prices++
        const ceilingW = problem.ceilingW.map((row) => row.with(unit, 0))
        const idle = {
          ...(problem.units[unit] as UnitRules),
          minimumRun: 1,
          maximumRun: periods,
          rest: 1,
          activations: 9,
        }
        compare(problem, gone, truth, bruteForce({ ...problem, ceilingW, units: problem.units.with(unit, idle) }))
        if (base.plan.some((row) => (row[unit] ?? 0) > 0)) seen.without++
      }),
      { numRuns: runs },
    )
    expect(seen.plans).toBe(runs)
    expect(seen.without).toBeGreaterThan(runs / 4)
  }, 600_000)

  test('a start that leaves a need unmet is not proven the best where the need can be met', () => {
    const rules = { minimumW: 100, rebound: { share: 0, delay: 1, periods: 1 } }
    const once = { ...rules, minimumRun: 1, maximumRun: 3, rest: 1, activations: 1, notice: 0 }
    const twice = { ...rules, minimumRun: 2, maximumRun: 4, rest: 2, activations: 2, notice: 1 }
    const each = <T>(make: (t: number) => T) => Array.from({ length: periods }, (_, t) => make(t))
    const issuedIn = (period: number) => ({ issued: Uint8Array.from(each((t) => (t === period ? 1 : 0))) })
    const { score } = solve({
      tree: { parent: Int32Array.of(2, 2, -1), unitNode: Int32Array.of(0, 0, 1) },
      excessW: each((t) => Float64Array.of([100, 0, 0, 200, 0][t] ?? 0, 0, 0)),
      ceilingW: each(() => Float64Array.of(3_000, 3_000, 3_000)),
      price: each(() => Float64Array.of(1, 2, 1)),
      units: [
        { ...once, ...issuedIn(1) },
        { ...twice, ...issuedIn(4) },
        { ...once, ...issuedIn(0) },
      ],
    })
    // By hand: the first FU, on in the second period anyway, begins in the first: 100 W at £1. It cannot go on to the fourth; the second FU,
    // on in the fifth, begins there: 200 W at £2. Every run is one that was issued.
    expect(score.shortfallW).toBeLessThan(0.5)
    expect(score.cost).toBeCloseTo(500, 0)
  })

  test('the cheapest of the plans that leave least unmet is found and proven also where weights make much of the solver’s tolerance', () => {
    const each = <T>(make: () => T) => Array.from({ length: periods }, make)
    const rules = { minimumW: 100, minimumRun: 1, maximumRun: 3, rest: 1, notice: 0 }
    const rebound = { share: 0, delay: 1, periods: 1 }
    const problem: DayProblem = {
      tree: { parent: Int32Array.of(2, 2, -1), unitNode: Int32Array.of(1, 1, 1) },
      weight: Float64Array.of(8, 9, 1),
      excessW: [
        [5_600, 6_800, 0],
        [7_100, 5_600, 0],
        [7_500, 0, 6_800],
        [6_900, 0, 200],
        [0, 8_400, 7_600],
      ].map((row) => Float64Array.from(row)),
      ceilingW: each(() => Float64Array.of(3_000, 3_000, 4_500)),
      price: each(() => Float64Array.of(1, 1, 2)),
      units: [1, 2, 2].map((activations) => ({ ...rules, activations, rebound })),
    }
    const { score, bound } = solve(problem)
    expect(bruteForce(problem)).toMatchObject({ shortfallW: 216_800, cost: 37_400 })
    expect(score).toMatchObject({ shortfallW: 216_800, cost: 37_400 })
    expect(bound.cost).toBeGreaterThan(37_400 - 1)
  })

  test('where FUs run once, and not all needs can be met, the weights decide as in trying everything, on 200 days', () => {
    const once = instance.map(({ problem, which }) => ({
      ...problem,
      weight: Float64Array.of(1 + (which % 3), 1 + (which % 5), 1 + (which % 7)),
      units: problem.units.map(({ issued: _, ...unit }) => ({ ...unit, minimumRun: 1, maximumRun: 1, activations: 1 })),
    }))
    let decided = 0
    fc.assert(
      fc.property(once, (problem) => {
        const [truth, { weight: _, ...alike }] = [bruteForce(problem), problem]
        const { score, bound } = solve(problem)
        // A solution may overstep each limit by the solver's tolerance, some mW, which weights multiply.
        const toleranceW = 0.05 * problem.weight.reduce((a, b) => Math.max(a, b))
        expect(Math.abs(score.shortfallW - (truth?.shortfallW ?? 0))).toBeLessThanOrEqual(toleranceW)
        expect(bound.shortfallW).toBeLessThanOrEqual(score.shortfallW + toleranceW)
        expect(Math.abs(score.cost - (truth?.cost ?? 0))).toBeLessThanOrEqual(1e-6 * score.cost + 1 + roomCost(problem))
        if (bruteForce(alike)?.cost !== truth?.cost) decided++
      }),
      { numRuns: 200 },
    )
    // Some 18 of 200.
    expect(decided).toBeGreaterThan(3)
  }, 600_000)

  function compare(
    problem: DayProblem,
    found: ReturnType<typeof answerQuestions>[number] | undefined,
    before: DayScore,
    after: DayScore | null,
  ): void {
    expect(found?.isExact).toBe(true)
    const moreW = Math.max(0, (after?.shortfallW ?? 0) - before.shortfallW)
    // By weight more is unmet; the answer is in W.
    if (problem.weight) expect((found?.shortfallW ?? 0) > 0).toBe(moreW > 0.5)
    else expect(found?.shortfallW ?? 0).toBeCloseTo(moreW, 1)
    const more = (after?.cost ?? 0) - before.cost
    expect(Math.abs((found?.cost ?? 0) - more)).toBeLessThanOrEqual(1e-6 * before.cost + 2 + 2 * roomCost(problem))
  }
})
