import type { NetworkNode } from '../../../schemas/grid/connections.ts'
import type { ImportFlaw } from '../../../schemas/grid/network.ts'

/** A node as a file gives it: every field present, `null` if unknown. */
export type FileNode = Required<NetworkNode>

/** A node of a file, or the flaws of its row. */
export type RowReading = { ok: true; node: FileNode } | { ok: false; flaws: ImportFlaw[] }

/** The cells of a row by their headings. */
export type Cells = Record<string, string>

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

/** Collects the flaws of a row while its cells are read. */
export class Row {
  readonly flaws: ImportFlaw[] = []
  readonly #line: number
  readonly #cells: Cells

  constructor(line: number, cells: Cells) {
    this.#line = line
    this.#cells = cells
  }

  flaw(field: string, message: string): void {
    this.flaws.push({ line: this.#line, field, message })
  }

  text(field: string, longest: number): string {
    const text = this.#cells[field] ?? ''
    if (text === '') this.flaw(field, 'is missing')
    if (text.length > longest) this.flaw(field, `has more than ${longest} characters`)
    return text
  }

  /** A cell that may be empty or `NA`: then `null`, which is not 0. */
  optional(field: string): string | null {
    const text = this.#cells[field] ?? ''
    return /^(|NA|N\/A|null)$/i.test(text) ? null : text
  }

  number(field: string): number | null {
    const text = this.optional(field)
    if (text === null) return null
    const value = Number(text)
    if (Number.isFinite(value)) return value
    this.flaw(field, `"${text.slice(0, 40)}" is not a number`)
    return null
  }

  oneOf<T extends string>(field: string, text: string, allowed: readonly T[]): T {
    const found = allowed.find((one) => one === text)
    if (found) return found
    this.flaw(field, `"${text.slice(0, 40)}" is not one of ${allowed.join(', ')}`)
    return allowed[0] as T
  }

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
