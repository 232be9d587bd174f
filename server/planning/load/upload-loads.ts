import { sql } from 'drizzle-orm'
import { type CsvFile, type CsvFlaws, type CsvRow, RowReader, type StatedZone } from '../../../platform/csv/index.ts'
import { copyField, copyInto, type Queryable } from '../../../platform/db/index.ts'
import type { loadOperations } from '../../../schemas/planning/load.ts'
import { quarterMs } from '../../../schemas/vocabulary/time.ts'
import { allNodes, implausibleLoads } from '../../grid/index.ts'
import { nameOf, openFile, refusedFile, type Verb } from '../../kit/index.ts'

const headings = ['node_id', 'period_start', 'load_w'] as const

/** As `nodeLoadW` has it: a grid supply point carries several hundred MW. */
const mostLoadW = 1e10

/** A month of quarter-hours for a thousand nodes. */
const maxRows = 3_000_000

/**
 * FA07: stores a file of forecasts by quarter-hour (`period_start` is the start, an instant), as a whole or not at all. A newer forecast
 * replaces an older one. The file is read as it arrives.
 */
export const uploadLoads: Verb<typeof loadOperations.uploadLoads> = async (call) => {
  const file = await openFile(call.body, { maxRows, columns: headings, required: headings })
  const known = new Set((await allNodes(call.db)).map((node) => node.nodeId))
  return call.transaction(async (tx) => {
    await tx.execute(sql`
      create temp table given_load (line int, node_id text, period_start timestamptz, load_w float8) on commit drop`)
    await copyInto(tx, 'given_load (line, node_id, period_start, load_w)', copyLines(file, known, call.query.zone))
    await findTwice(tx, file.flaws)
    if (call.query.implausible === 'refuse')
      file.flaws.add(...(await implausibleLoads(tx, 'given_load', 'load_w', 'load_w')))
    if (file.flaws.count > 0) throw refusedFile(file.flaws)
    if (call.query.dryRun === 'true') return { stored: 0, rows: file.count }
    await tx.execute(sql`
      insert into load_forecast (node_id, period_start, load_w, updated_at, updated_by)
      select node_id, period_start, load_w, ${call.at.toString()}::timestamptz, ${nameOf(call.actor)} from given_load
      on conflict (node_id, period_start) do update set load_w = excluded.load_w,
        updated_at = excluded.updated_at, updated_by = excluded.updated_by`)
    const nodes = await tx.execute<{ id: string }>(
      sql`select distinct node_id as id from given_load order by 1 limit 10`,
    )
    call.audit({
      action: 'load-forecast.saved',
      subject: { type: 'node', id: nodes.map(({ id }) => id).join(',') },
      detail: { quarterHours: file.count, implausible: call.query.implausible },
    })
    return { stored: file.count }
  })
}

async function* copyLines(
  file: CsvFile,
  known: ReadonlySet<string>,
  zone: StatedZone | undefined,
): AsyncGenerator<string> {
  for await (const row of file.rows()) {
    const line = copyLine(row, known, zone, file.flaws)
    if (line !== null) yield line
  }
}

/** A row as a line for COPY; `null` if it has a fault. */
function copyLine(
  given: CsvRow,
  known: ReadonlySet<string>,
  zone: StatedZone | undefined,
  flaws: CsvFlaws,
): string | null {
  const row = new RowReader(given)
  const nodeId = row.text('node_id', 100)
  if (nodeId !== '' && !known.has(nodeId)) row.flaw('node_id', `${nodeId} is not a network node`)
  const atMs = row.instantMs('period_start', zone)
  if (atMs % quarterMs !== 0 && !Number.isNaN(atMs)) row.flaw('period_start', 'is not the start of a quarter-hour')
  const loadW = row.requiredNumber('load_w')
  if (Math.abs(loadW) > mostLoadW) row.flaw('load_w', 'is a load of more than 10 GW')
  flaws.add(...row.flaws)
  return row.flaws.length > 0 ? null : [given.line, copyField(nodeId), new Date(atMs).toISOString(), loadW].join('\t')
}

async function findTwice(tx: Queryable, flaws: CsvFlaws): Promise<void> {
  const twice = await tx.execute<{ line: number }>(sql`
    select max(line) as line from given_load group by node_id, period_start having count(*) > 1 order by 1 limit 1000`)
  for (const { line } of twice) flaws.add({ line, field: 'period_start', message: 'is a duplicate for this node' })
}
