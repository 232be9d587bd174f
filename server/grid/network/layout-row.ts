import type { z } from 'zod'
import { type CsvRow, RowReader, readNumber } from '../../../platform/csv/index.ts'
import { demandConfidence, demandMethod, type NetworkNode, nodeKind } from '../../../schemas/grid/connections.ts'
import type { LayoutCell, LayoutNode } from '../../../schemas/grid/layouts.ts'
import type { ImportFlaw } from '../../../schemas/vocabulary/file-import.ts'
import { tradingDay } from '../../../schemas/vocabulary/units.ts'
import { unknownArea } from '../areas/index.ts'

/** A node as a row gives it; `null` where the row says nothing. */
export interface FileNode extends Record<string, unknown> {
  nodeId: string
  name: string
  kind: NetworkNode['kind']
  parentId: string | null
  licenceArea: NetworkNode['licenceArea']
  ratingWinterKva: number | null
  ratingSummerKva: number | null
  firmCapacityKva: number | null
  maxDemandWinterKva: number | null
  maxDemandSummerKva: number | null
  maxDemandWinterOn: string | null
  maxDemandSummerOn: string | null
  maxDemandWinterMethod: DemandMethod | null
  maxDemandSummerMethod: DemandMethod | null
  maxDemandWinterConfidence: DemandConfidence | null
  maxDemandSummerConfidence: DemandConfidence | null
  reverseCapacityKva: number | null
  easting: number | null
  northing: number | null
  reserved: boolean | null
  reservedFor: string | null
  reservedKva: number | null
}

type DemandMethod = z.infer<typeof demandMethod>
type DemandConfidence = z.infer<typeof demandConfidence>

/** What an upload states about its file. */
export interface Stated {
  /** Of lists that do not name it. */
  licenceArea: NetworkNode['licenceArea'] | undefined
  /** Codes of the licence areas that there are. */
  knownAreas: readonly string[]
  /** The day of the upload. */
  today: string
  /** Whether a person has looked at values that are too large or too small for their node, and takes them. */
  acceptsImplausible: boolean
}

/**
 * Plausible powers of each level, kVA. Wide enough for everything in Great Britain and narrow enough that MVA given as kVA, or kVA
 * given as MVA, falls outside (FM13).
 */
export const plausibleKva: Record<NetworkNode['kind'], readonly [least: number, most: number]> = {
  gsp: [10_000, 3_000_000],
  bsp: [2_000, 2_000_000],
  primary: [500, 500_000],
  secondary: [5, 20_000],
  feeder: [5, 20_000],
}

const kvaOf = { VA: 0.001, kVA: 1, MVA: 1_000 } as const

/** Reads one node of a layout from a row. */
export class NodeRow extends RowReader {
  readonly #layout: LayoutNode
  readonly #stated: Stated

  constructor(row: CsvRow, layout: LayoutNode, stated: Stated) {
    super(row)
    this.#layout = layout
    this.#stated = stated
  }

