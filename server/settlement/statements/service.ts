import { randomUUID } from 'node:crypto'
import { type Instant, YearMonth } from '@js-joda/core'
import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { ProblemError } from '../../../platform/http/index.ts'
import type { newStatement, PaymentScheme, SettlementTerms } from '../../../schemas/settlement/statements.ts'
import { formatGbp, Money } from '../../../schemas/vocabulary/money.ts'
import { type Actor, nameOf, recordAudit, type ServerContext } from '../../kit/index.ts'
import { findFsp, listContracts } from '../../market/index.ts'
import { termsOfContracts } from '../payments/index.ts'
import { byUnit, inOrder, type LineRow, linesOf, type MonthScope, unitsInOrder } from './lines.ts'
import type { StatementRow } from './store.ts'
import { statement, statementLine } from './tables.ts'
import { copyLines } from './write.ts'

type Tx = Parameters<Parameters<ServerContext['db']['transaction']>[0]>[0]
export type SettlementContext = Pick<ServerContext, 'db' | 'clock' | 'announce'>
type Given = z.infer<typeof newStatement>

/** What preparing a statement came to. */
export interface Prepared {
  statementId: string
  number: string
  lineCount: number
  totalGbp: string
}

/**
 * FA10: prepares the draft statement of an FSP, product and month; a draft that exists already is made anew under its number. Once the
 * month's statement has been issued it stays as it is, and what has changed since makes a delta statement (FM18). Lines are made and
 * written some FUs at a time.
 */
export async function prepareStatement(context: SettlementContext, actor: Actor, given: Given): Promise<Prepared> {
  const at = context.clock.now()
  const prepared = await context.db.transaction(async (tx) => {
    const fsp = await findFsp(tx, given.fspId)
    if (!fsp) throw new ProblemError('not-found', `There is no FSP ${given.fspId}.`)
    // Numbers must not have gaps or twins, so whoever numbers holds the table for that moment.
    await tx.execute(sql`lock table ${statement} in share row exclusive mode`)
    const earlier = await statementsOf(tx, given)
    const { number, statementId } = await openDraft(tx, at, nameOf(actor), given, earlier)
    const issued = earlier.filter((row) => row.state === 'issued')
    const scope = await scopeOf(tx, at, given)
    const before = await unitsBefore(tx, issued)
    const tally = new Tally()
    for await (const { fuIds, lines: full } of linesOf(tx, scope, unitsInOrder([...before, ...scope.contracts]))) {
      const lines = issued.length === 0 ? full : changed(full, await settledBefore(tx, issued, fuIds))
      await copyLines(tx, { statementId, number, after: tally.lines }, lines)
      tally.add(full, lines)
    }
    if (tally.periods === 0)
      throw new ProblemError(
        'conflict',
        `${fsp.companyName} has no contracted period of product ${given.product} in ${given.month} that has ended by ${at}.`,
      )
    if (tally.lines === 0)
      throw new ProblemError('conflict', `Nothing has changed since statement ${issued[0]?.number} was issued.`)
    await tx.update(statement).set(tally.head()).where(eq(statement.statementId, statementId))
    const made = { number, lines: tally.lines, totalGbp: tally.head().totalGbp }
    await recordAudit(tx, at, actor, {
      action: 'statement.prepared',
      subject: { type: 'statement', id: statementId },
      detail: { ...given, ...made },
    })
    return { statementId, number, lineCount: tally.lines, totalGbp: made.totalGbp }
  })
  context.announce('settlement')
  return prepared
}

async function scopeOf(tx: Tx, at: Instant, { fspId, product, month: text }: Given): Promise<MonthScope> {
  const month = YearMonth.parse(text)
  const contracts = await listContracts(tx, { fspId, product, from: month.atDay(1), to: month.atEndOfMonth() })
  const terms = await termsOfContracts(
    tx,
    contracts.map((c) => c.contractId),
  )
  return { at, contracts, terms, month }
}

/** What a statement's head says of its lines. */
class Tally {
  lines = 0
  /** Periods that are due, whether or not a delta has a line for them. */
  periods = 0
  private total = new Money(0)
  private delivered = new Money(0)
  private readonly methods = new Set<SettlementTerms['baselineMethod']>()
  private readonly schemes = new Map<string, PaymentScheme>()

