import { isNothing, readInstant, readNumber, type StatedZone } from '../../platform/csv/index.ts'
import type { Drift } from '../../platform/feeds/index.ts'

/** Whole numbers from here on are milliseconds since the epoch, below seconds: 1e11 s is the year 5138, 1e11 ms the year 1973. */
const leastMs = 1e11

/** Reads the fields of a record, of a file or of JSON alike, and notes where it differs from the agreed form. */
export class RecordReader {
  readonly drifts: Drift[] = []
  readonly #values: Readonly<Record<string, unknown>>
  readonly #read = new Set<string>()

  constructor(record: unknown) {
    const isObject = typeof record === 'object' && record !== null && !Array.isArray(record)
    this.#values = isObject ? (record as Record<string, unknown>) : {}
    if (!isObject) this.drifts.push({ field: '', expected: 'object', found: typeOf(record) })
  }

  /** Fields that nobody has read. */
  get passedOver(): string[] {
    return Object.keys(this.#values).filter((field) => !this.#read.has(field))
  }

  /** A text that has to be there; `null` with a drift if it is not. Numbers count as texts: identities are often written so. */
  text(field: string): string | null {
    const value = this.#of(field)
    if (typeof value === 'string' && value !== '') return value
    if (typeof value === 'number') return String(value)
    return this.#drift(field, 'string', value)
  }

  /** A number that has to be there; `undefined`: there is a cell that says that there is nothing. */
  number(field: string): number | null | undefined {
    const value = this.#of(field)
    if (typeof value === 'number' && Number.isFinite(value)) return value
    if (value === null || (typeof value === 'string' && isNothing(value))) return undefined
    if (typeof value === 'string') {
      const read = readNumber(value)
      if (read.ok) return read.value
    }
    return this.#drift(field, 'number', value)
  }

  /** Yes or no, in any of the forms that suppliers write. */
  flag(field: string): boolean | null | undefined {
    const value = this.#of(field)
    if (typeof value === 'boolean') return value
    if (value === null || (typeof value === 'string' && isNothing(value))) return undefined
    const text = String(value).toLowerCase()
    if (['1', 'true', 'yes', 'on', 'y'].includes(text)) return true
    if (['0', 'false', 'no', 'off', 'n'].includes(text)) return false
    return this.#drift(field, 'boolean', value)
  }

  /** An instant that has to be there, epoch ms. @param zone of times without offset. */
  instantMs(field: string, zone?: StatedZone): number | null {
    const value = this.#of(field)
    if (typeof value === 'number' && Number.isFinite(value)) return value >= leastMs ? value : value * 1_000
    if (typeof value === 'string') {
      const read = readInstant(value, zone)
      if (read.ok) return read.value
      if (value !== '') return this.#differs({ field, expected: 'instant', found: read.message })
    }
    return this.#drift(field, 'instant', value)
  }

  #of(field: string): unknown {
    this.#read.add(field)
    return this.#values[field]
  }

  #drift(field: string, expected: string, value: unknown): null {
    return this.#differs({ field, expected, found: field in this.#values ? found(value) : 'missing' })
  }

  #differs(drift: Drift): null {
    this.drifts.push(drift)
    return null
  }
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

function found(value: unknown): string {
  return typeof value === 'string' ? `"${value.slice(0, 40)}"` : typeOf(value)
}
