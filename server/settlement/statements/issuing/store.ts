import { and, asc, eq, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../../../platform/db/index.ts'
import { ProblemError } from '../../../../platform/http/index.ts'
import type { Statement, StatementLine, StatementSummary } from '../../../../schemas/settlement/statements.ts'
import type { Page } from '../../../../schemas/vocabulary/paging.ts'
import { afterCursor, type PageQuery, pageFrom } from '../../../kit/index.ts'
import { findFsp, listFsps } from '../../../market/index.ts'
import { type StatementRow, statement, statementLine } from '../lines/tables.ts'
import { viewLine, viewSummary } from './views.ts'

/** What an FSP sees of statements: its own issued ones. `null`: all. */
function visibleTo(fspId: string | null): SQL | undefined {
  return fspId === null ? undefined : and(eq(statement.fspId, fspId), eq(statement.state, 'issued'))
}

/** Latest month first, then by number: the rank of a month counts down. */
const monthRank = sql`-replace(${statement.month}, '-', '')::int`

/** A page of statements, the latest month first. `fspId` limits them to one FSP's, which sees issued ones only. */
export async function pageOfStatements(
  tx: Queryable,
  fspId: string | null,
  query: PageQuery,
): Promise<Page<StatementSummary>> {
  const sorted = [monthRank, statement.number]
  const rows = await tx
    .select({ row: statement, rank: sql<number>`${monthRank}` })
    .from(statement)
    .where(and(visibleTo(fspId), afterCursor(query, sorted)))
    .orderBy(...sorted)
    .limit(query.limit + 1)
  const names = new Map((await listFsps(tx, fspId)).map((f) => [f.fspId, f.companyName]))
  return pageFrom(
    rows,
    query,
    ({ row, rank }) => [rank, row.number],
    ({ row }) => viewSummary(row, names.get(row.fspId) ?? ''),
  )
}

async function requireStatement(tx: Queryable, statementId: string, fspId: string | null): Promise<StatementRow> {
  const [row] = await tx
    .select()
    .from(statement)
    .where(and(visibleTo(fspId), eq(statement.statementId, statementId)))
  if (!row) throw new ProblemError('not-found', `There is no statement ${statementId}.`)
  return row
}

async function summaryOf(tx: Queryable, row: StatementRow): Promise<StatementSummary> {
  return viewSummary(row, (await findFsp(tx, row.fspId))?.companyName ?? '')
}

/** One statement without its lines, or a 404. `fspId` as for the list. */
export async function readSummary(tx: Queryable, statementId: string, fspId: string | null): Promise<StatementSummary> {
  return summaryOf(tx, await requireStatement(tx, statementId, fspId))
}

/** One line of a statement; `undefined` if missing. */
export async function readLine(tx: Queryable, statementId: string, lineId: string): Promise<StatementLine | undefined> {
  const [row] = await tx
    .select()
    .from(statementLine)
    .where(and(eq(statementLine.statementId, statementId), eq(statementLine.lineId, lineId)))
  return row && viewLine(row)
}

/** One statement with its lines, or a 404. `fspId` as for the list. */
export async function readStatement(tx: Queryable, statementId: string, fspId: string | null): Promise<Statement> {
  const row = await requireStatement(tx, statementId, fspId)
  const summary = await summaryOf(tx, row)
  const lines = await tx
    .select()
    .from(statementLine)
    .where(eq(statementLine.statementId, statementId))
    .orderBy(asc(statementLine.number))
  const { baselineMethod, scheme, figuresVersion } = row
  return { ...summary, baselineMethod, scheme, figuresVersion, lines: lines.map(viewLine) }
}
