/** A linear program by columns (CSC). `Infinity` means unbounded. */
export interface LinearModel {
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
}

/** The part of a column in a row. */
export type Entry = [row: number, value: number]

interface Column {
  cost: number
  lower: number
  upper: number
  entries: Entry[]
}

/** Puts a linear program together, column by column and row by row. */
export class ModelBuilder {
  readonly #columns: Column[] = []
  readonly #rows: { lower: number; upper: number }[] = []

  /** @returns its number. */
  row(lower: number, upper: number): number {
    return this.#rows.push({ lower, upper }) - 1
  }

  /** @returns its number. */
  column(column: Column): number {
    return this.#columns.push(column) - 1
  }

  /** Puts a column into another row. */
  enter(column: number, row: number, value: number): void {
    this.#columns[column]?.entries.push([row, value])
  }

  build(): LinearModel {
    const [columns, rows] = [this.#columns, this.#rows]
    const count = columns.reduce((sum, { entries }) => sum + entries.length, 0)
    const starts = new Int32Array(columns.length + 1)
    const [indices, values] = [new Int32Array(count), new Float64Array(count)]
    let at = 0
    for (const [c, { entries }] of columns.entries()) {
      starts[c] = at
      for (const [row, value] of entries.toSorted((a, b) => a[0] - b[0])) {
        indices[at] = row
        values[at++] = value
      }
    }
    starts[columns.length] = at
    return {
      numCols: columns.length,
      numRows: rows.length,
      colCost: Float64Array.from(columns, ({ cost }) => cost),
      colLower: Float64Array.from(columns, ({ lower }) => lower),
      colUpper: Float64Array.from(columns, ({ upper }) => upper),
      rowLower: Float64Array.from(rows, ({ lower }) => lower),
      rowUpper: Float64Array.from(rows, ({ upper }) => upper),
      starts,
      indices,
      values,
    }
  }
}
