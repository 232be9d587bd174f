import { parse } from 'libpg-query'
import { isNode, type Node, nodesOf } from '../scale-out/parts.ts'

/** What a migration may do without harm to the release before: things that it does not know of. */
export interface Added {
  tables: ReadonlySet<string>
  /** `table.column`. */
  columns: ReadonlySet<string>
}

/** In a comment of the statement, with the reason: why the release before can go on beside it. */
const explanation = /--[ \t]*safe beside the release before:[ \t]*\S.{9,}/i

/** Kinds of what can be dropped that a running program names in its statements, or relies on. */
const dropped: Record<string, string> = {
  OBJECT_TABLE: 'drops a table',
  OBJECT_VIEW: 'drops a view',
  OBJECT_MATVIEW: 'drops a view',
  OBJECT_INDEX: 'drops an index, which an ON CONFLICT may name',
  OBJECT_FUNCTION: 'drops a function',
  OBJECT_TYPE: 'drops a type',
  OBJECT_SEQUENCE: 'drops a sequence',
  OBJECT_SCHEMA: 'drops a schema',
}

/** Tables and columns that migrations add. */
export async function addedBy(statements: readonly string[]): Promise<Added> {
  const [tables, columns] = [new Set<string>(), new Set<string>()]
  for (const statement of statements) {
    const tree = await parse(statement)
    for (const { relation } of nodesOf(tree, 'CreateStmt')) tables.add(tableOf(relation))
    for (const { relation, cmds } of nodesOf(tree, 'AlterTableStmt'))
      for (const column of nodesOf(cmds, 'ColumnDef'))
        if (column['colname']) columns.add(`${tableOf(relation)}.${column['colname']}`)
  }
  return { tables, columns }
}

/**
 * What in a piece of a migration breaks a program of the release before that is still running, each as a clause; nothing if a comment of the piece
 * says why it is safe. What is added to tables that the release before does not have is no fault.
 */
export async function breakingIn(statement: string, added: Added): Promise<string[]> {
  if (explanation.test(statement)) return []
  const { stmts = [] } = (await parse(statement)) as { stmts?: { stmt: Node }[] }
  return stmts.flatMap(({ stmt }) =>
    Object.entries(stmt).flatMap(([kind, node]) => (isNode(node) ? faultsOf(kind, node, added) : [])),
  )
}

function faultsOf(kind: string, node: Node, added: Added): string[] {
  const isNew = (relation: unknown) => added.tables.has(tableOf(relation))
  switch (kind) {
    case 'AlterTableStmt':
      return isNew(node['relation']) ? [] : alterations(node, added)
    case 'RenameStmt':
      return renames(node, isNew(node['relation']))
    case 'AlterObjectSchemaStmt':
      return isNew(node['relation']) ? [] : [`moves ${tableOf(node['relation'])} to another schema`]
    case 'DropStmt':
      return drops(node, added)
    case 'TruncateStmt':
      return nodesOf(node, 'RangeVar')
        .filter((table) => !isNew(table))
        .map((table) => `empties ${tableOf(table)}`)
    case 'IndexStmt':
      return node['unique'] && !isNew(node['relation']) && !areNew(node, 'IndexElem', 'name', added)
        ? [`makes values of ${tableOf(node['relation'])} unique, which the release before may repeat`]
        : []
    case 'CreateTrigStmt':
      return isNew(node['relation']) ? [] : [`puts a trigger on ${tableOf(node['relation'])}`]
    case 'GrantStmt':
      return node['is_grant'] ? [] : nodesOf(node, 'RangeVar').map((table) => `revokes rights on ${tableOf(table)}`)
    case 'DoStmt':
      return /\b(drop|rename|alter|truncate|revoke)\b/i.test(JSON.stringify(node))
        ? ['changes the schema in a DO block, which is not read']
        : []
    default:
      return []
  }
}

function drops(node: Node, added: Added): string[] {
  const what = dropped[String(node['removeType'])]
  if (!what) return []
  const names = (node['objects'] as unknown[]).map((object) =>
    nodesOf(object, 'String')
      .map(({ sval }) => sval)
      .join('.'),
  )
  return names.filter((name) => !added.tables.has(name)).map((name) => `${what}: ${name}`)
}

