import { ChronoUnit, Instant } from '@js-joda/core'
import type { UnitConstraints } from '../../../schemas/market/parties.ts'
import { unitConstraints } from '../../../schemas/market/parties.ts'
import { type Direction, signOf } from '../../../schemas/vocabulary/units.ts'
import { solveDirections } from '../../../server/dispatch/optimisation/runs/directions.ts'
import { buildModel, type ModelUnit } from '../../../server/dispatch/optimisation/runs/model.ts'
import { at, gbpOf, type OptimisationInput, offeredW, type Problem } from './optimise.ts'

const day = Instant.parse('2026-01-15T00:00:00Z')
const periodOf = (from: Instant) => day.until(from, ChronoUnit.MINUTES) / 15

/** Both directions of a day, as a run solves them: turn-down first, then turn-up beside it. */
export async function inBothDirections(problem: Problem) {
  const { nodes, units, periods } = problem
  const starts = periods.map((t) => day.plusSeconds(900 * t))
  const nodeOf = new Map(nodes.map((node) => [node.id, node]))
  const excessW = (nodeId: string, from: Instant, way: Direction) => {
    const node = nodeOf.get(nodeId)
    const needW = way === 'turn-up' ? node?.reverseNeedW : node?.needW
    return needW === undefined ? null : at(needW, periodOf(from))
  }
  const modelOf = (way: Direction) =>
    buildModel(
      nodes.map((node) => ({ nodeId: node.id, parentId: node.parent })),
      units.map((unit) => modelUnit(unit, way)),
      (nodeId, from) => excessW(nodeId, from, way),
    )
  const roomW = (other: Direction) => (nodeId: string, from: Instant) => {
    const w = excessW(nodeId, from, other)
    return w === null ? null : -w
  }
  const directions = await solveDirections(
    {
      model: modelOf('turn-down'),
      both: { down: roomW('turn-up'), up: { model: modelOf('turn-up'), roomW: roomW('turn-down') } },
      horizon: { starts, day: { from: 0, end: starts.length } },
    },
    { seconds: 20, gap: 1e-9, explainSeconds: 0 },
  )
  const turnDownW = starts.map(() => new Float64Array(units.length))
  const shortfalls = new Map<Direction, Float64Array[]>()
  let cost = 0
  for (const { way, model, solved } of directions) {
    const place = (v: number) => nodes.findIndex((node) => node.id === model.nodes[v]?.nodeId)
    shortfalls.set(
      way,
      solved.periods.map(({ selection }) => {
        const own = new Float64Array(nodes.length)
        for (const [v, w] of selection.shortfallW.entries()) own[place(v)] = w
        return own
      }),
    )
    for (const [t, { selection, need }] of solved.periods.entries())
      for (const [u, w] of selection.turnDownW.entries()) {
        const row = turnDownW[t] as Float64Array
        row[u] = (row[u] as number) + signOf(way) * w
        cost += (need.price[u] as number) * (w - (need.floorW[u] as number))
      }
  }
  return {
    turnDownW,
    shortfallW: shortfalls.get('turn-down') ?? [],
    reverseShortfallW: shortfalls.get('turn-up') ?? [],
    costGbp: gbpOf(cost),
  }
}

type Unit = OptimisationInput['units'][number]

function modelUnit(unit: Unit, way: Direction): ModelUnit {
  const isOwn = unit.direction === way
  const figure = (value: Unit['ceilingW']) => (from: Instant) => at(value, periodOf(from))
  return {
    fuId: unit.id,
    nodeId: unit.node,
    capabilityW: Math.max(0, ...[unit.ceilingW].flat()),
    leastW: unit.constraints?.minimumW ?? 0,
    fixedW: (from) => (isOwn ? figure(unit.floorW)(from) : 0),
    otherW: (from) => (isOwn ? 0 : figure(unit.floorW)(from)),
    availableW: (from) => (isOwn ? offeredW(unit, periodOf(from)) : 0),
    price: figure(unit.priceGbpPerMwh),
    constraints: unit.constraints ? constraintsOf(unit.constraints) : null,
    activationsLeft: null,
  }
}

function constraintsOf(given: NonNullable<Unit['constraints']>): UnitConstraints {
  const { share, delay, periods } = given.rebound
  return unitConstraints.parse({
    minimumRunMinutes: 15 * given.minimumRun,
    maximumRunMinutes: 15 * given.maximumRun,
    minimumRestMinutes: 15 * (given.rest - 1),
    activationsPerDay: given.activations,
    rebound: share > 0 ? { share, delayMinutes: 15 * delay, overMinutes: 15 * periods } : null,
  })
}
