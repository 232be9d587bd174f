import type { MappedPoint } from '../../schemas/grid/gateway.ts'
import type { Quantity } from '../../schemas/grid/measurements.ts'

/** What a fleet consists of. */
export interface FleetOrder {
  hubs: number
  /** Analogue values of each hub. */
  values: number
  /** Number of the first of these hubs. */
  firstHub: number
  serverUrl: string
  databaseUrl: string
  folder: string
  secret: string
  pollS: number
}

export const gatewayName = 'gateway-bench'

export function hubIdOf(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
}

/** The point map that all hubs of the fleet share, by its name at the server. */
export const mapName = 'fleet'

/**
 * Most hubs in one process: a hub takes a descriptor for its port, and one for its connection if that is kept, and 20,000 per process is a
 * usual limit.
 */
export function hubsPerProcess(pollS: number): number {
  return pollS < keptBelowS ? 5_000 : 15_000
}
/** The gateway keeps the connections of hubs with a shorter interval than this (its default). */
const keptBelowS = 300

const firstPort = 12_000

/** Where hub `n` listens: each process has a loopback address of its own, for there are more hubs than ports. */
export function addressOf(n: number, pollS: number): { host: string; port: number } {
  const each = hubsPerProcess(pollS)
  return { host: `127.0.1.${1 + Math.floor(n / each)}`, port: firstPort + (n % each) }
}

const quantities: readonly Quantity[] = ['voltage', 'current', 'active-power', 'reactive-power']
const phases = ['L1', 'L2', 'L3'] as const

/** This many analogue inputs, as a monitor lays them out. */
export function pointMapOf(values: number): MappedPoint[] {
  return Array.from({ length: values }, (_, index) => ({
    group: 30,
    index,
    feeder: Math.floor(index / 12) + 1,
    scale: 1,
    phase: phases[Math.floor(index / 4) % 3] as (typeof phases)[number],
    quantity: quantities[index % 4] as Quantity,
  }))
}
