import type { SchemaElement } from 'hyparquet'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'

/** A column of a Parquet file. An `instant` is written as ms in UTC, from ISO 8601. */
export interface ParquetColumn {
  readonly name: string
  readonly kind: 'text' | 'number' | 'integer' | 'instant'
}

type Cell = string | number | null

const types: Record<ParquetColumn['kind'], Omit<SchemaElement, 'name'>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  number: { type: 'DOUBLE' },
  integer: { type: 'INT64' },
  instant: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
}

/**
 * A Parquet file (Snappy) whose row groups are the batches of rows, each passed on before the next one is asked for: memory is bounded
 * by the largest batch. Empty batches leave nothing. Every column may be null, which a reader gets back as null, not as 0.
 */
export async function* writeParquet(
  columns: readonly ParquetColumn[],
  batches: AsyncIterable<readonly (readonly Cell[])[]>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const bytes = new ByteWriter()
  const file = new ParquetWriter({ writer: bytes, schema: schemaOf(columns), createdBy: 'Ringmain' })
  for await (const rows of batches) {
    if (rows.length === 0) continue
    const columnData = columns.map((column, n) => ({
      name: column.name,
      data: rows.map((row) => cellOf(column, row[n] ?? null)),
      // Where the pages of a column begin is left out: it would be kept in memory until the end of the file.
      offsetIndex: false,
    }))
    await file.write({ columnData, rowGroupSize: rows.length })
    yield taken(bytes)
  }
  await file.finish()
  yield taken(bytes)
}

function schemaOf(columns: readonly ParquetColumn[]): SchemaElement[] {
  return [
    { name: 'root', num_children: columns.length },
    ...columns.map(({ name, kind }): SchemaElement => ({ name, repetition_type: 'OPTIONAL', ...types[kind] })),
  ]
}

function cellOf({ kind }: ParquetColumn, cell: Cell): unknown {
  if (cell === null) return null
  if (kind === 'instant') return new Date(cell)
  return kind === 'integer' ? BigInt(cell) : cell
}

/** What has been written since the last time, and an empty buffer again. */
function taken(bytes: ByteWriter): Uint8Array<ArrayBuffer> {
  const piece = new Uint8Array(bytes.buffer.slice(0, bytes.index))
  bytes.index = 0
  return piece
}
