import { Flag, type Outstation, type PointConfig } from '../dnp3/index.ts'
import { cabinetTemperature, flowsOf, type PhaseName } from './physics.ts'

/** Order of phases, and of voltage, current, active and reactive power within each: twelve analogue inputs per feeder. */
const phases: readonly PhaseName[] = ['L1', 'L2', 'L3']
const quantities = ['voltageV', 'currentA', 'activeW', 'reactiveVar'] as const
const perFeeder = phases.length * quantities.length

/** The cabinet's temperature (analogue) and status (binary). */
export const temperatureIndex = 1000
export const statusIndex = 0

/** A VisNet-like LV monitor, laid out as in the server's default point map. */
export interface MonitorLayout {
  readonly feeders: readonly number[]
  /** Changes of active power greater than this are class 2 events, W; without it only integrity polls read active power. */
  readonly powerDeadbandW?: number
}

/** Index of the first point of a feeder. */
function firstIndex(feeder: number): number {
  return (feeder - 1) * perFeeder
}

/** The points of a monitor. Status changes are class 1 events, temperatures class 3. */
export function monitorPoints({ feeders, powerDeadbandW }: MonitorLayout): PointConfig[] {
  const powers = powerDeadbandW === undefined ? {} : { eventClass: 2 as const, deadband: powerDeadbandW }
  return [
    ...feeders.flatMap((feeder) =>
      Array.from({ length: perFeeder }, (_, i) => ({
        type: 'analog' as const,
        index: firstIndex(feeder) + i,
        ...(quantities[i % quantities.length] === 'activeW' ? powers : {}),
      })),
    ),
    { type: 'analog', index: temperatureIndex, eventClass: 3, deadband: 2 },
    { type: 'binary', index: statusIndex, eventClass: 1 },
  ]
}

/** Sets all points of a monitor to the flow on its feeders. `flags` gives the flags of each phase point. */
export function setMonitor(
  outstation: Outstation,
  key: string,
  feedersW: ReadonlyMap<number, number>,
  atMs: number,
  flagsOf: (index: number) => number,
): void {
  let totalW = 0
  for (const [feeder, flows] of flowsOf(key, feedersW)) {
    totalW += feedersW.get(feeder) ?? 0
    phases.forEach((phase, p) => {
      quantities.forEach((quantity, q) => {
        const index = firstIndex(feeder) + p * quantities.length + q
        outstation.update('analog', index, flows[phase][quantity], { flags: flagsOf(index) })
      })
    })
  }
  const temperature = cabinetTemperature(key, atMs, totalW)
  outstation.update('analog', temperatureIndex, temperature, { flags: flagsOf(temperatureIndex) })
  outstation.update('binary', statusIndex, 1, { flags: Flag.online })
}

/** Resets all points as after a power cycle: zero, and flagged as not yet measured. */
export function resetMonitor(outstation: Outstation, layout: MonitorLayout): void {
  for (const { type, index } of monitorPoints(layout)) {
    if (type !== 'octetString') outstation.update(type, index, 0, { flags: Flag.restart, event: 'suppress' })
  }
}