  /** The node, or the flaws of the row. */
  read(): { ok: true; node: FileNode } | { ok: false; flaws: ImportFlaw[] } {
    const layout = this.#layout
    const kind = this.#kind()
    const node: FileNode = {
      nodeId: this.#required(layout.nodeId, 100),
      name: this.#required(layout.name, 200),
      kind,
      parentId: layout.parentId ? this.#prefixed(layout.parentId) : null,
      licenceArea: this.#area(),
      ratingWinterKva: this.#rating(layout.ratingWinterKva, kind),
      ratingSummerKva: this.#rating(layout.ratingSummerKva, kind),
      firmCapacityKva: this.#rating(layout.firmCapacityKva, kind),
      maxDemandWinterKva: this.#demand(layout.maxDemandWinterKva, kind),
      maxDemandSummerKva: this.#demand(layout.maxDemandSummerKva, kind),
      maxDemandWinterOn: this.#day('maxDemandWinterOn'),
      maxDemandSummerOn: this.#day('maxDemandSummerOn'),
      maxDemandWinterMethod: this.#choice('maxDemandWinterMethod', demandMethod.options),
      maxDemandSummerMethod: this.#choice('maxDemandSummerMethod', demandMethod.options),
      maxDemandWinterConfidence: this.#choice('maxDemandWinterConfidence', demandConfidence.options),
      maxDemandSummerConfidence: this.#choice('maxDemandSummerConfidence', demandConfidence.options),
      reverseCapacityKva: this.#demand(layout.reverseCapacityKva, kind),
      easting: this.#plain(layout.easting),
      northing: this.#plain(layout.northing),
      reserved: this.#flag(layout.reserved),
      reservedFor: layout.reservedFor ? this.#prefixed(layout.reservedFor) : null,
      reservedKva: this.#demand(layout.reservedKva, kind),
    }
    return this.flaws.length > 0 ? { ok: false, flaws: this.flaws } : { ok: true, node }
  }

