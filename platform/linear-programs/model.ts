/** A linear program by columns (CSC), as solvers expect it. `Infinity` means unbounded, to HiGHS too. */
export interface LinearProgram {
  numCols: number
  numRows: number
  colCost: Float64Array
  colLower: Float64Array
  colUpper: Float64Array
  rowLower: Float64Array
  rowUpper: Float64Array
  starts: Int32Array
  indices: Int32Array
  values: Float64Array
  /** 1 for columns that are integers. */
  integrality: Int32Array
}

/** A coefficient in a column: its row and its value. */
export type InColumn = readonly [row: number, value: number]

/** A coefficient in a row: its column and its value. */
export type InRow = readonly [column: number, value: number]

interface Column {
  cost: number
  /** 0 unless stated. */
  lower?: number
  upper: number
  isInteger?: boolean
  /** Coefficients in rows that exist already. */
  entries?: readonly InColumn[]
}

/** Puts a program together, column by column and row by row, in whichever order suits it. */
export class ProgramBuilder {
  readonly #columns: (Omit<Column, 'entries'> & { entries: InColumn[] })[] = []
  readonly #rows: { lower: number; upper: number }[] = []

  /**
   * Adds a row.
   * @param terms in columns that exist already; those of one column are summed.
   * @returns its number.
   */
  row(lower: number, upper: number, terms: readonly InRow[] = []): number {
    const row = this.#rows.push({ lower, upper }) - 1
    const sums = new Map<number, number>()
    for (const [column, value] of terms) sums.set(column, (sums.get(column) ?? 0) + value)
    for (const [column, value] of sums) this.enter(column, row, value)
    return row
  }

  /** Adds a column. @returns its number. */
  column({ entries = [], ...column }: Column): number {
    return this.#columns.push({ ...column, entries: [...entries] }) - 1
  }

  /** Puts a column into another row. */
  enter(column: number, row: number, value: number): void {
    this.#columns[column]?.entries.push([row, value])
  }

  build(): LinearProgram {
    const [columns, rows] = [this.#columns, this.#rows]
    const starts = new Int32Array(columns.length + 1)
    for (const [i, { entries }] of columns.entries()) starts[i + 1] = (starts[i] ?? 0) + entries.length
    const inOrder = columns.flatMap(({ entries }) => entries.toSorted((a, b) => a[0] - b[0]))
    return {
      numCols: columns.length,
      numRows: rows.length,
      colCost: Float64Array.from(columns, ({ cost }) => cost),
      colLower: Float64Array.from(columns, ({ lower = 0 }) => lower),
      colUpper: Float64Array.from(columns, ({ upper }) => upper),
      rowLower: Float64Array.from(rows, ({ lower }) => lower),
      rowUpper: Float64Array.from(rows, ({ upper }) => upper),
      integrality: Int32Array.from(columns, ({ isInteger = false }) => (isInteger ? 1 : 0)),
      starts,
      indices: Int32Array.from(inOrder, ([row]) => row),
      values: Float64Array.from(inOrder, ([, value]) => value),
    }
  }
}