  add(full: readonly LineRow[], lines: readonly LineRow[]): void {
    this.periods += full.length
    this.lines += lines.length
    for (const terms of new Set(full.map((line) => line.terms))) {
      this.methods.add(terms.baselineMethod)
      this.schemes.set(JSON.stringify(terms.scheme), terms.scheme)
    }
    for (const { amountGbp, deliveredWh } of lines) {
      if (amountGbp !== '0.00') this.total = this.total.plus(amountGbp)
      if (deliveredWh !== 0) this.delivered = this.delivered.plus(deliveredWh)
    }
  }

  head() {
    const [[method], [scheme]] = [this.methods, this.schemes.values()]
    return {
      lineCount: this.lines,
      deliveredWh: this.delivered.toNumber(),
      totalGbp: formatGbp(this.total),
      baselineMethod: this.methods.size === 1 && method ? method : ('mixed' as const),
      scheme: this.schemes.size === 1 && scheme ? scheme : null,
    }
  }
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

const periodKey = (line: Pick<LineRow, 'contractId' | 'fromAt'>) => `${line.contractId} ${line.fromAt}`

/** FUs that issued statements of the month have lines of. */
async function unitsBefore(tx: Tx, issued: StatementRow[]): Promise<{ fuId: string; fuName: string }[]> {
  if (issued.length === 0) return []
  const ids = issued.map((row) => row.statementId)
  const { fuId, fuName } = statementLine
  return tx.selectDistinct({ fuId, fuName }).from(statementLine).where(inArray(statementLine.statementId, ids))
}

/** What each period of FUs was settled at in all issued statements of the month, by contract and instant. */
async function settledBefore(tx: Tx, issued: StatementRow[], fuIds: string[]): Promise<Map<string, LineRow>> {
  const ids = issued.map((row) => row.statementId)
  const rows = await tx
    .select()
    .from(statementLine)
    .where(and(inArray(statementLine.statementId, ids), inArray(statementLine.fuId, fuIds)))
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
    .map((line) => differenceOf({ ...line, settledGbp: '0.00' }, line.settledGbp))
  const lines = [...current, ...gone].filter((line) => line.amountGbp !== '0.00')
  return lines.sort((a, b) => (a.fuId === b.fuId ? inOrder(a, b) : byUnit(a, b)))
}

function differenceOf(line: LineRow, previousGbp: string): LineRow {
  return { ...line, previousGbp, amountGbp: formatGbp(new Money(line.settledGbp).minus(previousGbp)) }
}

/** The draft to write lines to: a new one, or the one that was there, without its lines. */
async function openDraft(
  tx: Tx,
  preparedAt: Instant,
  preparedBy: string,
  given: Given,
  earlier: StatementRow[],
): Promise<{ number: string; statementId: string }> {
  const [latest] = earlier
  if (latest && latest.state !== 'draft' && latest.state !== 'issued')
    throw new ProblemError('conflict', `Statement ${latest.number} is ${latest.state}: return it to draft first.`)
  const head = { preparedAt, preparedBy, ...new Tally().head() }
  if (latest?.state === 'draft') {
    const { statementId, number } = latest
    await tx.delete(statementLine).where(eq(statementLine.statementId, statementId))
    await tx.update(statement).set(head).where(eq(statement.statementId, statementId))
    return { number, statementId }
  }
  const delta = latest ? latest.delta + 1 : 0
  const number = latest ? `${earlier.at(-1)?.number}-D${delta}` : await nextNumber(tx, given)
  const statementId = randomUUID()
  await tx.insert(statement).values({ statementId, number, ...given, delta, state: 'draft', ...head })
  return { number, statementId }
}

async function nextNumber(tx: Tx, given: Given): Promise<string> {
  const [count] = await tx
    .select({ n: sql<number>`count(*)::int` })
    .from(statement)
    .where(and(eq(statement.product, given.product), eq(statement.month, given.month), eq(statement.delta, 0)))
  return `${given.month}-${given.product}-${String((count?.n ?? 0) + 1).padStart(4, '0')}`
}