  /** The heading whose cell holds something; the first one otherwise. */
  #field({ columns }: LayoutCell): string {
    return columns.find((column) => this.optional(column) !== null) ?? columns[0] ?? ''
  }

  #required(cell: LayoutCell, longest: number): string {
    return (cell.prefix ?? '') + this.text(this.#field(cell), longest)
  }

  #prefixed(cell: LayoutCell): string | null {
    const text = this.optional(this.#field(cell))
    return text === null ? null : (cell.prefix ?? '') + text
  }

  #kind(): NetworkNode['kind'] {
    const { kind } = this.#layout
    if ('fixed' in kind) return kind.fixed
    const field = this.#field(kind)
    return this.oneOf(field, this.#word(kind, field), nodeKind.options)
  }

  #area(): NetworkNode['licenceArea'] {
    const cell = this.#layout.licenceArea
    if (cell && 'fixed' in cell) return this.#known('licenceArea', cell.fixed)
    const field = cell ? this.#field(cell) : 'licenceArea'
    const text = cell ? this.#word(cell, field) : ''
    if (text === '' && this.#stated.licenceArea) return this.#stated.licenceArea
    if (!cell) {
      this.flaw('', 'this list does not name the licence area: state it with the upload (licenceArea=…)')
      return ''
    }
    return this.#known(field, text)
  }

  #known(field: string, area: string): string {
    if (area === '') this.flaw(field, 'is missing')
    else if (!this.#stated.knownAreas.includes(area)) this.flaw(field, unknownArea(area, this.#stated.knownAreas))
    return area
  }

  /** A word as the layout translates it. */
  #word({ words }: LayoutCell, field: string): string {
    const text = this.optional(field) ?? ''
    if (!words || text === '') return text
    const found = Object.entries(words).find(([word]) => word.toLowerCase() === text.toLowerCase())?.[1]
    if (found !== undefined) return found
    this.flaw(field, `"${text.slice(0, 40)}" is not one of ${Object.keys(words).join(', ')}`)
    return Object.values(words)[0] ?? ''
  }

  #plain(cell: LayoutCell | undefined): number | null {
    return cell ? this.number(this.#field(cell)) : null
  }

  #flag(cell: LayoutCell | undefined): boolean | null {
    if (!cell) return null
    const field = this.#field(cell)
    const text = this.#word(cell, field)
    return text === '' ? null : this.oneOf(field, text, ['false', 'true']) === 'true'
  }

  /** The day on which a highest demand was measured, as 2026-01-15: never after today. */
  #day(name: 'maxDemandWinterOn' | 'maxDemandSummerOn'): string | null {
    const [field, text] = this.#wordOf(name)
    if (text === '') return null
    if (!tradingDay.safeParse(text).success) this.flaw(field, `"${text.slice(0, 40)}" is not a day such as 2026-01-15`)
    else if (text > this.#stated.today) this.flaw(field, `${text} is still to come`)
    return text
  }

  #choice<T extends string>(name: keyof LayoutNode, allowed: readonly T[]): T | null {
    const [field, text] = this.#wordOf(name)
    return text === '' ? null : this.oneOf(field, text, allowed)
  }

  /** The heading and the word of a value that a layout may also fix; no word of a value that is not stated. */
  #wordOf(name: keyof LayoutNode): [field: string, text: string] {
    const cell = this.#layout[name]
    if (!cell) return [name, '']
    if ('fixed' in cell) return [name, cell.fixed]
    const field = this.#field(cell)
    return [field, this.#word(cell, field)]
  }

  #rating(cell: LayoutCell | undefined, kind: NetworkNode['kind']): number | null {
    const kva = this.#kva(cell)
    if (!cell || kva === null) return null
    const [field, [least, most]] = [this.#field(cell), plausibleKva[kind]]
    if (kva <= 0) this.flaw(field, `must be above 0 kVA, but is ${kva}`)
    else if (kva < least) this.#doubt(field, `${kva} kVA is too low for a ${kind}: is it given in MVA?`)
    else if (kva > most) this.#doubt(field, `${kva} kVA is too high for a ${kind}: is it given in VA?`)
    return kva
  }

  #demand(cell: LayoutCell | undefined, kind: NetworkNode['kind']): number | null {
    const kva = this.#kva(cell)
    if (!cell || kva === null) return null
    const [field, [, most]] = [this.#field(cell), plausibleKva[kind]]
    if (kva < 0) this.flaw(field, `must not be below 0, but is ${kva}`)
    else if (kva > most) this.#doubt(field, `${kva} kVA is more than a ${kind} carries: is it given in VA?`)
    return kva
  }

  /** A value that only a person may take. */
  #doubt(field: string, message: string): void {
    if (!this.#stated.acceptsImplausible)
      this.flaw(field, `${message} If it is right, say so with the upload (implausible=accept).`)
  }

  #kva(cell: LayoutCell | undefined): number | null {
    if (!cell) return null
    const field = this.#field(cell)
    const factor = kvaOf[cell.unit ?? 'kVA']
    // Rounded to a watt, so that MVA of two decimals come out whole.
    const scaled = (value: number) => Math.round(value * factor * 1_000) / 1_000
    if (cell.take === undefined || cell.take === 'value') {
      const value = this.number(field)
      return value === null ? null : scaled(value)
    }
    const parts = this.#list(field)
    if (parts === null) return null
    const sum = parts.reduce((a, b) => a + b, 0)
    if (cell.take === 'sum') return scaled(sum)
    // A site with one transformer has nothing left without it, so that its rating counts.
    return parts.length < 2 ? null : scaled(sum - Math.max(...parts))
  }

  /**
   * The numbers of a list such as `24, 24` or `24; 24`; `null` of nothing. A comma without a space after it may be a decimal comma, and a
   * list of one number with it is not told apart from two numbers: it is a flaw.
   */
  #list(field: string): number[] | null {
    const text = this.optional(field)
    if (text === null) return null
    const parts = text
      .split(/;\s*|,\s+|\s*\/\s*/)
      .map((part) => part.trim().replace(/,$/, ''))
      .filter((part) => part !== '' && !/^(NA|N\/A|-)$/i.test(part))
    const values: number[] = []
    for (const part of parts) {
      if (/^\d+(,\d+)+$/.test(part)) {
        this.flaw(field, `"${text.slice(0, 40)}" may be a decimal comma or a list: write 12.5, or a list as "12, 5"`)
        return null
      }
      const read = readNumber(part)
      if (read.ok) values.push(read.value)
      else {
        this.flaw(field, `"${text.slice(0, 40)}" is not a list of numbers such as "24, 24"`)
        return null
      }
    }
    return values.length > 0 ? values : null
  }
}
