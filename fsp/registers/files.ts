import type { ReadableStream } from 'node:stream/web'
import type { z } from 'zod'
import { type CsvFlaw, type CsvRow, readCsv, readNumber, writeCsv } from '../../platform/csv/index.ts'
import { ProblemError } from '../../platform/http/index.ts'
import { registerKey } from '../../schemas/fsp/registers/fields.ts'
import type { RegisterName } from '../../schemas/fsp/registers/index.ts'
import { registers } from '../../schemas/fsp/registers/index.ts'
import type { Flaw, Version } from './rules.ts'

/** More than any fleet has. */
const maxRows = 20_000
const mostErrors = 1_000

/** A row of a register's file: what it says of an entry, and where it stands. */
export interface FileRow {
  line: number
  key: string
  /** The version that the row was made from; `null`: it does not say. */
  version: number | null
  data: Record<string, unknown>
}

const shapeOf = (register: RegisterName) => registers[register].data.shape as Record<string, z.ZodType>

/** A register as a file that `readRegister` reads. Lists and objects are JSON in their cells. */
export function writeRegister(register: RegisterName, versions: readonly Version[]): string {
  const fields = Object.keys(shapeOf(register))
  return writeCsv(
    ['key', 'version', ...fields],
    versions.map(({ key, version, data }) => [
      key,
      version,
      ...fields.map((field) => cellOf((data as Record<string, unknown>)[field])),
    ]),
  )
}

function cellOf(value: unknown): string | number | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'number' || typeof value === 'string') return value
  return typeof value === 'boolean' ? String(value) : JSON.stringify(value)
}

/**
 * Reads a register's file, or throws a 422 that names every faulty row. A column that the file does not have keeps what the entry says;
 * an empty cell means nothing (`null`), where the register takes that.
 */
export async function readRegister(
  register: RegisterName,
  body: ReadableStream,
  present: (key: string) => object | undefined,
): Promise<FileRow[]> {
  const shape = shapeOf(register)
  const columns = ['key', 'version', ...Object.keys(shape)]
  const table = await readCsv(body, { maxRows, columns, required: ['key'] })
  const flaws = [...table.flaws]
  const lines = new Map<string, number>()
  const rows = table.rows.flatMap((row) => {
    const read = rowOf(row, shape, present, flaws)
    if (!read) return []
    const before = lines.get(read.key)
    if (before !== undefined) flaws.push({ line: row.line, field: 'key', message: `is that of line ${before} too` })
    lines.set(read.key, row.line)
    return [read]
  })
  if (flaws.length > 0) refuseFile(flaws)
  return rows
}

function rowOf(
  { line, cells }: CsvRow,
  shape: Record<string, z.ZodType>,
  present: (key: string) => object | undefined,
  flaws: CsvFlaw[],
): FileRow | null {
  const before = flaws.length
  const flaw = (field: string, message: string) => flaws.push({ line, field, message })
  const key = registerKey.safeParse(cells['key'] ?? '')
  if (!key.success) flaw('key', key.error.issues[0]?.message ?? 'is missing')
  const stated = (cells['version'] ?? '').trim()
  if (!/^\d{0,9}$/.test(stated)) flaw('version', 'must be a whole number')
  const known = (key.success && (present(key.data) as Record<string, unknown> | undefined)) || {}
  const data: Record<string, unknown> = {}
  for (const [field, schema] of Object.entries(shape)) {
    const cell = cells[field]
    if (cell === undefined) {
      data[field] = known[field] ?? null
      if (!(field in known) && !schema.safeParse(null).success) flaw(field, 'is missing')
      continue
    }
    const read = cellValue(schema, cell)
    if ('message' in read) flaw(field, read.message)
    else data[field] = read.value
  }
  if (!key.success || flaws.length > before) return null
  return { line, key: key.data, version: stated === '' ? null : Number(stated), data }
}

/** What a cell says, in the form that the register takes: a text, a number, yes or no, or JSON. */
function cellValue(schema: z.ZodType, cell: string): { value: unknown } | { message: string } {
  const number = readNumber(cell)
  const candidates = [
    ...(cell === '' ? [null] : [cell]),
    ...(number.ok && cell !== '' ? [number.value] : []),
    ...(cell === 'true' || cell === 'false' ? [cell === 'true'] : []),
    ...jsonIn(cell),
  ]
  const parsed = candidates.map((each) => schema.safeParse(each))
  const found = parsed.find(({ success }) => success)
  if (found?.success) return { value: found.data }
  const issue = parsed.at(-1)?.error?.issues[0]
  const at = issue && issue.path.length > 0 ? `${issue.path.join('.')} ` : ''
  return { message: cell === '' ? 'is missing' : `${at}${issue?.message ?? 'is not what this column holds'}` }
}

function jsonIn(cell: string): unknown[] {
  if (!/^[[{]/.test(cell)) return []
  try {
    return [JSON.parse(cell)]
  } catch {
    return []
  }
}

/** What is wrong with the registers after a file, by the lines that bring it about; what they do to other entries names those. */
export function lineFlaws(register: RegisterName, flaws: readonly Flaw[], rows: readonly FileRow[]): CsvFlaw[] {
  const lines = new Map(rows.map(({ key, line }) => [key, line]))
  return flaws.map((flaw) => {
    const line = flaw.register === register ? lines.get(flaw.key) : undefined
    if (line !== undefined) return { line, field: flaw.field, message: flaw.message }
    return { line: 1, field: '', message: `would break ${registers[flaw.register].entry} ${flaw.key}: ${flaw.message}` }
  })
}

/** Answers 422 with every flaw by its line. */
export function refuseFile(flaws: readonly CsvFlaw[]): never {
  const errors = flaws
    .toSorted((a, b) => a.line - b.line)
    .slice(0, mostErrors)
    .map(({ line, field, message }) => ({ field: `line ${line}${field && `, ${field}`}`, message }))
  const [first] = errors
  throw new ProblemError('contract-broken', `${first?.field}: ${first?.message}. Nothing in the file was stored.`, {
    errors,
  })
}
