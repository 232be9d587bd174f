import type { ReadableStream } from 'node:stream/web'
import { sql } from 'drizzle-orm'
import { CsvFile, type CsvRow } from '../../../platform/csv/index.ts'
import type { Queryable } from '../../../platform/db/index.ts'
import type { NetworkImport, networkOperations } from '../../../schemas/grid/network.ts'
import type { ImportFlaw } from '../../../schemas/vocabulary/file-import.ts'
import { type Call, flawedFile, mostNamed, nameOf, stageRows, type Verb } from '../../kit/index.ts'
import { begin, type ImportRow, importOf, note, viewImport } from './import-progress.ts'
import { type LinedNode, treeFlaws } from './import-rules.ts'
import { type Layout, layoutOf, layouts } from './layouts.ts'
import { node } from './tables.ts'

/** The most rows of one file: four times the number of a DNO's secondary substations. */
const maxRows = 500_000

type ImportCall = Call<typeof networkOperations.importNetwork>

/**
 * Imports a network file: all of it or, with a single flaw, nothing. A dry run makes the same checks and changes nothing. Nodes are created
 * or updated; nodes that are not in the file stay. The progress can be read meanwhile under its identifier.
 */
export const importNetwork: Verb<typeof networkOperations.importNetwork> = async (call) => {
  const { context, db, at, id: importId, actor, query, body } = call
  const dryRun = query.dryRun === 'true'
  const begun = await begin(context, { importId, dryRun, startedAt: at, startedBy: nameOf(actor) })
  if (!begun) return importOf(db, importId)
  const outcome = await takeBody(call, begun, body)
  if (outcome.state === 'refused' && !dryRun)
    throw flawedFile(outcome.flaws, outcome.flawCount, `Nothing was stored; the import is ${importId}.`)
  return outcome
}

async function takeBody(call: ImportCall, begun: ImportRow, body: ReadableStream): Promise<NetworkImport> {
  const { context } = call
  const { importId } = begun
  try {
    const onProgress = async (rows: number) => void (await note(context, importId, { rows }))
    return await takeFile(call, begun, await CsvFile.open(body, { maxRows, onProgress }))
  } catch (error) {
    const message = 'the file ended early or could not be imported: nothing was stored; send it again'
    await note(context, importId, { state: 'refused', flaws: [{ line: 0, field: '', message }], flawCount: 1 })
    throw error
  }
}

async function takeFile(call: ImportCall, { importId, dryRun }: ImportRow, file: CsvFile): Promise<NetworkImport> {
  const layout = layoutOf(file.headings)
  const { flaws } = file
  let counts = { created: 0, changed: 0 }
  if (layout) counts = await takeRows(call, { importId, dryRun }, file, layout)
  else {
    flaws.add(headingFlaw(file.headings))
    await file.close()
  }
  const state = flaws.count > 0 ? 'refused' : dryRun ? 'checked' : 'imported'
  return viewImport(
    await note(call.context, importId, {
      state,
      layout: layout?.name ?? null,
      rows: file.count,
      ...counts,
      flaws: flaws.byLine().slice(0, mostNamed),
      flawCount: flaws.count,
    }),
  )
}

/**
 * Reads a file into a temporary table as it arrives, checks it there, and copies it into the network in one statement, at
 * whose end the parents are checked. Only identifiers, kinds and parents are held in memory.
 */
async function takeRows(
  call: ImportCall,
  { importId, dryRun }: Pick<ImportRow, 'importId' | 'dryRun'>,
  file: CsvFile,
  layout: Layout,
): Promise<{ created: number; changed: number }> {
  const { flaws } = file
  return call.transaction(async (tx) => {
    await tx.execute(sql`create temp table given_node (like network_node including defaults) on commit drop`)
    const given: LinedNode[] = []
    await stageRows(tx, file, `given_node (node_id, ${columns.join(', ')})`, (row) =>
      valuesOf(file, layout, given, row),
    )
    // Changes to the tree take turns; otherwise two files together could create a circle.
    await tx.execute(sql`lock table network_node in share row exclusive mode`)
    const { nodeId, kind, parentId } = node
    const present = new Map((await tx.select({ nodeId, kind, parentId }).from(node)).map((n) => [n.nodeId, n]))
    flaws.add(...treeFlaws(given, present))
    const counts = await countChanges(tx)
    if (flaws.count > 0 || dryRun) return counts
    await note(call.context, importId, { state: 'writing', rows: file.count })
    await storeNodes(tx)
    const detail = { layout: layout.name, ...counts }
    call.audit({ action: 'network.imported', subject: { type: 'network', id: importId }, detail })
    return counts
  })
}

async function storeNodes(tx: Queryable): Promise<void> {
  await tx.execute(sql`
    insert into network_node (node_id, ${sql.raw(columns.join(', '))}) select node_id, ${sql.raw(columns.join(', '))} from given_node
    on conflict (node_id) do update set ${sql.raw(columns.map((c) => `${c} = excluded.${c}`).join(', '))}`)
}

function headingFlaw(headings: readonly string[]): ImportFlaw {
  const accepted = layouts.map((layout) => layout.headings.join(', ')).join('; or ')
  return {
    line: 1,
    field: '',
    message: `the headings ${headings.slice(0, 8).join(', ') || '(none)'} fit no known layout: use ${accepted}`,
  }
}

/** A node of a file as its columns; collects identifier, kind and parent of each in `tree`. */
function valuesOf(file: CsvFile, layout: Layout, tree: LinedNode[], row: CsvRow) {
  const reading = layout.read(row)
  if (!reading.ok) {
    file.flaws.add(...reading.flaws)
    return null
  }
  const { nodeId, kind, parentId } = reading.node
  tree.push({ line: row.line, node: { nodeId, kind, parentId } })
  return [nodeId, ...fields.map((field) => reading.node[field] ?? null)]
}

const fields = [
  'name',
  'kind',
  'parentId',
  'licenceArea',
  'ratingWinterKva',
  'ratingSummerKva',
  'firmCapacityKva',
  'maxDemandWinterKva',
  'maxDemandSummerKva',
  'easting',
  'northing',
  'reserved',
  'reservedFor',
  'reservedKva',
] as const

/** The columns that store `fields`. */
const columns = fields.map((field) => node[field].name)

async function countChanges(tx: Queryable): Promise<{ created: number; changed: number }> {
  const row = (table: string) => sql.raw(`(${columns.map((c) => `${table}.${c}`).join(', ')})`)
  const [counts] = await tx.execute<{ created: number; changed: number }>(sql`
    select (count(*) filter (where n.node_id is null))::int as created,
      (count(*) filter (where n.node_id is not null and ${row('n')} is distinct from ${row('g')}))::int as changed
    from given_node g left join network_node n on n.node_id = g.node_id`)
  return counts ?? { created: 0, changed: 0 }
}
