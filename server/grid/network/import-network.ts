import type { ReadableStream } from 'node:stream/web'
import { sql } from 'drizzle-orm'
import { CsvFile, type CsvRow } from '../../../platform/csv/index.ts'
import type { Queryable } from '../../../platform/db/index.ts'
import type { SavedLayout } from '../../../schemas/grid/layouts.ts'
import type { NetworkImport, networkOperations } from '../../../schemas/grid/network.ts'
import type { ImportFlaw } from '../../../schemas/vocabulary/file-import.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import {
  type Call,
  type Comparison,
  flawedFile,
  mostNamed,
  nameOf,
  type RowValues,
  stageMany,
  type Verb,
} from '../../kit/index.ts'
import { areaCodes, requireArea } from '../areas/index.ts'
import { begin, type ImportRow, importOf, note, viewImport } from './import-progress.ts'
import { treeFlaws } from './import-rules.ts'
import { nodeFields } from './known-layouts.ts'
import { NodeRow, type Stated } from './layout-row.ts'
import { allLayouts, columnsOf, fieldsStated, layoutOf } from './layouts.ts'
import { compareNodes, createMergedNodes, mergedTree, storeNodes } from './merged-nodes.ts'
import { node } from './tables.ts'

/** The most rows of one file: four times the number of a DNO's secondary substations. */
const maxRows = 500_000

type ImportCall = Call<typeof networkOperations.importNetwork>

const nothingFound: Comparison = { created: 0, changed: 0, changes: [], changeCount: 0 }

/**
 * Imports a network file: all of it or, with a single flaw, nothing. A dry run makes the same checks, names every field that would change
 * and changes nothing. Nodes are created or updated; nodes and values that are not in the file stay. The progress can be read meanwhile
 * under its identifier.
 */
export const importNetwork: Verb<typeof networkOperations.importNetwork> = async (call) => {
  const { context, db, at, id: importId, actor, query, body } = call
  const dryRun = query.dryRun === 'true'
  if (query.licenceArea) await requireArea(db, query.licenceArea)
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
  const layouts = await allLayouts(call.db)
  const { flaws, headings } = file
  const stated = call.query.layout
  const layout = stated ? layouts.find(({ name }) => name === stated) : layoutOf(headings, layouts)
  if (layout) file.nameColumns(columnsOf(layout))
  else flaws.add(headingFlaw(headings, layouts, stated))
  let found = nothingFound
  if (layout && flaws.count === 0) found = await takeRows(call, { importId, dryRun }, file, layout)
  else await file.close()
  const state = flaws.count > 0 ? 'refused' : dryRun ? 'checked' : 'imported'
  return viewImport(
    await note(call.context, importId, {
      state,
      layout: layout?.name ?? null,
      rows: file.count,
      ...found,
      flaws: flaws.byLine().slice(0, mostNamed),
      flawCount: flaws.count,
    }),
  )
}

/**
 * Reads a file into a temporary table as it arrives, checks it there, and copies it into the network in one statement, at
 * whose end the parents are checked.
 */
async function takeRows(
  call: ImportCall,
  { importId, dryRun }: Pick<ImportRow, 'importId' | 'dryRun'>,
  file: CsvFile,
  layout: SavedLayout,
): Promise<Comparison> {
  const { flaws } = file
  return call.transaction(async (tx) => {
    await stageNodes(tx, call, file, layout)
    // Changes to the tree take turns; otherwise two files together could create a circle.
    await tx.execute(sql`lock table network_node in share row exclusive mode`)
    const fields = fieldsStated(layout, (column) => file.has(column))
    await createMergedNodes(tx, fields, layout.emptyCells)
    const { nodeId, kind, parentId } = node
    const present = new Map((await tx.select({ nodeId, kind, parentId }).from(node)).map((n) => [n.nodeId, n]))
    flaws.add(...treeFlaws(await mergedTree(tx), present))
    const found = await compareNodes(tx, fields)
    if (flaws.count > 0 || dryRun) return found
    await note(call.context, importId, { state: 'writing', rows: file.count })
    await storeNodes(tx)
    const { created, changed, changes } = found
    const detail = { layout: layout.name, created, changed, changes, implausible: call.query.implausible }
    call.audit({ action: 'network.imported', subject: { type: 'network', id: importId }, detail })
    return found
  })
}

async function stageNodes(tx: Queryable, call: ImportCall, file: CsvFile, layout: SavedLayout): Promise<void> {
  await tx.execute(sql`
    create temp table given_node (line int not null, node_id text not null, name text not null, kind text not null, parent_id text,
      licence_area text not null, rating_winter_kva float8, rating_summer_kva float8, firm_capacity_kva float8,
      max_demand_winter_kva float8, max_demand_summer_kva float8, max_demand_winter_on date, max_demand_summer_on date,
      max_demand_winter_method text, max_demand_summer_method text, max_demand_winter_confidence text,
      max_demand_summer_confidence text, reverse_capacity_kva float8, easting float8, northing float8, reserved boolean,
      reserved_for text, reserved_kva float8) on commit drop`)
  const { licenceArea, implausible } = call.query
  const knownAreas = await areaCodes(tx)
  const stated: Stated = {
    licenceArea,
    knownAreas,
    today: tradingDayOf(call.at).toString(),
    acceptsImplausible: implausible === 'accept',
  }
  const columns = nodeFields.map((field) => node[field].name)
  const reader = rowReader(file, layout, stated)
  await stageMany(tx, file, `given_node (line, node_id, ${columns.join(', ')})`, reader)
  await tx.execute(sql`analyze given_node`)
}

/**
 * Reads the nodes of a row. Rows of a list that names levels above its own repeat those: the same again is one node, something else under
 * the same identifier is found with the tree.
 */
function rowReader(file: CsvFile, layout: SavedLayout, stated: Stated) {
  const seen = new Map<string, string>()
  const repeats = layout.nodes.length > 1
  return (row: CsvRow): RowValues[] => {
    const readings = layout.nodes.map((each) => new NodeRow(row, each, stated).read())
    const flawed = readings.flatMap((reading) => (reading.ok ? [] : reading.flaws))
    file.flaws.add(...flawed)
    if (flawed.length > 0) return []
    return readings.flatMap((reading) => {
      if (!reading.ok) return []
      const { nodeId, ...rest } = reading.node
      const values = nodeFields.map((field) => rest[field])
      if (repeats) {
        const text = JSON.stringify(values)
        if (seen.get(nodeId) === text) return []
        seen.set(nodeId, text)
      }
      return [[row.line, nodeId, ...values]]
    })
  }
}

function headingFlaw(
  headings: readonly string[],
  layouts: readonly SavedLayout[],
  stated: string | undefined,
): ImportFlaw {
  if (stated) {
    const names = layouts.map(({ name }) => name).join(', ')
    return { line: 1, field: '', message: `there is no layout ${stated}: use one of ${names}` }
  }
  const accepted = layouts.map(({ name, recognisedBy }) => `${name}: ${recognisedBy.join(', ')}`).join('; or ')
  const given = headings.slice(0, 8).join(', ') || '(none)'
  return {
    line: 1,
    field: '',
    message: `the headings ${given} fit no known layout: add one (PUT /network/layouts), or use ${accepted}`,
  }
}
