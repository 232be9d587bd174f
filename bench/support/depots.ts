import type { DepotSeed } from '../../schemas/fsp/depots.ts'

/** What the benchmarks' depots differ in. */
type Given = Pick<DepotSeed, 'bufferW' | 'evs' | 'feeders' | 'building' | 'chargePoints' | 'profile'> & {
  /** The connection's capacity, W. */
  capacityW: number
}

/** The n-th depot of a benchmark, from 0, `depot-0`. */
export function benchDepot(n: number, { capacityW, ...given }: Given): DepotSeed {
  const uuid = (kind: number) => `00000000-0000-4000-${kind}000-${String(n).padStart(12, '0')}`
  return {
    depotId: `depot-${n}`,
    name: `Depot ${n}`,
    customer: 'Bench',
    address: 'Bench',
    licenceArea: 'LPN',
    mpan: `12${String(n).padStart(11, '0')}`,
    connectionId: uuid(8),
    hubId: uuid(9),
    nodeId: 'lv',
    ascKva: capacityW / 1_000,
    powerFactor: 1,
    ...given,
  }
}

/** The identity of a depot's n-th charge point, from 1, as the registers number them. */
export function benchIdentity(depotId: string, n: number): string {
  return `${depotId}-${String(n).padStart(2, '0')}`
}
