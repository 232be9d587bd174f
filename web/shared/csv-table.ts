import type { ImportFlaw } from '../../schemas/vocabulary/file-import.ts'

/** A row below the headings, with its line in the text, the headings being line 1. */
export interface TypedRow<Column extends string> {
  line: number
  /** As typed; empty where the text has no such column. */
  cells: Record<Column, string>
}

/**
 * Rows from the text of a CSV file, or copied out of a spreadsheet: parted by commas, semicolons or tabs, the headings in any order and case.
 * It is for a few thousand rows of codes and figures, in which no cell holds a separator. Empty rows are left out.
 * @param optional columns that the headings may leave out.
 */
export function readTable<Column extends string>(
  text: string,
  columns: readonly Column[],
  optional: readonly Column[] = [],
): { rows: TypedRow<Column>[]; flaws: ImportFlaw[] } {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  const [heading = '', ...rest] = lines
  const separator = ['\t', ';'].find((each) => heading.includes(each)) ?? ','
  const headings = cellsOf(heading, separator).map((name) => name.toLowerCase().replaceAll(/[\s_-]/g, ''))
  const place = (column: Column) => headings.indexOf(column.toLowerCase())
  const missing = columns.filter((column) => place(column) < 0 && !optional.includes(column))
  if (missing.length > 0)
    return { rows: [], flaws: [{ line: 1, field: missing.join(', '), message: 'is missing from the headings' }] }
  const rows = rest
    .map((row, i) => ({ line: i + 2, given: cellsOf(row, separator) }))
    .filter(({ given }) => given.some((cell) => cell !== ''))
    .map(({ line, given }) => {
      const cells = Object.fromEntries(columns.map((column) => [column, given[place(column)] ?? '']))
      return { line, cells: cells as Record<Column, string> }
    })
  const flaws = rows.length === 0 ? [{ line: 2, field: '', message: 'there is no row' }] : []
  return { rows, flaws }
}

/** The cells of a row; as none has a separator in it, quotes only need to be taken off. */
function cellsOf(row: string, separator: string): string[] {
  return row.split(separator).map((cell) =>
    cell
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .trim(),
  )
}