function renames(node: Node, isNew: boolean): string[] {
  // Nobody names a constraint, a policy or a trigger but a migration.
  const isNamed = ['OBJECT_COLUMN', 'OBJECT_TABLE', 'OBJECT_VIEW', 'OBJECT_TYPE', 'OBJECT_ATTRIBUTE'].includes(
    String(node['renameType']),
  )
  return isNew || !isNamed
    ? []
    : [`renames ${[tableOf(node['relation']), node['subname']].filter(Boolean).join('.')} to ${node['newname']}`]
}

function alterations({ relation, cmds }: Node, added: Added): string[] {
  const table = tableOf(relation)
  return nodesOf(cmds, 'AlterTableCmd').flatMap((cmd) => {
    const name = `${table}.${cmd['name']}`
    const isNew = added.columns.has(name)
    switch (cmd['subtype']) {
      case 'AT_DropColumn':
        return isNew ? [] : [`drops the column ${name}`]
      case 'AT_AlterColumnType':
        return isNew ? [] : [`changes the type of ${name}`]
      case 'AT_SetNotNull':
        return isNew ? [] : [`makes ${name} not null, which the release before may leave out`]
      case 'AT_ColumnDefault':
        return isNew || cmd['def'] ? [] : [`takes the default of ${name}`]
      case 'AT_AddColumn':
        return mustBeGiven(cmd) ? [`adds ${table}.${columnOf(cmd)}, not null and without a default`] : []
      case 'AT_AddConstraint':
        return constraintFault(table, cmd, added)
      case 'AT_DropConstraint':
        return /(_pk|_pkey|_unique|_key)$/.test(String(cmd['name']))
          ? [`drops the key ${cmd['name']} of ${table}, which an ON CONFLICT may name`]
          : []
      case 'AT_EnableRowSecurity':
        return [`turns on row security of ${table}`]
      default:
        return []
    }
  })
}

/** Whether a new column has no value in rows of a program that does not know it. */
function mustBeGiven(cmd: Node): boolean {
  const kinds = nodesOf(cmd['def'], 'Constraint').map(({ contype }) => String(contype))
  const isGiven = ['CONSTR_DEFAULT', 'CONSTR_GENERATED', 'CONSTR_IDENTITY'].some((kind) => kinds.includes(kind))
  const isSerial = nodesOf(cmd['def'], 'String').some(({ sval }) => /^(small|big)?serial$/.test(String(sval)))
  return !isGiven && !isSerial && (kinds.includes('CONSTR_NOTNULL') || kinds.includes('CONSTR_PRIMARY'))
}

/** A constraint on columns that the release before does not write refuses nothing of it. */
function constraintFault(table: string, cmd: Node, added: Added): string[] {
  const [constraint] = nodesOf(cmd['def'], 'Constraint')
  if (!constraint) return []
  const keys = [...stringsOf(constraint['fk_attrs']), ...stringsOf(constraint['keys'])]
  const checked = nodesOf(constraint['raw_expr'], 'ColumnRef').map(({ fields }) => stringsOf(fields).at(-1) ?? '')
  const columns = [...keys, ...checked]
  const isOfNew = columns.length > 0 && columns.every((column) => added.columns.has(`${table}.${column}`))
  return isOfNew
    ? []
    : [`adds the constraint ${constraint['conname']} to ${table}, which the release before may not keep`]
}

function areNew(node: Node, kind: string, key: string, added: Added): boolean {
  const columns = nodesOf(node['indexParams'], kind).map((element) => element[key])
  return columns.every((column) => column && added.columns.has(`${tableOf(node['relation'])}.${column}`))
}

const stringsOf = (node: unknown): string[] => nodesOf(node, 'String').map(({ sval }) => String(sval))

const columnOf = (cmd: Node): string => String(nodesOf(cmd['def'], 'ColumnDef')[0]?.['colname'])

const tableOf = (relation: unknown): string => (isNode(relation) ? String(relation['relname'] ?? '') : '')
