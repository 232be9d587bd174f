import type { ReadableStream } from 'node:stream/web'
import { sql } from 'drizzle-orm'
import { CsvFile, type CsvFlaws, type CsvRow } from '../../../platform/csv/index.ts'
import { copyField, copyInto, type Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import { type loadOperations, nodeLoadW } from '../../../schemas/planning/load.ts'
import { quarterMs } from '../../../schemas/vocabulary/time.ts'
import { instant } from '../../../schemas/vocabulary/units.ts'
import { allNodes } from '../../grid/index.ts'
import { nameOf, type Verb } from '../../kit/index.ts'

const headings = ['node_id', 'period_start', 'load_w'] as const

/** A month of quarter-hours for a thousand nodes. */
const maxRows = 3_000_000

/**
 * FA07: stores a file of forecasts by quarter-hour (`period_start` is the start, an instant), as a whole or not at all. A newer forecast
 * replaces an older one. The file is read as it arrives.
 */
export const uploadLoads: Verb<typeof loadOperations.uploadLoads> = async (call) => {
  const file = await openFile(call.body)
  const known = new Set((await allNodes(call.db)).map((node) => node.nodeId))
  return call.transaction(async (tx) => {
    await tx.execute(sql`
      create temp table given_load (line int, node_id text, period_start timestamptz, load_w float8) on commit drop`)
    await copyInto(tx, 'given_load (line, node_id, period_start, load_w)', copyLines(file, known))
    await findTwice(tx, file.flaws)
    if (file.flaws.count > 0) throw refusal(file.flaws)
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
      detail: { quarterHours: file.count },
    })
    return { stored: file.count }
  })
}

async function openFile(body: ReadableStream): Promise<CsvFile> {
  const file = await CsvFile.open(body, { maxRows })
  const missing = headings.filter((heading) => !file.headings.includes(heading))
  if (missing.length === 0) return file
  await file.close()
  file.flaws.add({ line: 1, field: missing.join(', '), message: 'is missing from the headings' })
  throw refusal(file.flaws)
}

async function* copyLines(file: CsvFile, known: ReadonlySet<string>): AsyncGenerator<string> {
  for await (const row of file.rows()) {
    const line = copyLine(row, known, file.flaws)
    if (line !== null) yield line
  }
}

/** A row as a line for COPY; `null` if it has a fault. */
function copyLine({ line, cells }: CsvRow, known: ReadonlySet<string>, flaws: CsvFlaws): string | null {
  const [nodeId = '', at = '', text = ''] = headings.map((heading) => cells[heading])
  const before = flaws.count
  const flaw = (field: string, message: string) => flaws.add({ line, field, message })
  const loadW = nodeLoadW.safeParse(text === '' ? null : Number(text))
  if (!known.has(nodeId)) flaw('node_id', `${nodeId} is not a network node`)
  if (!loadW.success) flaw('load_w', loadW.error.issues[0]?.message ?? 'is not a power in W')
  if (!instant.safeParse(at).success || Date.parse(at) % quarterMs !== 0)
    flaw('period_start', 'is not the start of a quarter-hour')
  return flaws.count > before ? null : `${line}\t${copyField(nodeId)}\t${at}\t${loadW.data}`
}

async function findTwice(tx: Queryable, flaws: CsvFlaws): Promise<void> {
  const twice = await tx.execute<{ line: number }>(sql`
    select max(line) as line from given_load group by node_id, period_start having count(*) > 1 order by 1 limit 1000`)
  for (const { line } of twice) flaws.add({ line, field: 'period_start', message: 'is a duplicate for this node' })
}

function refusal(flaws: CsvFlaws): ProblemError {
  const errors = flaws
    .byLine()
    .map((f) => ({ field: `line ${f.line}${f.field ? `, ${f.field}` : ''}`, message: f.message }))
  const [first] = errors
  return new ProblemError('contract-broken', `${first?.field} ${first?.message}. Nothing in the file was stored.`, {
    errors,
  })
}
