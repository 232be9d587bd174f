import type { MappedPoint } from '../../schemas/grid/gateway.ts'
import type { Quantity } from '../../schemas/grid/measurements.ts'

export const gatewayName = 'gateway-bench'

export function hubIdOf(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
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
