import { parse } from 'libpg-query'
import type { Place } from '../../server/app/scale-out/placement.ts'
import { isNode, type Node, nodesOf, partsOf } from './parts.ts'

/** What a statement is judged by. */
export interface Rules {
  placeOf(table: string): Place | null
  /** The definitions of views, by name: a view stands for its tables. */
  readonly views: ReadonlyMap<string, string>
  /** Whether a function may give something else for the same arguments: `nextval`, `now`. */
  isVolatile(name: string): boolean
}

/** Why Citus refuses a statement, as far as its text tells; empty if nothing is known against it. */
export async function refusals(statement: string, rules: Rules): Promise<string[]> {
  const found: string[] = []
  for (const stmt of await statementsOf(statement)) {
    const whole = await withoutViews(stmt, rules.views)
    const parts = partsOf(whole)
    found.push(
      ...parts.flatMap((part) => [...mixtures(part, rules), ...joins(part, rules), ...locks(part, rules)]),
      ...changes(whole, rules),
      ...computed(whole, rules),
      ...alterations(whole, rules),
    )
  }
  return [...new Set(found)]
}

/** The tables that a statement names, those behind views included. */
export async function tablesIn(statement: string, { views }: Pick<Rules, 'views'>): Promise<string[]> {
  const stmts = await Promise.all((await statementsOf(statement)).map((stmt) => withoutViews(stmt, views)))
  return [...new Set(nodesOf(stmts, 'RangeVar').map(({ relname }) => String(relname)))]
}

async function statementsOf(text: string): Promise<Node[]> {
  const { stmts } = (await parse(text)) as { stmts?: { stmt: Node }[] }
  return (stmts ?? []).map(({ stmt }) => stmt)
}

async function withoutViews(node: unknown, views: Rules['views']): Promise<unknown> {
  if (Array.isArray(node)) return Promise.all(node.map((each) => withoutViews(each, views)))
  if (!isNode(node)) return node
  const table = node['RangeVar']
  const body = isNode(table) ? views.get(String(table['relname'])) : undefined
  if (isNode(table) && body) {
    const [subquery] = await statementsOf(body)
    const alias = table['alias'] ?? { aliasname: table['relname'] }
    return withoutViews({ RangeSubselect: { subquery, alias } }, views)
  }
  const entries = Object.entries(node).map(async ([name, value]) => [name, await withoutViews(value, views)] as const)
  return Object.fromEntries(await Promise.all(entries))
}

type Part = ReturnType<typeof partsOf>[number]

/** Kind 4: tables of the coordinator together with distributed ones, outside of a materialised CTE. */
function mixtures({ tables }: Part, { placeOf }: Rules): string[] {
  const [spread, home] = ['distributed', 'local'].map((kind) => [
    ...new Set(tables.filter(({ table }) => placeOf(table)?.kind === kind).map(({ table }) => table)),
  ])
  if (!spread?.length || !home?.length) return []
  return [`joins ${spread.join(', ')}, which is distributed, with ${home.join(', ')} of the coordinator`]
}

/** Distributed tables that are not joined on what they are distributed by. */
function joins({ tables, equal }: Part, { placeOf }: Rules): string[] {
  const keys = tables.flatMap(({ table, alias }) => {
    const place = placeOf(table)
    return place?.kind === 'distributed' ? [{ table, key: `${alias}.${place.by}`, by: place.by }] : []
  })
  const [first, ...others] = keys
  if (!first) return []
  return others
    .filter(({ key }) => !equal(first.key, key))
    .map(({ table, by }) => `joins ${first.table} (${first.by}) with ${table} (${by}) otherwise than by their keys`)
}

/** Kind 2: row locks over many shards. */
function locks({ node, tables, fixed }: Part, { placeOf }: Rules): string[] {
  if (nodesOf(node, 'LockingClause').length === 0) return []
  return tables.flatMap(({ table, alias }) => {
    const place = placeOf(table)
    if (place?.kind !== 'distributed' || fixed(`${alias}.${place.by}`)) return []
    return [`locks rows of ${table} without naming one ${place.by}`]
  })
}

/** The table that an INSERT, UPDATE, DELETE or ALTER TABLE changes. */
const targetOf = ({ relation }: Node): string => (isNode(relation) ? String(relation['relname']) : '')

/** UPDATE and DELETE of a table of the coordinator by what is in distributed ones, whatever stands between. */
function changes(stmt: unknown, { placeOf }: Rules): string[] {
  const tables = nodesOf(stmt, 'RangeVar').map(({ relname }) => String(relname))
  const spread = [...new Set(tables.filter((table) => placeOf(table)?.kind === 'distributed'))]
  if (spread.length === 0) return []
  return [...nodesOf(stmt, 'UpdateStmt'), ...nodesOf(stmt, 'DeleteStmt')].flatMap((change) => {
    const table = targetOf(change)
    if (placeOf(table)?.kind !== 'local') return []
    return [`changes ${table} of the coordinator by ${spread.join(', ')}`]
  })
}

/** Kind 3: what is not immutable, where it is computed on the nodes; and sub-selects there. */
function computed(stmt: unknown, { placeOf, isVolatile }: Rules): string[] {
  const isSpread = (change: Node) => (placeOf(targetOf(change))?.kind ?? 'local') !== 'local'
  const faults = (change: Node, node: unknown, doing: string) => [
    ...nodesOf(node, 'FuncCall')
      .map(({ funcname }) => String(nodesOf(funcname, 'String').at(-1)?.['sval']))
      .filter(isVolatile)
      .map((name) => `${doing} ${targetOf(change)} by ${name}()`),
    ...(nodesOf(node, 'SubLink').length > 0 ? [`${doing} ${targetOf(change)} by a sub-select`] : []),
  ]
  const valuesOf = ({ selectStmt }: Node) =>
    nodesOf({ selectStmt }, 'SelectStmt').flatMap((select) => select['valuesLists'] ?? [])
  return [
    ...nodesOf(stmt, 'InsertStmt')
      .filter(isSpread)
      .flatMap((insert) => [
        ...faults(insert, insert['onConflictClause'], 'updates'),
        ...(nodesOf(valuesOf(insert), 'SubLink').length > 0 ? [`fills ${targetOf(insert)} by a sub-select`] : []),
      ]),
    ...nodesOf(stmt, 'UpdateStmt')
      .filter(isSpread)
      .flatMap((update) => faults(update, update['targetList'], 'updates')),
  ]
}

/** Kind 6: several changes of a distributed table in one, and a column that is filled by a sequence. */
function alterations(stmt: unknown, { placeOf, isVolatile }: Rules): string[] {
  return nodesOf(stmt, 'AlterTableStmt').flatMap((change) => {
    const table = targetOf(change)
    const commands = nodesOf(change['cmds'], 'AlterTableCmd')
    if ((placeOf(table)?.kind ?? 'local') === 'local') return []
    const calls = nodesOf(commands, 'FuncCall').map(({ funcname }) =>
      String(nodesOf(funcname, 'String').at(-1)?.['sval']),
    )
    return [
      ...(commands.length > 1 ? [`alters ${table} in ${commands.length} ways at once`] : []),
      ...calls.filter(isVolatile).map((name) => `adds to ${table} what ${name}() gives`),
    ]
  })
}
