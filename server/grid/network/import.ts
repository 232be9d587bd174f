import type { ReadableStream } from 'node:stream/web'
import { desc, eq, sql } from 'drizzle-orm'
import { type CsvTable, readCsv } from '../../../platform/csv/index.ts'
import { copyField, copyInto, type Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { ImportFlaw, NetworkImport } from '../../../schemas/network.ts'
import { type Actor, nameOf, recordAudit, requirePerson, type ServerContext } from '../../access/index.ts'
import { type LinedNode, treeFlaws } from './import-rules.ts'
import { type FileNode, layoutOf, layouts } from './layouts.ts'
import { networkImport, node } from './tables.ts'

/** The largest network that is taken in one file: four times that of a DNO's secondary substations. */
const maxRows = 500_000

/** Flaws that are kept and answered; a file with more of them has one cause. */
const maxFlaws = 200

type ImportRow = typeof networkImport.$inferSelect

function viewOf(row: ImportRow): NetworkImport {
  return { ...row, startedAt: row.startedAt.toString() }
}

/**
 * Takes in a network file: all of it, or with a single flaw nothing of it. A dry run checks as much and changes nothing. Nodes are made
 * or brought up to date; nodes that the file does not name stay. How far it is can be asked meanwhile under its identifier.
 */
export async function importNetwork(
  context: ServerContext,
  actor: Actor | null,
  body: ReadableStream,
  options: { importId: string; dryRun: boolean },
): Promise<NetworkImport> {
  const person = requirePerson(actor, 'planner')
  const startedAt = context.clock.now()
  const { importId, dryRun } = options
  const [begun] = await context.db
    .insert(networkImport)
    .values({ importId, dryRun, startedAt, startedBy: nameOf(person), state: 'reading', rows: 0, flaws: [] })
    .onConflictDoNothing()
    .returning()
  if (!begun) return viewOf(await importRow(context, importId))
  try {
    const table = await readCsv(body, { maxRows, onProgress: (rows) => void note(context, importId, { rows }) })
    return await takeTable(context, person, begun, table)
  } catch (error) {
    const message = 'the file ended early or could not be taken: nothing of it was stored; send it again'
    await note(context, importId, { state: 'refused', flaws: [{ line: 0, field: '', message }], flawCount: 1 })
    throw error
  }
}

async function takeTable(
  context: ServerContext,
  person: Actor,
  begun: ImportRow,
  table: CsvTable,
): Promise<NetworkImport> {
  const { importId, dryRun } = begun
  const layout = layoutOf(table.headings)
  const read = layout
    ? readNodes(layout.read, table)
    : { nodes: [], flaws: [...table.flaws, headingFlaw(table.headings)] }
  const outcome = await context.db.transaction(async (tx) => {
    // Whoever changes the tree takes turns, or two files could make a circle between them.
    await tx.execute(sql`lock table network_node in share row exclusive mode`)
    const present = new Map((await tx.select().from(node)).map((n) => [n.nodeId, n]))
    const flaws = [...read.flaws, ...treeFlaws(read.nodes, present)]
    const counts = countChanges(read.nodes, present)
    if (flaws.length > 0 || dryRun) return { flaws, counts }
    await note(context, importId, { state: 'writing', rows: read.nodes.length })
    await writeNodes(tx, read.nodes)
    await recordAudit(tx, context.clock.now(), person, {
      action: 'network.imported',
      subject: { type: 'network', id: importId },
      detail: { layout: layout?.name, ...counts },
    })
    return { flaws, counts }
  })
  const { flaws, counts } = outcome
  const state = flaws.length > 0 ? 'refused' : dryRun ? 'checked' : 'imported'
  return viewOf(
    await note(context, importId, {
      ...{ state, layout: layout?.name ?? null, rows: table.rows.length, ...counts },
      ...{ flaws: flaws.slice(0, maxFlaws), flawCount: flaws.length },
    }),
  )
}

function headingFlaw(headings: readonly string[]): ImportFlaw {
  const accepted = layouts.map((layout) => layout.headings.join(', ')).join('; or ')
  return {
    ...{ line: 1, field: '' },
    message: `the headings ${headings.slice(0, 8).join(', ') || '(none)'} fit no known layout: have ${accepted}`,
  }
}

function readNodes(
  read: (
    line: number,
    cells: Record<string, string>,
  ) => { ok: true; node: FileNode } | { ok: false; flaws: ImportFlaw[] },
  table: CsvTable,
): { nodes: LinedNode[]; flaws: ImportFlaw[] } {
  const nodes: LinedNode[] = []
  const flaws: ImportFlaw[] = [...table.flaws]
  for (const { line, cells } of table.rows) {
    const reading = read(line, cells)
    if (reading.ok) nodes.push({ line, node: reading.node })
    else flaws.push(...reading.flaws)
  }
  if (table.rows.length === 0 && flaws.length === 0) flaws.push({ line: 1, field: '', message: 'the file has no rows' })
  return { nodes, flaws: flaws.sort((a, b) => a.line - b.line) }
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
] as const

function countChanges(nodes: readonly LinedNode[], present: ReadonlyMap<string, FileNode>) {
  let [created, changed] = [0, 0]
  for (const { node: given } of nodes) {
    const known = present.get(given.nodeId)
    if (!known) created += 1
    else if (fields.some((field) => known[field] !== given[field])) changed += 1
  }
  return { created, changed }
}

/** By COPY into a table of the transaction's own, and from there in one statement, at whose end the parents are checked. */
async function writeNodes(tx: Queryable, nodes: readonly LinedNode[]): Promise<void> {
  await tx.execute(sql`create temp table given_node (like network_node including defaults) on commit drop`)
  await copyInto(
    tx,
    `given_node (node_id, name, kind, parent_id, licence_area, rating_winter_kva, rating_summer_kva, firm_capacity_kva,
      max_demand_winter_kva, max_demand_summer_kva, easting, northing, reserved)`,
    nodes.map(({ node: n }) =>
      [n.nodeId, ...fields.slice(0, -1).map((field) => n[field] as string | number | null), n.reserved ? 't' : 'f']
        .map(copyField)
        .join('\t'),
    ),
  )
  await tx.execute(sql`
    insert into network_node select * from given_node
    on conflict (node_id) do update set name = excluded.name, kind = excluded.kind, parent_id = excluded.parent_id,
      licence_area = excluded.licence_area, rating_winter_kva = excluded.rating_winter_kva,
      rating_summer_kva = excluded.rating_summer_kva, firm_capacity_kva = excluded.firm_capacity_kva,
      max_demand_winter_kva = excluded.max_demand_winter_kva, max_demand_summer_kva = excluded.max_demand_summer_kva,
      easting = excluded.easting, northing = excluded.northing, reserved = excluded.reserved`)
}

/** Notes how far an import is, outside its transaction, so that others can see it. */
async function note(
  { db }: ServerContext,
  importId: string,
  change: Partial<typeof networkImport.$inferInsert>,
): Promise<ImportRow> {
  const [row] = await db.update(networkImport).set(change).where(eq(networkImport.importId, importId)).returning()
  if (!row) throw new Error(`the import ${importId} is gone`)
  return row
}

async function importRow({ db }: ServerContext, importId: string): Promise<ImportRow> {
  const [row] = await db.select().from(networkImport).where(eq(networkImport.importId, importId))
  if (!row) throw new ProblemError('not-found', `There is no import ${importId}.`)
  return row
}

/** An upload as it stands. */
export async function importOf(context: ServerContext, actor: Actor | null, importId: string): Promise<NetworkImport> {
  requirePerson(actor)
  return viewOf(await importRow(context, importId))
}

/** The latest uploads. */
export async function listImports(context: ServerContext, actor: Actor | null): Promise<NetworkImport[]> {
  requirePerson(actor)
  const rows = await context.db.select().from(networkImport).orderBy(desc(networkImport.startedAt)).limit(50)
  return rows.map(viewOf)
}
