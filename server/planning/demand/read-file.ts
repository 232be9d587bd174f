import type { ReadableStream } from 'node:stream/web'
import { CsvFile, type StatedZone } from '../../../platform/csv/index.ts'
import type { CoordinateSystem } from '../../../platform/geography/index.ts'
import type { EditionKind } from '../../../schemas/planning/demand-editions.ts'
import { nameColumns } from './columns.ts'

import { readRow } from './read-rows.ts'
import type { EditionRows } from './rows.ts'

/** A month of a platform's electric vehicles in a city has about 700,000 trips. */
const maxRows = 1_000_000

/** How a file is read. */
export interface FileTerms {
  /** Headings by column, where they are stated. */
  columns: Readonly<Record<string, string>>
  zone: StatedZone | undefined
  coordinates: CoordinateSystem
}

/** A file of EV demand of which the headings are read, and nothing else yet. With flaws in them it is closed, and has no rows. */
export interface OpenedFile<K extends EditionKind> {
  file: CsvFile
  /** The heading that each column is read from. */
  columns: Record<string, string>
  /** Headings that nobody reads. */
  passedOver: readonly string[]
  /** The rows without flaws, one at a time; flaws of the others are in `file.flaws`. */
  rows(): AsyncGenerator<EditionRows[K]>
  /** Rows with flaws so far. */
  rejected(): number
}

/** Opens a file; what is wrong with its headings is among its flaws. */
export async function openEdition<K extends EditionKind>(
  kind: K,
  body: ReadableStream,
  { columns: stated, zone, coordinates }: FileTerms,
): Promise<OpenedFile<K>> {
  const file = await CsvFile.open(body, { maxRows })
  const { headings: columns, faults } = nameColumns(kind, file.headings, stated)
  const years = kind === 'growth' ? file.headings.filter((heading) => /^(19|20)\d\d$/.test(heading)).map(Number) : []
  if (kind === 'growth' && years.length === 0)
    faults.push({ field: 'years', message: 'there is no column for any year' })
  for (const fault of faults) file.flaws.add({ line: 1, ...fault })
  const read = new Set([...Object.values(columns), ...years.map(String)])
  const passedOver = file.headings.filter((heading) => !read.has(heading))
  const hasFlaws = file.flaws.count > 0
  if (hasFlaws) await file.close()
  // What nobody reads is passed over, whatever it holds.
  else file.nameColumns([...read])
  const terms = { zone, system: coordinates, years: years.sort((a, b) => a - b) }
  let rejected = 0
  async function* rows(): AsyncGenerator<EditionRows[K]> {
    if (hasFlaws) return
    for await (const { line, cells, isFlawed } of file.rows()) {
      const named = Object.entries(columns).map(([column, heading]) => [column, cells[heading] ?? ''] as const)
      const ofYears = years.map((year) => [String(year), cells[String(year)] ?? ''] as const)
      const { row, reader } = readRow(kind, { line, cells: Object.fromEntries([...named, ...ofYears]) }, terms)
      file.flaws.add(...reader.flaws)
      if (isFlawed || reader.flaws.length > 0) rejected++
      else yield row as EditionRows[K]
    }
    if (file.count === 0 && file.flaws.count === 0)
      file.flaws.add({ line: 1, field: '', message: 'the file has no rows' })
  }
  return { file, columns, passedOver, rows, rejected: () => rejected + file.broken }
}
