import { writeCsvInPieces } from '../../../platform/csv/index.ts'
import type { Queryable } from '../../../platform/db/index.ts'
import { type ParquetColumn, writeParquet } from '../../../platform/parquet/index.ts'
import { type ExportQuery, exportOperations } from '../../../schemas/grid/exports.ts'
import { bind } from '../../kit/index.ts'
import { type Chosen, chosenBy } from './chosen.ts'
import { halfHourBatches, halfHourColumns } from './half-hours.ts'
import { measurementBatches, measurementColumns } from './measurements.ts'

/** Rows that are in memory at a time: a row group of Parquet has a useful size, and a batch takes some MB. */
const batchRows = 10_000

interface Source {
  word: string
  columns: readonly ParquetColumn[]
  batches(db: Queryable, chosen: Chosen, size: number): AsyncGenerator<(readonly (string | number | null)[])[]>
}

const measurements: Source = { word: 'measurements', columns: measurementColumns, batches: measurementBatches }
const halfHours: Source = { word: 'half-hours', columns: halfHourColumns, batches: halfHourBatches }

/** Measurements and half-hours as files (A21). */
export const exports = bind(exportOperations, {
  exportMeasurementsCsv: ({ db, query }) => csvOf(db, query, measurements),
  exportMeasurementsParquet: ({ db, query }) => parquetOf(db, query, measurements),
  exportHalfHoursCsv: ({ db, query }) => csvOf(db, query, halfHours),
  exportHalfHoursParquet: ({ db, query }) => parquetOf(db, query, halfHours),
})

async function csvOf(db: Queryable, query: ExportQuery, { word, columns, batches }: Source) {
  const chosen = await chosenBy(db, query)
  const headings = columns.map(({ name }) => name)
  const text = writeCsvInPieces(headings, batches(db, chosen, batchRows))
  const content = ReadableStream.from(text).pipeThrough(new TextEncoderStream())
  return { name: `${nameOf(word, chosen)}.csv`, content }
}

async function parquetOf(db: Queryable, query: ExportQuery, { word, columns, batches }: Source) {
  const chosen = await chosenBy(db, query)
  const content = ReadableStream.from(writeParquet(columns, batches(db, chosen, batchRows)))
  return { name: `${nameOf(word, chosen)}.parquet`, content }
}

function nameOf(word: string, { what, from }: Chosen): string {
  return `${word}-${what}-${from.toString().slice(0, 10)}`
}
