/** A node of PostgreSQL's parse tree. */
export type Node = Record<string, unknown>

/** Whether something is a node and not a list or a value. */
export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every node of a kind within another, its own kind included. */
export function nodesOf(node: unknown, kind: string, into: Node[] = []): Node[] {
  if (Array.isArray(node)) for (const each of node) nodesOf(each, kind, into)
  else if (isNode(node))
    for (const [name, value] of Object.entries(node)) {
      // A locking clause and the table of a change stand without their kind.
      if ((name === kind || (kind === 'RangeVar' && name === 'relation')) && isNode(value)) into.push(value)
      nodesOf(value, kind, into)
    }
  return into
}

/** A part of a statement that Citus plans by itself: the statement, or a materialised CTE, whose result the others read. */
export interface Part {
  readonly node: unknown
  readonly tables: readonly { table: string; alias: string }[]
  /** Whether two columns (`alias.column`) are equal in it, or both fixed. */
  equal(a: string, b: string): boolean
  /** Whether a column equals one parameter or constant. */
  fixed(column: string): boolean
}

/** The parts of a statement. CTEs that are not materialised are taken for sub-selects. */
export function partsOf(statement: unknown): Part[] {
  const apart: unknown[] = []
  const rest = withoutMaterialised(statement, apart)
  const names = new Set(nodesOf(statement, 'CommonTableExpr').map(({ ctename }) => String(ctename)))
  return [rest, ...apart].map((node) => partOf(node, names))
}

function withoutMaterialised(node: unknown, apart: unknown[]): unknown {
  if (Array.isArray(node)) return node.map((each) => withoutMaterialised(each, apart))
  if (!isNode(node)) return node
  const cte = node['CommonTableExpr']
  if (
    isNode(cte) &&
    (cte['ctematerialized'] === 'CTEMaterializeAlways' || !isNode((cte['ctequery'] as Node)['SelectStmt']))
  ) {
    apart.push(withoutMaterialised(cte['ctequery'], apart))
    return {}
  }
  const insert = node['InsertStmt']
  if (isNode(insert) && insert['selectStmt']) {
    // What is inserted is read first, then written.
    apart.push(
      withoutMaterialised(
        { ...(isNode(insert['selectStmt']) ? insert['selectStmt'] : {}), with: insert['withClause'] },
        apart,
      ),
    )
    const { selectStmt: _, withClause: __, ...target } = insert
    return { InsertStmt: target }
  }
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, withoutMaterialised(value, apart)]))
}

function partOf(node: unknown, ctes: ReadonlySet<string>): Part {
  const tables = nodesOf(node, 'RangeVar')
    .filter(({ relname }) => !ctes.has(String(relname)))
    .map(({ relname, alias }) => ({
      table: String(relname),
      alias: isNode(alias) ? String(alias['aliasname']) : String(relname),
    }))
  const { find, union } = classes()
  for (const { kind, name, lexpr, rexpr } of nodesOf(node, 'A_Expr')) {
    if (kind !== 'AEXPR_OP' || nodesOf(name, 'String')[0]?.['sval'] !== '=') continue
    const [left, right] = [sideOf(lexpr, tables), sideOf(rexpr, tables)]
    if (left && right) union(left, right)
  }
  for (const { larg, rarg, usingClause } of nodesOf(node, 'JoinExpr'))
    for (const { sval } of nodesOf(usingClause, 'String')) {
      const sides = [...nodesOf(larg, 'RangeVar'), ...nodesOf(rarg, 'RangeVar')].map(({ relname, alias }) =>
        isNode(alias) ? String(alias['aliasname']) : String(relname),
      )
      for (const side of sides.slice(1)) union(`${sides[0]}.${sval}`, `${side}.${sval}`)
    }
  const fixed = (column: string) => ['$', '='].some((start) => find(column).startsWith(start))
  return { node, tables, equal: (a, b) => find(a) === find(b), fixed }
}

/** A column as `alias.column`, a parameter as `$1`, a constant as `=…`; null for anything else. */
function sideOf(node: unknown, tables: Part['tables']): string | null {
  if (!isNode(node)) return null
  const cast = node['TypeCast']
  if (isNode(cast)) return sideOf(cast['arg'], tables)
  const parameter = node['ParamRef']
  if (isNode(parameter)) return `$${parameter['number']}`
  if (isNode(node['A_Const'])) return `=${JSON.stringify(node['A_Const'])}`
  const column = node['ColumnRef']
  if (!isNode(column)) return null
  const names = nodesOf(column['fields'], 'String').map(({ sval }) => String(sval))
  const [first = '', second] = names
  return second ? `${first}.${second}` : tables.length === 1 ? `${tables[0]?.alias}.${first}` : null
}

/** Union-find in which parameters and constants stay the name of their class. */
function classes() {
  const parent = new Map<string, string>()
  const find = (name: string): string => {
    const above = parent.get(name)
    return above === undefined ? name : find(above)
  }
  const union = (a: string, b: string) => {
    const [x, y] = [find(a), find(b)]
    if (x === y) return
    if (/^[$=]/.test(x)) parent.set(y, x)
    else parent.set(x, y)
  }
  return { find, union }
}
