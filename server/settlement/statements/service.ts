import { randomUUID } from 'node:crypto'
import { YearMonth } from '@js-joda/core'
import { and, asc, desc, eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import { sumGbp } from '../../../schemas/money.ts'
import type { newStatement, Statement, StatementLine, StatementSummary } from '../../../schemas/settlement.ts'
import { type Actor, nameOf, recordAudit, type ServerContext } from '../../access/index.ts'
import { findFsp, listFsps } from '../../market/index.ts'
import { defaultScheme } from '../payments/index.ts'
import { linesOf } from './lines.ts'
import { statement, statementLine } from './tables.ts'

type Tx = Parameters<Parameters<ServerContext['db']['transaction']>[0]>[0]

/** FA10: prepares the draft statement of an FSP, product and month; a draft that exists already is made anew under its number. */
export async function prepareStatement(
  context: ServerContext,
  actor: Actor,
  given: z.infer<typeof newStatement>,
): Promise<Statement> {
  const at = context.clock.now()
  const statementId = await context.db.transaction(async (tx) => {
    const fsp = await findFsp(tx, given.fspId)
    if (!fsp) throw new ProblemError('not-found', `There is no FSP ${given.fspId}.`)
    const lines = await linesOf(tx, at, given.fspId, given.product, YearMonth.parse(given.month))
    if (lines.length === 0)
      throw new ProblemError(
        'conflict',
        `${fsp.companyName} has no contracted period of product ${given.product} in ${given.month} that has ended by ${at}.`,
      )
    const row = {
      preparedAt: at,
      preparedBy: nameOf(actor),
      scheme: defaultScheme,
      totalGbp: sumGbp(lines.map((line) => String(line.amountGbp))),
    }
    const id = await saveHead(tx, given, row)
    for (let i = 0; i < lines.length; i += 1_000) {
      await tx
        .insert(statementLine)
        .values(lines.slice(i, i + 1_000).map((line, j) => ({ ...line, statementId: id, number: i + j + 1 })))
    }
    await recordAudit(tx, at, actor, {
      action: 'statement.prepared',
      subject: { type: 'statement', id },
      detail: { ...given, lines: lines.length, totalGbp: row.totalGbp },
    })
    return id
  })
  context.announce('settlement')
  return readStatement(context, statementId, null)
}

type Head = Pick<typeof statement.$inferInsert, 'preparedAt' | 'preparedBy' | 'scheme' | 'totalGbp'>

async function saveHead(tx: Tx, given: z.infer<typeof newStatement>, head: Head): Promise<string> {
  // Numbers must not have gaps or twins, so whoever numbers holds the table for that moment.
  await tx.execute(sql`lock table ${statement} in share row exclusive mode`)
  const [before] = await tx
    .select()
    .from(statement)
    .where(
      and(eq(statement.fspId, given.fspId), eq(statement.product, given.product), eq(statement.month, given.month)),
    )
  if (before && before.state !== 'draft')
    throw new ProblemError('conflict', `Statement ${before.number} is ${before.state} and stays as it is.`)
  if (before) {
    await tx.delete(statementLine).where(eq(statementLine.statementId, before.statementId))
    await tx.update(statement).set(head).where(eq(statement.statementId, before.statementId))
    return before.statementId
  }
  const [count] = await tx
    .select({ n: sql<number>`count(*)::int` })
    .from(statement)
    .where(and(eq(statement.product, given.product), eq(statement.month, given.month)))
  const number = `${given.month}-${given.product}-${String((count?.n ?? 0) + 1).padStart(4, '0')}`
  const statementId = randomUUID()
  await tx
    .insert(statement)
    .values({ statementId, number, ...given, state: 'draft', baselineMethod: 'recent-history', ...head })
  return statementId
}

/** Statements, latest month first. `fspId` limits them to one FSP's, which sees issued ones only. */
export async function listStatements(tx: Queryable, fspId: string | null): Promise<StatementSummary[]> {
  const rows = await tx
    .select({
      statement,
      lineCount: sql<number>`(select count(*)::int from ${statementLine} where ${statementLine.statementId} = ${statement.statementId})`,
      deliveredWh: sql<number>`(select coalesce(sum(${statementLine.deliveredWh}), 0) from ${statementLine} where ${statementLine.statementId} = ${statement.statementId})`,
    })
    .from(statement)
    .where(fspId ? and(eq(statement.fspId, fspId), eq(statement.state, 'issued')) : undefined)
    .orderBy(desc(statement.month), asc(statement.number))
  const names = new Map((await listFsps(tx, fspId)).map((f) => [f.fspId, f.companyName]))
  return rows.map(({ statement: row, lineCount, deliveredWh }) => ({
    statementId: row.statementId,
    number: row.number,
    fspId: row.fspId,
    fspName: names.get(row.fspId) ?? '',
    product: row.product,
    month: row.month,
    state: row.state,
    preparedAt: row.preparedAt.toString(),
    preparedBy: row.preparedBy,
    lineCount,
    deliveredWh: Number(deliveredWh),
    totalGbp: row.totalGbp,
  }))
}

/** One statement with its lines, or a 404. */
export async function readStatement(
  context: ServerContext,
  statementId: string,
  fspId: string | null,
): Promise<Statement> {
  const summary = (await listStatements(context.db, fspId)).find((s) => s.statementId === statementId)
  const [row] = await context.db.select().from(statement).where(eq(statement.statementId, statementId))
  if (!summary || !row) throw new ProblemError('not-found', `There is no statement ${statementId}.`)
  const lines = await context.db
    .select()
    .from(statementLine)
    .where(eq(statementLine.statementId, statementId))
    .orderBy(asc(statementLine.number))
  return { ...summary, baselineMethod: row.baselineMethod, scheme: row.scheme, lines: lines.map(viewLine) }
}

function viewLine(row: typeof statementLine.$inferSelect): StatementLine {
  const { fromAt, toAt, availability, utilisation, statementId: _, inService: __, ...rest } = row
  return {
    ...rest,
    from: fromAt.toString(),
    to: toAt.toString(),
    availabilityGbpPerMwH: availability,
    utilisationGbpPerMwh: utilisation,
  }
}
