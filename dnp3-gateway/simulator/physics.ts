import type { Phase } from '../../schemas/grid/measurements.ts'

/** What flows on one phase of one feeder, and the voltage there; SI units. Import is positive. */
export interface PhaseFlow {
  readonly voltageV: number
  readonly currentA: number
  readonly activeW: number
  readonly reactiveVar: number
}

export type PhaseName = Exclude<Phase, 'none'>

const phaseNames: readonly PhaseName[] = ['L1', 'L2', 'L3']

/** Open-circuit voltage on the transformer's low-voltage side (tap at about +4 % of 230 V), V. */
const openCircuitV = 240

/** Impedance per phase from there to the hub, ohms: about a 500 kVA transformer and 50 m of main. */
const sourceOhm = { r: 0.006, x: 0.011 }

/** A number in [0, 1) determined by the text (FNV-1a), so that simulated hubs differ but stay the same from run to run. */
export function fractionOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  // The last steps of MurmurHash3: FNV alone leaves the high bits of similar short texts alike.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}

/** How a feeder's load is split over its phases: each within a tenth of a third, summing to one. */
export function phaseShares(key: string): readonly [number, number, number] {
  const [a, b, c] = phaseNames.map((phase) => 0.9 + 0.2 * fractionOf(`${key} ${phase}`)) as [number, number, number]
  const sum = a + b + c
  return [a / sum, b / sum, c / sum]
}

/** Power factor of a feeder, lagging: 0.95 to 0.99. */
export function powerFactor(key: string): number {
  return 0.95 + 0.04 * fractionOf(`${key} power factor`)
}

/**
 * Flows at a site from the power of each feeder. Per phase, P is the feeder's share, Q = |P| tan φ, S = √(P² + Q²) and I = S / V. All
 * feeders of a phase share one busbar, whose voltage solves V = E − (P r + Q x) / V for the total load of the phase.
 */
export function flowsOf(key: string, feedersW: ReadonlyMap<number, number>): Map<number, Record<PhaseName, PhaseFlow>> {
  const loads = [...feedersW].map(([feeder, powerW]) => ({ feeder, phases: phaseLoads(`${key} ${feeder}`, powerW) }))
  const voltages = phaseNames.map((_, p) => {
    const total = loads.map(({ phases }) => phases[p] as Load).reduce(add, { activeW: 0, reactiveVar: 0 })
    return busbarVoltage(total)
  })
  const flow = ({ activeW, reactiveVar }: Load, voltageV: number): PhaseFlow => ({
    voltageV,
    activeW,
    reactiveVar,
    currentA: Math.hypot(activeW, reactiveVar) / voltageV,
  })
  return new Map(
    loads.map(({ feeder, phases }) => {
      const [l1, l2, l3] = phases.map((load, p) => flow(load, voltages[p] as number))
      return [feeder, { L1: l1, L2: l2, L3: l3 } as Record<PhaseName, PhaseFlow>]
    }),
  )
}

interface Load {
  readonly activeW: number
  readonly reactiveVar: number
}

function phaseLoads(key: string, powerW: number): Load[] {
  const tangent = Math.tan(Math.acos(powerFactor(key)))
  return phaseShares(key).map((share) => ({ activeW: powerW * share, reactiveVar: Math.abs(powerW * share) * tangent }))
}

function add(a: Load, b: Load): Load {
  return { activeW: a.activeW + b.activeW, reactiveVar: a.reactiveVar + b.reactiveVar }
}

function busbarVoltage({ activeW, reactiveVar }: Load): number {
  const drop = activeW * sourceOhm.r + reactiveVar * sourceOhm.x
  // V² − E V + drop = 0. A load beyond what the source can carry is held at half the voltage, the point of collapse.
  return (openCircuitV + Math.sqrt(Math.max(0, openCircuitV ** 2 - 4 * drop))) / 2
}

/** Temperature in the cabinet, °C: coolest at 05:00 UTC, warmest at 17:00, and warmer under load. */
export function cabinetTemperature(key: string, atMs: number, totalW: number): number {
  const hours = (atMs / 3_600_000) % 24
  const outside = 10 + 4 * fractionOf(`${key} temperature`) - 5 * Math.cos(((hours - 5) / 12) * Math.PI)
  return outside + Math.min(20, Math.abs(totalW) / 25_000)
}
