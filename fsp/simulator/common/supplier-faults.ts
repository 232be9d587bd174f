import { randomOf } from './random.ts'

/** What goes wrong with a delivery of data: it does not come, or one of its records has another form than agreed. */
export type SupplierFault = 'silent' | 'drift'

/** The fault of a supplier's delivery at an instant; `null`: none. */
export type SupplierFaults = (supplier: string, atMs: number) => SupplierFault | null

/** Of the deliveries that go wrong, the share that does not come at all. */
const silentShare = 0.7

/**
 * Faults that follow from a seed, so that a demo shows the same ones again.
 * @param share of all deliveries, from 0 (none) to 1.
 */
export function supplierFaults(seed: number, share: number): SupplierFaults {
  return (supplier, atMs) => {
    const random = randomOf(seed, 'supplier', supplier, atMs)
    if (random() >= share) return null
    return random() < silentShare ? 'silent' : 'drift'
  }
}
