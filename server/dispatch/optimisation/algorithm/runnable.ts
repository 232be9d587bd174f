import { isFree } from './best-runs.ts'
import type { DayProblem } from './day.ts'

/** For each FU the periods in which it may be on: it was issued, or notice was given, capacity reaches its minimum, and it can pay. */
export function runnablePeriods(problem: DayProblem): Uint8Array[] {
  const useful = usefulPeriods(problem)
  return problem.units.map(({ notice, minimumW, issued }, u) =>
    Uint8Array.from(problem.ceilingW, (row, t) => {
      if (issued?.[t] === 1) return 1
      const mostW = row[u] as number
      return useful[u]?.[t] === 1 && t >= notice && mostW > 0 && mostW >= minimumW ? 1 : 0
    }),
  )
}

/**
 * The periods in which it can pay to turn an FU down: those in which a node above it can bind, as many next to them as the shortest run or
 * one already issued may need, and those between two needs that one run can span: its activations or rests may not allow for two. Anything
 * further away could be cut off a run, which would save its cost and its rebound.
 */
function usefulPeriods(problem: DayProblem): Uint8Array[] {
  const { tree, excessW, units } = problem
  const periods = excessW.length
  const returning = mostReturningW(problem)
  const own = [...tree.parent.keys()].map((v) => {
    const returningW = returning[v] as number
    return Uint8Array.from({ length: periods }, (_, t) => ((excessW[t]?.[v] as number) > -returningW ? 1 : 0))
  })
  const binding = own.map((_, v) => {
    const all = new Uint8Array(periods)
    for (let at = v; at >= 0; at = tree.parent[at] as number)
      for (let t = 0; t < periods; t++) if (own[at]?.[t]) all[t] = 1
    return all
  })
  return units.map((rules, u) => {
    const binds = (binding[tree.unitNode[u] as number] as Uint8Array).slice()
    for (let t = 0; t < periods; t++) if (rules.issued?.[t] === 1) binds[t] = 1
    if (!isFree(rules, periods)) span(binds, rules.maximumRun - 2)
    return Uint8Array.from({ length: periods }, (_, t) => {
      for (let k = Math.max(0, t - rules.minimumRun + 1); k < Math.min(periods, t + rules.minimumRun); k++)
        if (binds[k]) return 1
      return 0
    })
  })
}

/** Fills the gaps between ones that are no longer than so many periods. */
function span(row: Uint8Array, longest: number): void {
  let last = -1
  for (const [t, one] of row.entries()) {
    if (one === 0) continue
    if (last >= 0 && t - last - 1 <= longest) row.fill(1, last, t)
    last = t
  }
}

/** The largest simultaneous rebound at each node, W. */
export function mostReturningW({ tree, units, ceilingW }: DayProblem): Float64Array {
  const mostW = new Float64Array(units.length)
  for (const row of ceilingW)
    for (let u = 0; u < mostW.length; u++) mostW[u] = Math.max(mostW[u] as number, row[u] as number)
  const returningW = new Float64Array(tree.parent.length)
  for (const [u, { rebound }] of units.entries()) {
    const node = tree.unitNode[u] as number
    returningW[node] = (returningW[node] as number) + rebound.share * (mostW[u] as number)
  }
  for (const [v, above] of tree.parent.entries())
    if (above >= 0) returningW[above] = (returningW[above] as number) + (returningW[v] as number)
  return returningW
}
