import type { CsvFlaw, CsvRow } from './read.ts'
import { isNothing, type Reading, readInstant, readNumber, type StatedZone } from './values.ts'

/** Collects the flaws of a row while its cells are read. */
export class RowReader {
  readonly flaws: CsvFlaw[] = []
  readonly line: number
  readonly #cells: Record<string, string>

  constructor({ line, cells }: CsvRow) {
    this.line = line
    this.#cells = cells
  }

  flaw(field: string, message: string): void {
    this.flaws.push({ line: this.line, field, message })
  }

  text(field: string, longest: number): string {
    const text = this.#cells[field] ?? ''
    if (text === '') this.flaw(field, 'is missing')
    if (text.length > longest) this.flaw(field, `has more than ${longest} characters`)
    return text
  }

  /** A cell that may hold nothing, as a dash or `NA`: then `null`, which is not 0. */
  optional(field: string): string | null {
    const text = this.#cells[field] ?? ''
    return isNothing(text) ? null : text
  }

  /** A text that may be missing. */
  optionalText(field: string, longest: number): string | null {
    return this.optional(field) === null ? null : this.text(field, longest)
  }

  number(field: string): number | null {
    const text = this.optional(field)
    return text === null ? null : this.#taken(field, readNumber(text))
  }

  /** A number that has to be there. */
  requiredNumber(field: string): number {
    const text = this.optional(field)
    if (text !== null) return this.#taken(field, readNumber(text)) ?? Number.NaN
    this.flaw(field, 'is missing; nothing is not 0')
    return Number.NaN
  }

  /** An instant that has to be there, in epoch ms; NaN with a flaw if it is not one. @param zone of times without offset. */
  instantMs(field: string, zone?: StatedZone): number {
    return this.#taken(field, readInstant(this.#cells[field] ?? '', zone)) ?? Number.NaN
  }

  #taken<T>(field: string, reading: Reading<T>): T | null {
    if (reading.ok) return reading.value
    this.flaw(field, reading.message)
    return null
  }

  /** A number between two bounds that may be missing. */
  numberWithin(field: string, least: number, most: number, unit: string): number | null {
    const value = this.number(field)
    if (value !== null && (value < least || value > most))
      this.flaw(field, `${value} ${unit} is not between ${least} and ${most} ${unit}`)
    return value
  }

  oneOf<T extends string>(field: string, text: string, allowed: readonly T[]): T {
    const found = allowed.find((one) => one === text)
    if (found) return found
    this.flaw(field, `"${text.slice(0, 40)}" is not one of ${allowed.join(', ')}`)
    return allowed[0] as T
  }

  /** One of some words that may be missing. */
  optionalOf<T extends string>(field: string, allowed: readonly T[]): T | null {
    const text = this.optional(field)
    return text === null ? null : this.oneOf(field, text, allowed)
  }

  /** A cell that matches a schema of the API; `null` if it is empty. @param whatElse what the cell should hold. */
  parsed<T>(
    field: string,
    schema: { safeParse(text: string): { success: boolean; data?: T } },
    whatElse: string,
  ): T | null {
    const text = this.optional(field)
    if (text === null) return null
    const found = schema.safeParse(text)
    if (found.success) return found.data as T
    this.flaw(field, `"${text.slice(0, 40)}" is not ${whatElse}`)
    return null
  }
}
