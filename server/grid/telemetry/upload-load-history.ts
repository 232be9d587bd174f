import { type Instant, LocalDate } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { type CsvFile, CsvFlaws, type CsvRow, RowReader, type StatedZone } from '../../../platform/csv/index.ts'
import { copyField, copyInto, type Queryable } from '../../../platform/db/index.ts'
import type { telemetryOperations } from '../../../schemas/grid/telemetry.ts'
import type { ImportFlaw } from '../../../schemas/vocabulary/file-import.ts'
import { onPool, openFile, refusedFile, type ServerContext, type Verb } from '../../kit/index.ts'
import { implausibleLoads } from '../network/index.ts'
import { nodeHalfHours, requirePartitions } from './partitions.ts'
import { halfHourMs } from './rules.ts'

/** Columns of a load history: half-hourly mean load of nodes, W; optionally the highest load of the half-hour. */
const requiredColumns = ['nodeId', 'at', 'meanW'] as const
const historyColumns = [...requiredColumns, 'maxW']

/** The most rows: two years of half-hours of a hundred nodes. */
const maxRows = 3_600_000

/** A half-hour of a node. `atMs` is its start, whatever the stamps in the file name. */
interface HistoryRow {
  line: number
  nodeId: string
  atMs: number
  meanW: number
  maxW: number
}

/** Whether stamps name the start or the end of their half-hours: stated, never guessed (FM03). */
type Stamp = 'period-start' | 'period-end'

/** More than any grid supply point carries. */
const mostLoadW = 3e9

/** Every month in a file gets a partition, so a mistyped year must not create thousands. */
const [earliestMs, latestMs] = [Date.UTC(2000, 0, 1), Date.UTC(2100, 0, 1)]

function readRow(
  given: CsvRow,
  stamp: Stamp,
  zone: StatedZone | undefined,
): { read: HistoryRow | null; wrong: ImportFlaw[] } {
  const row = new RowReader(given)
  const nodeId = row.text('nodeId', 100)
  const stampedMs = row.instantMs('at', zone)
  if (stampedMs < earliestMs || stampedMs > latestMs) row.flaw('at', 'is not a time of this century')
  else if (stampedMs % halfHourMs !== 0 && !Number.isNaN(stampedMs))
    row.flaw('at', 'is neither the start nor the end of a half-hour')
  const meanW = row.requiredNumber('meanW')
  const maxW = row.number('maxW') ?? meanW
  for (const [field, value] of [
    ['meanW', meanW],
    ['maxW', maxW],
  ] as const)
    if (Math.abs(value) > mostLoadW) row.flaw(field, 'is a load of more than 3 GW')
  if (maxW < meanW) row.flaw('maxW', 'is below meanW')
  const atMs = stamp === 'period-end' ? stampedMs - halfHourMs : stampedMs
  const read = { line: given.line, nodeId, atMs, meanW, maxW }
  return { read: row.flaws.length === 0 ? read : null, wrong: row.flaws }
}

/**
 * Imports the load history of nodes: all of it or, with a single flaw, nothing. A hub's own measurements stay. The file is read into a
 * temporary table as it arrives and checked there, so that its length costs no memory.
 */
export const uploadLoadHistory: Verb<typeof telemetryOperations.uploadLoadHistory> = async (call) => {
  const { context, at, query, body, audit } = call
  const { stamp } = query
  const file = await openFile(body, { maxRows, columns: historyColumns, required: requiredColumns })
  return call.transaction(async (tx) => {
    await tx.execute(sql`
      create temp table given_load (line int, node_id text, at timestamptz, mean_w float8, max_w float8) on commit drop`)
    await copyInto(tx, 'given_load (line, node_id, at, mean_w, max_w)', copyLines(file, stamp, query.zone))
    if (file.count === 0 && file.flaws.count === 0)
      file.flaws.add({ line: 1, field: '', message: 'the file has no rows' })
    await findFlaws(tx, file.flaws)
    if (query.implausible === 'refuse') file.flaws.add(...(await implausibleLoads(tx, 'given_load', 'mean_w', 'meanW')))
    if (file.flaws.count > 0) throw refusedFile(file.flaws)
    const dryRun = query.dryRun === 'true'
    const { rows, nodes } = await countGiven(tx)
    const receipt = { rows, nodes, dryRun }
    if (dryRun) return receipt
    await write(context, tx, at)
    audit({
      action: 'network.history-uploaded',
      subject: { type: 'network', id: 'load-history' },
      detail: { rows, nodes, stamp, implausible: query.implausible },
    })
    return receipt
  })
}

async function* copyLines(file: CsvFile, stamp: Stamp, zone: StatedZone | undefined): AsyncGenerator<string> {
  for await (const row of file.rows()) {
    const { read, wrong } = readRow(row, stamp, zone)
    file.flaws.add(...wrong)
    if (!read) continue
    const { line, nodeId, atMs, meanW, maxW } = read
    yield `${line}\t${copyField(nodeId)}\t${new Date(atMs).toISOString()}\t${meanW}\t${maxW}`
  }
}

/** Finds the flaws that only show across all rows: half-hours given twice, and unknown nodes. */
async function findFlaws(tx: Queryable, flaws: CsvFlaws): Promise<void> {
  const { kept } = CsvFlaws
  const twice = await tx.execute<{ line: number; before: number }>(sql`
    select max(line) as line, min(line) as before from given_load group by node_id, at having count(*) > 1
    order by 1 limit ${kept}`)
  for (const { line, before } of twice)
    flaws.add({ line, field: 'at', message: `this half-hour is already on line ${before}` })
  const unknown = await tx.execute<{ line: number; id: string }>(sql`
    select min(line) as line, node_id as id from given_load g
    where not exists (select 1 from network_node n where n.node_id = g.node_id) group by node_id order by 1 limit ${kept}`)
  for (const { line, id } of unknown) flaws.add({ line, field: 'nodeId', message: `there is no node ${id}` })
}

async function countGiven(tx: Queryable): Promise<{ rows: number; nodes: number }> {
  const [counts] = await tx.execute<{ rows: number; nodes: number }>(
    sql`select count(*)::int as rows, count(distinct node_id)::int as nodes from given_load`,
  )
  return counts ?? { rows: 0, nodes: 0 }
}

async function write(context: ServerContext, tx: Queryable, at: Instant): Promise<void> {
  const days = await tx.execute<{ day: string }>(
    sql`select distinct (at at time zone 'UTC')::date::text as day from given_load`,
  )
  // Partitions are created on another connection: this transaction has not read them yet, so it holds no lock on them. It is none of the
  // uploads' own, each of which may be waiting here for another.
  await requirePartitions(
    onPool(context, 'requests').db,
    nodeHalfHours,
    days.map(({ day }) => LocalDate.parse(day)),
  )
  // A later upload corrects an uploaded half-hour and replaces a made-up one, but never what a hub measured.
  await tx.execute(sql`
    insert into node_half_hour (node_id, at, mean_w, max_w, energy_wh, completeness, quality, rolled_at, source)
    select node_id, at, mean_w, max_w, mean_w / 2, 1, 'derived', ${at.toString()}::timestamptz, 'uploaded' from given_load
    on conflict (node_id, at) do update set mean_w = excluded.mean_w, max_w = excluded.max_w,
      energy_wh = excluded.energy_wh, rolled_at = excluded.rolled_at, source = 'uploaded'
    where node_half_hour.source <> 'measured'`)
}
