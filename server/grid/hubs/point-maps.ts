import type { MappedPoint } from '../../../schemas/grid/gateway.ts'
import type { Phase, Quantity } from '../../../schemas/grid/measurements.ts'

/** Phases and quantities in the order of their points. */
const phases: readonly Phase[] = ['L1', 'L2', 'L3']
const quantities: readonly Quantity[] = ['voltage', 'current', 'active-power', 'reactive-power']

/** Points of one feeder. */
const perFeeder = phases.length * quantities.length

/**
 * The point map of a VisNet-like LV monitor, in SI units: analogue inputs (group 30), twelve per feeder: voltage, current, active and
 * reactive power of L1, then of L2 and L3; the cabinet's temperature at index 1000; its status as binary input 0 (group 1).
 */
export function defaultPointMap(feeders: readonly number[]): MappedPoint[] {
  return [
    ...feeders.flatMap(feederPoints),
    { group: 30, index: 1000, feeder: 0, phase: 'none', quantity: 'temperature', scale: 1 },
    { group: 1, index: 0, feeder: 0, phase: 'none', quantity: 'status', scale: 1 },
  ]
}

function feederPoints(feeder: number): MappedPoint[] {
  return phases.flatMap((phase, p) =>
    quantities.map((quantity, q) => ({
      group: 30,
      index: (feeder - 1) * perFeeder + p * quantities.length + q,
      feeder,
      phase,
      quantity,
      scale: 1,
    })),
  )
}

/** A map with overrides: each replaces the point with its group and index, or adds one. */
export function withOverrides(map: readonly MappedPoint[], overrides: readonly MappedPoint[]): MappedPoint[] {
  const changed = new Map(overrides.map((point) => [`${point.group} ${point.index}`, point]))
  const kept = map.filter((point) => !changed.has(`${point.group} ${point.index}`))
  return [...kept, ...changed.values()]
}

/** What each point means, by the point, so that two maps can be compared whatever their order. */
export function meaningOf(points: readonly MappedPoint[]): Record<string, Omit<MappedPoint, 'group' | 'index'>> {
  return Object.fromEntries(points.map(({ group, index, ...meaning }) => [`group ${group} index ${index}`, meaning]))
}
