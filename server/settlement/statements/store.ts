import { and, asc, desc, eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { Statement, StatementLine, StatementSummary } from '../../../schemas/settlement/statements.ts'
import { listFsps } from '../../market/index.ts'
import { statement, statementLine } from './tables.ts'

export type StatementRow = typeof statement.$inferSelect

/** Statements, latest month first. `fspId` limits them to one FSP's, which sees issued ones only. */
export async function listStatements(
  tx: Queryable,
  fspId: string | null,
  statementId?: string,
): Promise<StatementSummary[]> {
  const rows = await tx
    .select()
    .from(statement)
    .where(
      and(
        fspId ? and(eq(statement.fspId, fspId), eq(statement.state, 'issued')) : undefined,
        statementId ? eq(statement.statementId, statementId) : undefined,
      ),
    )
    .orderBy(desc(statement.month), asc(statement.number))
  const names = new Map((await listFsps(tx, fspId)).map((f) => [f.fspId, f.companyName]))
  return rows.map((row) => ({
    statementId: row.statementId,
    number: row.number,
    fspId: row.fspId,
    fspName: names.get(row.fspId) ?? '',
    product: row.product,
    month: row.month,
    delta: row.delta,
    state: row.state,
    preparedAt: row.preparedAt.toString(),
    preparedBy: row.preparedBy,
    checkedBy: row.checkedBy,
    approvedBy: row.approvedBy,
    issuedAt: row.issuedAt?.toString() ?? null,
    lineCount: row.lineCount,
    deliveredWh: row.deliveredWh,
    totalGbp: row.totalGbp,
  }))
}

/** One statement without its lines, or a 404. `fspId` as for the list. */
export async function readSummary(tx: Queryable, statementId: string, fspId: string | null): Promise<StatementSummary> {
  const [summary] = await listStatements(tx, fspId, statementId)
  if (!summary) throw new ProblemError('not-found', `There is no statement ${statementId}.`)
  return summary
}

/** One line of a statement; `undefined` when it has no such line. */
export async function readLine(tx: Queryable, statementId: string, lineId: string): Promise<StatementLine | undefined> {
  const [row] = await tx
    .select()
    .from(statementLine)
    .where(and(eq(statementLine.statementId, statementId), eq(statementLine.lineId, lineId)))
  return row && viewLine(row)
}

/** One statement with its lines, or a 404. `fspId` as for the list. */
export async function readStatement(tx: Queryable, statementId: string, fspId: string | null): Promise<Statement> {
  const summary = await readSummary(tx, statementId, fspId)
  const [row] = await tx.select().from(statement).where(eq(statement.statementId, statementId))
  if (!row) throw new ProblemError('not-found', `There is no statement ${statementId}.`)
  const lines = await tx
    .select()
    .from(statementLine)
    .where(eq(statementLine.statementId, statementId))
    .orderBy(asc(statementLine.number))
  return { ...summary, baselineMethod: row.baselineMethod, scheme: row.scheme, lines: lines.map(viewLine) }
}

function viewLine(row: typeof statementLine.$inferSelect): StatementLine {
  const { fromAt, toAt, availability, utilisation, statementId: _, ...rest } = row
  return {
    ...rest,
    from: fromAt.toString(),
    to: toAt.toString(),
    availabilityGbpPerMwH: availability,
    utilisationGbpPerMwh: utilisation,
  }
}
