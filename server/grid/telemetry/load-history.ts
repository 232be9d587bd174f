import type { ReadableStream } from 'node:stream/web'
import { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { type CsvRow, type CsvTable, readCsv } from '../../../platform/csv/index.ts'
import { copyInto, type Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { ImportFlaw } from '../../../schemas/network.ts'
import { type Actor, recordAudit, requirePerson, type ServerContext } from '../../access/index.ts'
import { nodeHalfHours, requirePartitions, utcDay } from './partitions.ts'
import { halfHourMs } from './rules.ts'

/** Columns of a load history: half-hourly mean load of nodes, W; the highest of the half-hour where it is known. */
const historyColumns = ['nodeId', 'at', 'meanW'] as const

/** Two years of half-hours of a hundred nodes. */
const maxRows = 3_600_000

/** A half-hour of a node. `atMs` is its start, whatever the file's stamps name. */
interface HistoryRow {
  line: number
  nodeId: string
  atMs: number
  meanW: number
  maxW: number
}

/** Whether stamps name the start or the end of their half-hours: declared, never guessed (FM03). */
type Stamp = 'period-start' | 'period-end'

/** Reads the rows of a load history, or says what is wrong with them. */
function readHistory(table: CsvTable, stamp: Stamp): { rows: HistoryRow[]; flaws: ImportFlaw[] } {
  const missing = historyColumns.filter((column) => !table.headings.includes(column))
  const flaws: ImportFlaw[] = [...table.flaws]
  if (missing.length > 0)
    return {
      rows: [],
      flaws: [...flaws, { line: 1, field: '', message: `the heading ${missing.join(', ')} is missing` }],
    }
  const seen = new Map<string, number>()
  const rows = table.rows.flatMap((row) => {
    const { read, wrong } = readRow(row, stamp)
    flaws.push(...wrong)
    if (!read) return []
    const key = `${read.nodeId} ${read.atMs}`
    const before = seen.get(key)
    if (before) flaws.push({ line: row.line, field: 'at', message: `this half-hour stands already on line ${before}` })
    seen.set(key, row.line)
    return [read]
  })
  if (table.rows.length === 0 && flaws.length === 0) flaws.push({ line: 1, field: '', message: 'the file has no rows' })
  return { rows, flaws }
}

function readRow({ line, cells }: CsvRow, stamp: Stamp): { read: HistoryRow | null; wrong: ImportFlaw[] } {
  const wrong: ImportFlaw[] = []
  const flaw = (field: string, message: string) => wrong.push({ line, field, message })
  const { nodeId = '', at = '', meanW: mean = '', maxW: max = '' } = cells
  if (nodeId === '') flaw('nodeId', 'is missing')
  const stampedMs = /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(at) ? Date.parse(at) : Number.NaN
  if (Number.isNaN(stampedMs))
    flaw('at', `"${at.slice(0, 40)}" is not an instant with its offset, such as 2026-01-15T17:00:00Z`)
  else if (stampedMs % halfHourMs !== 0) flaw('at', `${at} is neither the start nor the end of a half-hour`)
  const watts = (field: string, text: string) => {
    const value = Number(text)
    if (text === '' || !(Math.abs(value) <= 3e9))
      flaw(field, `"${text.slice(0, 40)}" is not a load of up to 3 GW, in W`)
    return value
  }
  const meanW = watts('meanW', mean)
  const maxW = max === '' ? meanW : watts('maxW', max)
  if (maxW < meanW) flaw('maxW', 'is below meanW')
  const atMs = stamp === 'period-end' ? stampedMs - halfHourMs : stampedMs
  return { read: wrong.length === 0 ? { line, nodeId, atMs, meanW, maxW } : null, wrong }
}

/** Takes in the load history of nodes: all of it, or with a single flaw nothing. What a hub has measured itself stays as it is. */
export async function takeHistory(
  context: ServerContext,
  actor: Actor | null,
  body: ReadableStream,
  options: { stamp: Stamp; dryRun: boolean },
): Promise<{ rows: number; nodes: number; dryRun: boolean }> {
  const person = requirePerson(actor, 'planner')
  const at = context.clock.now()
  const { rows, flaws } = readHistory(await readCsv(body, { maxRows }), options.stamp)
  const nodes = new Set(rows.map((row) => row.nodeId))
  flaws.push(...(await unknownNodes(context.db, rows)))
  if (flaws.length > 0) throw refusal(flaws)
  if (!options.dryRun) {
    const days = new Set(rows.map((row) => Math.floor(row.atMs / 86_400_000)))
    await requirePartitions(
      context.db,
      nodeHalfHours,
      [...days].map((day) => utcDay(Instant.ofEpochMilli(day * 86_400_000))),
    )
    await context.db.transaction(async (tx) => {
      await write(tx, at, rows)
      await recordAudit(tx, at, person, {
        action: 'network.history-uploaded',
        subject: { type: 'network', id: 'load-history' },
        detail: { rows: rows.length, nodes: nodes.size, stamp: options.stamp },
      })
    })
  }
  return { rows: rows.length, nodes: nodes.size, dryRun: options.dryRun }
}

async function unknownNodes(db: Queryable, rows: readonly HistoryRow[]): Promise<ImportFlaw[]> {
  const firstLine = new Map<string, number>()
  for (const { nodeId, line } of rows) if (!firstLine.has(nodeId)) firstLine.set(nodeId, line)
  const ids = JSON.stringify([...firstLine.keys()])
  const unknown = await db.execute<{ id: string }>(sql`
    select value as id from json_array_elements_text(${ids}::text::json)
    where not exists (select 1 from network_node n where n.node_id = value)`)
  return unknown.map(({ id }) => ({ line: firstLine.get(id) ?? 0, field: 'nodeId', message: `there is no node ${id}` }))
}

async function write(tx: Queryable, at: Instant, rows: readonly HistoryRow[]): Promise<void> {
  await tx.execute(
    sql`create temp table given_load (node_id text, at timestamptz, mean_w float8, max_w float8) on commit drop`,
  )
  await copyInto(
    tx,
    'given_load (node_id, at, mean_w, max_w)',
    rows.map(
      (r) => `${r.nodeId.replace(/[\\\t\n\r]/g, ' ')}\t${new Date(r.atMs).toISOString()}\t${r.meanW}\t${r.maxW}`,
    ),
  )
  // Completeness 1 with quality `derived` marks what was uploaded; a later upload corrects it, a hub's own figures stay.
  await tx.execute(sql`
    insert into node_half_hour (node_id, at, mean_w, max_w, energy_wh, completeness, quality, rolled_at)
    select node_id, at, mean_w, max_w, mean_w / 2, 1, 'derived', ${at.toString()}::timestamptz from given_load
    on conflict (node_id, at) do update set mean_w = excluded.mean_w, max_w = excluded.max_w,
      energy_wh = excluded.energy_wh, rolled_at = excluded.rolled_at
    where node_half_hour.quality = 'derived'`)
}

function refusal(flaws: readonly ImportFlaw[]): ProblemError {
  const errors = flaws
    .slice(0, 200)
    .map(({ line, field, message }) => ({ field: `line ${line}${field && `, ${field}`}`, message }))
  const [first] = errors
  return new ProblemError(
    'contract-broken',
    `${flaws.length} flaws, the first on ${first?.field}: ${first?.message}. Nothing was stored.`,
    { errors },
  )
}
