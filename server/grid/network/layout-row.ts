import { RowReader } from '../../../platform/csv/index.ts'
import type { NetworkNode } from '../../../schemas/grid/connections.ts'
import type { ImportFlaw } from '../../../schemas/vocabulary/file-import.ts'

/** A node as a file gives it: every field present, `null` if unknown. */
export type FileNode = Required<NetworkNode>

/** A node of a file, or the flaws of its row. */
export type RowReading = { ok: true; node: FileNode } | { ok: false; flaws: ImportFlaw[] }

/**
 * Plausible ratings of each level, kVA. Wide enough for everything in Great Britain and narrow enough that MVA given as kVA, or kVA
 * given as MVA, falls outside (FM13).
 */
const plausibleKva: Record<NetworkNode['kind'], readonly [number, number]> = {
  gsp: [10_000, 3_000_000],
  bsp: [2_000, 2_000_000],
  primary: [500, 500_000],
  secondary: [5, 20_000],
  feeder: [5, 20_000],
}

/** Reads a node from a row. */
export class Row extends RowReader {
  /** A rating or capacity in kVA that is plausible for its kind of node. */
  kva(field: string, value: number | null, kind: NetworkNode['kind']): number | null {
    if (value === null) return null
    const [least, most] = plausibleKva[kind]
    if (value <= 0) this.flaw(field, `must be above 0 kVA, but is ${value}`)
    else if (value < least) this.flaw(field, `${value} kVA is too low for a ${kind}: is it given in MVA?`)
    else if (value > most) this.flaw(field, `${value} kVA is too high for a ${kind}: is it given in VA?`)
    return value
  }

  done(node: FileNode): RowReading {
    return this.flaws.length > 0 ? { ok: false, flaws: this.flaws } : { ok: true, node }
  }
}
