import type { Instant } from '@js-joda/core'
import type { Direction } from '../../../../schemas/vocabulary/units.ts'
import { runRules } from '../../constraints/index.ts'
import { type DayPlan, type FlexTree, type PeriodNeed, withinRoom } from '../algorithm/index.ts'
import { type Horizon, reboundOf } from './day-problem.ts'
import type { DayInputs } from './inputs.ts'
import type { DayModel, ModelUnit, RoomW } from './model.ts'
import { type Effort, type SolvedDay, solveModel } from './solving.ts'

/**
 * A day's model in one direction beside what moves in the other one (decision 44): it adds to the needs of the nodes above, and comes back
 * from them by its rebound. An FU is moved one way at a time, and nothing is moved so far that a node passes its limit on the other side.
 * Where nothing moves the other way and no limit is known there, the model is what it was.
 * @param other W moved the other way, by quarter-hour of the horizon and FU.
 */
export function besides(model: DayModel, { starts }: Horizon, other: DayPlan, roomW: RoomW): DayModel {
  const units = model.units.map((unit, u) => besideOwn(unit, u, starts, other))
  const indexOf = new Map(starts.map((from, t) => [from.toEpochMilli(), t]))
  const known = new Map<number, PeriodNeed>()
  const beside = (at: Instant): PeriodNeed => {
    const t = indexOf.get(at.toEpochMilli()) ?? -1
    const given = model.period(at)
    const addedW = addedByOther(model, other, t)
    const needW = given.needW.map((w, v) => w + (addedW[v] as number))
    const wantedW = Float64Array.from(units, (unit) => unit.availableW(at))
    const room = model.nodes.map(({ nodeId }, v) => (roomW(nodeId, at) ?? Infinity) + (addedW[v] as number))
    for (const [u, w] of given.floorW.entries())
      for (const v of pathOf(model.tree, u)) room[v] = (room[v] as number) - w
    const grantedW = withinRoom(model.tree, Float64Array.from(room), {
      mostW: wantedW,
      leastW: Float64Array.from(units, (unit) => unit.leastW),
      price: given.price,
      use: worthOfUnits(model, needW),
    })
    return { ...given, needW, ceilingW: given.floorW.map((w, u) => w + (grantedW[u] as number)) }
  }
  const period = (at: Instant) => {
    const found = known.get(at.toEpochMilli()) ?? beside(at)
    known.set(at.toEpochMilli(), found)
    return found
  }
  const place = new Map(units.map((unit, u) => [unit, u]))
  const limited: ModelUnit[] = units.map((unit) => {
    const u = place.get(unit) as number
    return {
      ...unit,
      availableW(at) {
        const { ceilingW, floorW } = period(at)
        return (ceilingW[u] as number) - (floorW[u] as number)
      },
      closed(at) {
        const isOffered = (model.units[u]?.availableW(at) ?? 0) > 0
        return isOffered && limited[u]?.availableW(at) === 0 ? 'network-limit' : (unit.closed?.(at) ?? null)
      },
    }
  })
  return { ...model, units: limited, period }
}

/**
 * An FU beside its own moves the other way: it is not moved while they last, nor, where it has constraints, within its rest of them, so
 * that each is a run of its own.
 */
function besideOwn(unit: ModelUnit, u: number, starts: readonly Instant[], other: DayPlan): ModelUnit {
  const moved = other.map((row) => (row[u] as number) > 0)
  const otherW = new Map(starts.map((from, t) => [from.toEpochMilli(), other[t]?.[u] ?? 0]))
  const rest = unit.constraints ? runRules(unit.constraints, starts.length).rest : 0
  const closed = new Set<number>()
  for (const [t, isMoved] of moved.entries()) {
    if (!isMoved) continue
    for (let k = Math.max(0, t - rest); k <= Math.min(starts.length - 1, t + rest); k++)
      closed.add((starts[k] as Instant).toEpochMilli())
  }
  return {
    ...unit,
    otherW: (at) => otherW.get(at.toEpochMilli()) ?? 0,
    availableW: (at) => (closed.has(at.toEpochMilli()) ? 0 : unit.availableW(at)),
  }
}

/** What moves the other way adds to the need of each node in a quarter-hour, less what has come back of it, W. */
function addedByOther({ units, tree }: DayModel, other: DayPlan, t: number): Float64Array {
  const addedW = new Float64Array(tree.parent.length)
  for (const [u, { constraints }] of units.entries()) {
    const w = (other[t]?.[u] ?? 0) - (constraints ? returning(constraints, other, u, t) : 0)
    if (w !== 0) for (const v of pathOf(tree, u)) addedW[v] = (addedW[v] as number) + w
  }
  return addedW
}

function returning(constraints: NonNullable<ModelUnit['constraints']>, plan: DayPlan, u: number, t: number): number {
  const { share, delay, periods } = reboundOf(constraints)
  let sum = 0
  if (share > 0) for (let k = delay; k < delay + periods; k++) sum += plan[t - k]?.[u] ?? 0
  return (share * sum) / periods
}

/** The greatest weight of the nodes above each FU that have a need; 0 where none has. */
function worthOfUnits({ tree, weight }: DayModel, needW: Float64Array): Float64Array {
  const worthOf = (v: number) => ((needW[v] as number) > 0 ? (weight?.[v] ?? 1) : 0)
  return Float64Array.from(tree.unitNode, (_, u) => Math.max(...pathOf(tree, u).map(worthOf)))
}

/** The node of an FU and those above it. */
export function pathOf({ parent, unitNode }: FlexTree, u: number): number[] {
  const path: number[] = []
  for (let v = unitNode[u] ?? -1; v >= 0; v = parent[v] ?? -1) path.push(v)
  return path
}

/** A direction of a day, solved. */
export interface SolvedDirection {
  way: Direction
  model: DayModel
  solved: SolvedDay
}

/**
 * Solves a day in each direction that it has: turn-down first, beside the turn-ups that are fixed, then turn-up beside every turn-down.
 */
export async function solveDirections(
  { model, both, horizon }: Pick<DayInputs, 'model' | 'both' | 'horizon'>,
  effort: Effort,
): Promise<SolvedDirection[]> {
  if (!both) return [{ way: 'turn-down', model, solved: await solveModel(model, horizon, effort) }]
  const down = besides(model, horizon, fixedOf(both.up.model, horizon), both.down)
  const solvedDown = await solveModel(down, horizon, effort)
  const up = besides(both.up.model, horizon, movedOf(down, horizon, solvedDown), both.up.roomW)
  const solvedUp = await solveModel(up, horizon, effort)
  return [
    { way: 'turn-down', model: down, solved: solvedDown },
    { way: 'turn-up', model: up, solved: solvedUp },
  ]
}

/** What is fixed, W, by quarter-hour of the horizon and FU. */
function fixedOf(model: DayModel, { starts }: Horizon): DayPlan {
  return starts.map((from) => model.period(from).floorW)
}

/** What is fixed and what was chosen, W. */
function movedOf(model: DayModel, horizon: Horizon, { periods }: SolvedDay): DayPlan {
  const moved = fixedOf(model, horizon)
  for (const [i, { selection }] of periods.entries()) moved[horizon.day.from + i] = selection.turnDownW
  return moved
}
