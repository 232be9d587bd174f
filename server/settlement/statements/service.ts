import { createHash, randomUUID } from 'node:crypto'
import { YearMonth } from '@js-joda/core'
import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { ProblemError } from '../../../platform/http/index.ts'
import { formatGbp, Money, sumGbp } from '../../../schemas/money.ts'
import type { newStatement, Statement } from '../../../schemas/settlement.ts'
import { type Actor, nameOf, recordAudit, type ServerContext } from '../../access/index.ts'
import { findFsp } from '../../market/index.ts'
import { defaultScheme } from '../payments/index.ts'
import { type LineRow, linesOf } from './lines.ts'
import { readStatement, type StatementRow } from './store.ts'
import { statement, statementLine } from './tables.ts'

export { listStatements, readStatement } from './store.ts'

type Tx = Parameters<Parameters<ServerContext['db']['transaction']>[0]>[0]
export type SettlementContext = Pick<ServerContext, 'db' | 'clock' | 'announce'>
type Given = z.infer<typeof newStatement>

/**
 * FA10: prepares the draft statement of an FSP, product and month; a draft that exists already is made anew under its number. Once the
 * month's statement has been issued it stays as it is, and what has changed since makes a delta statement (FM18).
 */
export async function prepareStatement(context: SettlementContext, actor: Actor, given: Given): Promise<Statement> {
  const at = context.clock.now()
  const statementId = await context.db.transaction(async (tx) => {
    const fsp = await findFsp(tx, given.fspId)
    if (!fsp) throw new ProblemError('not-found', `There is no FSP ${given.fspId}.`)
    // Numbers must not have gaps or twins, so whoever numbers holds the table for that moment.
    await tx.execute(sql`lock table ${statement} in share row exclusive mode`)
    const earlier = await statementsOf(tx, given)
    const full = await linesOf(tx, at, given.fspId, given.product, YearMonth.parse(given.month))
    if (full.length === 0)
      throw new ProblemError(
        'conflict',
        `${fsp.companyName} has no contracted period of product ${given.product} in ${given.month} that has ended by ${at}.`,
      )
    const issued = earlier.filter((row) => row.state === 'issued')
    const lines = issued.length === 0 ? full : changed(full, await settledBefore(tx, issued))
    if (lines.length === 0)
      throw new ProblemError('conflict', `Nothing has changed since statement ${issued[0]?.number} was issued.`)
    const methods = new Set(full.map((line) => line.terms.baselineMethod))
    const [method] = methods
    const head = {
      preparedAt: at,
      preparedBy: nameOf(actor),
      baselineMethod: methods.size === 1 && method ? method : ('mixed' as const),
      scheme: defaultScheme,
      totalGbp: sumGbp(lines.map((line) => String(line.amountGbp))),
    }
    const saved = await saveHead(tx, given, head, earlier)
    for (let i = 0; i < lines.length; i += 1_000) {
      const part = lines.slice(i, i + 1_000).map((line, j) => ({ number: i + j + 1, ...line }))
      await tx
        .insert(statementLine)
        .values(part.map((line) => ({ ...line, ...saved.key, lineId: lineIdOf(saved.number, line.number) })))
    }
    await recordAudit(tx, at, actor, {
      action: 'statement.prepared',
      subject: { type: 'statement', id: saved.key.statementId },
      detail: { ...given, number: saved.number, lines: lines.length, totalGbp: head.totalGbp },
    })
    return saved.key.statementId
  })
  context.announce('settlement')
  return readStatement(context.db, statementId, null)
}

/** Statements of an FSP, product and month, the latest first. */
async function statementsOf(tx: Tx, given: Given): Promise<StatementRow[]> {
  return tx
    .select()
    .from(statement)
    .where(
      and(eq(statement.fspId, given.fspId), eq(statement.product, given.product), eq(statement.month, given.month)),
    )
    .orderBy(desc(statement.delta))
}

/** A line's identifier follows from where it stands, so that a re-run on the same inputs is the same to the byte (FM19). */
function lineIdOf(number: string, line: number): string {
  const hex = createHash('sha256').update(`ringmain:statement-line:${number}:${line}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

const periodKey = (line: Pick<LineRow, 'contractId' | 'fromAt'>) => `${line.contractId} ${line.fromAt}`

/** What each period was settled at in all issued statements of the month, by contract and instant. */
async function settledBefore(tx: Tx, issued: StatementRow[]): Promise<Map<string, LineRow>> {
  const ids = issued.map((row) => row.statementId)
  const rows = await tx.select().from(statementLine).where(inArray(statementLine.statementId, ids))
  const deltaOf = new Map(issued.map((row) => [row.statementId, row.delta]))
  rows.sort((a, b) => (deltaOf.get(a.statementId) ?? 0) - (deltaOf.get(b.statementId) ?? 0))
  return new Map(rows.map((row) => [periodKey(row), row]))
}

/** Lines whose worth is not what was settled before, each for the difference; a period that is no longer due is taken back whole. */
function changed(full: LineRow[], before: Map<string, LineRow>): LineRow[] {
  const due = new Set(full.map(periodKey))
  const current = full.map((line) => differenceOf(line, before.get(periodKey(line))?.settledGbp ?? '0.00'))
  const gone = [...before.values()]
    .filter((line) => !due.has(periodKey(line)))
    .map(({ contractId, settledGbp, ...rest }) => differenceOf({ ...rest, contractId, settledGbp: '0.00' }, settledGbp))
  return [...current, ...gone].filter((line) => line.amountGbp !== '0.00')
}

function differenceOf(line: LineRow, previousGbp: string): LineRow {
  return { ...line, previousGbp, amountGbp: formatGbp(new Money(line.settledGbp).minus(previousGbp)) }
}

type Head = Pick<typeof statement.$inferInsert, 'preparedAt' | 'preparedBy' | 'baselineMethod' | 'scheme' | 'totalGbp'>

async function saveHead(
  tx: Tx,
  given: Given,
  head: Head,
  earlier: StatementRow[],
): Promise<{ number: string; key: { statementId: string } }> {
  const [latest] = earlier
  if (latest && latest.state !== 'draft' && latest.state !== 'issued')
    throw new ProblemError('conflict', `Statement ${latest.number} is ${latest.state}: return it to draft first.`)
  if (latest?.state === 'draft') {
    await tx.delete(statementLine).where(eq(statementLine.statementId, latest.statementId))
    await tx.update(statement).set(head).where(eq(statement.statementId, latest.statementId))
    return { number: latest.number, key: { statementId: latest.statementId } }
  }
  const delta = latest ? latest.delta + 1 : 0
  const number = latest ? `${earlier.at(-1)?.number}-D${delta}` : await nextNumber(tx, given)
  const statementId = randomUUID()
  await tx.insert(statement).values({ statementId, number, ...given, delta, state: 'draft', ...head })
  return { number, key: { statementId } }
}

async function nextNumber(tx: Tx, given: Given): Promise<string> {
  const [count] = await tx
    .select({ n: sql<number>`count(*)::int` })
    .from(statement)
    .where(and(eq(statement.product, given.product), eq(statement.month, given.month), eq(statement.delta, 0)))
  return `${given.month}-${given.product}-${String((count?.n ?? 0) + 1).padStart(4, '0')}`
}
