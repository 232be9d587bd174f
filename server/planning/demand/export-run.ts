import { writeCsvInPieces } from '../../../platform/csv/index.ts'
import type { Queryable } from '../../../platform/db/index.ts'
import type { TileAddress } from '../../../platform/geography/index.ts'
import { type ParquetColumn, writeParquet } from '../../../platform/parquet/index.ts'
import { type MappedNode, nodeCollection, type TiledNode, tiledNode, tileOf } from './outlook/map-files.ts'
import { type NodeRow, nodeBatches, yearIn, requireRun } from './run-store.ts'

/** Nodes that are in memory at a time: each has a row for every year. */
const batchNodes = 300

const columns: readonly ParquetColumn[] = [
  { name: 'rank', kind: 'integer' },
  { name: 'nodeId', kind: 'text' },
  { name: 'name', kind: 'text' },
  { name: 'kind', kind: 'text' },
  { name: 'year', kind: 'integer' },
  { name: 'peakW', kind: 'number' },
  { name: 'leastHeadroomW', kind: 'number' },
  { name: 'hoursOver', kind: 'number' },
  { name: 'firstYear', kind: 'integer' },
  { name: 'confidence', kind: 'text' },
]

type Cells = (string | number | null)[]

async function* yearBatches(db: Queryable, runId: string, years: readonly number[]): AsyncGenerator<Cells[]> {
  for await (const rows of nodeBatches(db, runId, batchNodes))
    yield rows.flatMap((row) => years.map((year, y) => cellsOf(row, year, y)))
}

function cellsOf(row: NodeRow, year: number, y: number): Cells {
  const { rank, nodeId, name, kind, peakW, leastHeadroomW, hoursOver, firstYear, confidence } = row
  return [
    rank,
    nodeId,
    name,
    kind,
    year,
    peakW[y] ?? null,
    leastHeadroomW?.[y] ?? null,
    hoursOver?.[y] ?? null,
    firstYear,
    confidence,
  ]
}

async function yearsOf(db: Queryable, runId: string): Promise<number[]> {
  const { summary } = await requireRun(db, runId)
  return (summary?.['years'] as number[] | undefined) ?? []
}

/** Nodes × years as CSV. */
export async function runAsCsv(db: Queryable, runId: string) {
  const text = writeCsvInPieces(
    columns.map(({ name }) => name),
    yearBatches(db, runId, await yearsOf(db, runId)),
  )
  return { name: `ev-demand-${runId}.csv`, content: ReadableStream.from(text).pipeThrough(new TextEncoderStream()) }
}

/** Nodes × years as Parquet. */
export async function runAsParquet(db: Queryable, runId: string) {
  const content = ReadableStream.from(writeParquet(columns, yearBatches(db, runId, await yearsOf(db, runId))))
  return { name: `ev-demand-${runId}.parquet`, content }
}

async function mappedNodes(db: Queryable, runId: string): Promise<MappedNode[]> {
  const found: MappedNode[] = []
  for await (const rows of nodeBatches(db, runId, 2_000))
    for (const { nodeId, name, kind, eastingM, northingM, rank, firstYear, leastHeadroomW, peakW, confidence } of rows)
      found.push({
        nodeId,
        name,
        kind,
        eastingM,
        northingM,
        rank,
        firstYear,
        leastHeadroomW: leastHeadroomW?.at(-1) ?? null,
        peakW: peakW.at(-1) ?? 0,
        confidence,
      })
  return found
}

/** Nodes as GeoJSON. */
export async function runAsGeoJson(db: Queryable, runId: string) {
  await requireRun(db, runId)
  return { name: `ev-demand-${runId}.geojson`, content: JSON.stringify(nodeCollection(await mappedNodes(db, runId))) }
}

/** Maps that are kept ready: those of the runs that were looked at last. A run that is done never changes. */
const keptMaps = 4
const maps = new Map<string, TiledNode[]>()

/** A vector tile of a run with the figures of a year, or of its last. */
export async function tileOfRun(db: Queryable, runId: string, year: number | undefined, address: TileAddress) {
  const run = await requireRun(db, runId)
  const y = year === undefined ? -1 : yearIn(run, year)
  const known = maps.get(runId) ?? (await tiledNodes(db, runId))
  maps.delete(runId)
  if (run.state === 'done') maps.set(runId, known)
  const [oldest] = maps.keys()
  if (maps.size > keptMaps && oldest !== undefined) maps.delete(oldest)
  return { content: tileOf(known, y, address) }
}

async function tiledNodes(db: Queryable, runId: string): Promise<TiledNode[]> {
  const found: TiledNode[] = []
  for await (const rows of nodeBatches(db, runId, 2_000))
    for (const { nodeId, name, kind, eastingM, northingM, rank, firstYear, confidence, ...figures } of rows) {
      const node = { nodeId, name, kind, eastingM, northingM, rank, firstYear, confidence }
      found.push(tiledNode(node, figures.peakW, figures.leastHeadroomW))
    }
  return found
}
