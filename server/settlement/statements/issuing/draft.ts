import { randomUUID } from 'node:crypto'
import { type Instant, YearMonth } from '@js-joda/core'
import { and, desc, eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Queryable } from '../../../../platform/db/index.ts'
import { ProblemError } from '../../../../platform/http/index.ts'
import { type PaymentFigures, paymentSettings } from '../../../../schemas/settings/payment.ts'
import type { newStatement } from '../../../../schemas/settlement/statements.ts'
import { dayStart, momentInWords } from '../../../../schemas/vocabulary/time.ts'
import { type Actor, addHand, nameOf, recordAudit, settingAt } from '../../../kit/index.ts'
import { findFsp, listContracts } from '../../../market/index.ts'
import { termsOfContracts } from '../../payments/index.ts'
import {
  changedLines,
  copyLines,
  type MonthScope,
  settledBefore,
  settleInParts,
  Tally,
  unitsBefore,
  unitsInOrder,
} from '../lines/index.ts'
import { type StatementRow, statement, statementLine } from '../lines/tables.ts'

type Given = Pick<z.infer<typeof newStatement>, 'fspId' | 'product' | 'month'>

/** The result of preparing a statement. */
export interface Prepared {
  statementId: string
  number: string
  lineCount: number
  totalGbp: string
}

/**
 * FA10: prepares the draft statement of an FSP, product and month; an existing draft is rebuilt under its number. An issued statement never
 * changes: later changes go into a delta statement (FM18). Lines are computed and written a few FUs at a time.
 */
export async function makeDraft(tx: Queryable, at: Instant, actor: Actor, given: Given): Promise<Prepared> {
  const fsp = await findFsp(tx, given.fspId)
  if (!fsp) throw new ProblemError('not-found', `There is no FSP ${given.fspId}.`)
  // Numbers must have neither gaps nor duplicates, so the table is locked until this one is in it.
  await tx.execute(sql`lock table ${statement} in share row exclusive mode`)
  const earlier = await statementsOf(tx, given)
  const { number, statementId } = await openDraft(tx, at, nameOf(actor), given, earlier)
  const issued = earlier.filter((row) => row.state === 'issued')
  const monthStart = dayStart(YearMonth.parse(given.month).atDay(1))
  const { version: figuresVersion, values: figures } = await settingAt(tx, paymentSettings, monthStart)
  const scope = await scopeOf(tx, at, given, figures)
  const tally = await writeLines(tx, scope, issued, { statementId, number })
  if (tally.periods === 0)
    throw new ProblemError(
      'conflict',
      `${fsp.companyName} has no contracted period of product ${given.product} in ${given.month} that has ended by ${momentInWords(at)}.`,
    )
  if (tally.lines === 0)
    throw new ProblemError('conflict', `Nothing has changed since statement ${issued[0]?.number} was issued.`)
  const head = tally.head()
  await tx
    .update(statement)
    .set({ ...head, figuresVersion })
    .where(eq(statement.statementId, statementId))
  await addHand(tx, at, { type: 'statement', id: statementId }, actor, 'prepared')
  const { lineCount, totalGbp } = head
  await recordAudit(tx, at, actor, {
    action: 'statement.prepared',
    subject: { type: 'statement', id: statementId },
    detail: { ...given, number, lines: lineCount, totalGbp },
  })
  return { statementId, number, lineCount, totalGbp }
}

/** Writes the lines of a month; after an issued statement, only those that differ from it. */
async function writeLines(
  tx: Queryable,
  scope: MonthScope,
  issued: StatementRow[],
  draft: { statementId: string; number: string },
): Promise<Tally> {
  const tally = new Tally()
  const before = await unitsBefore(tx, issued)
  const own = scope.contracts.filter((contract) => contract.product === scope.product)
  await settleInParts(tx, scope, unitsInOrder([...before, ...own]), async ({ fuIds, lines: full }) => {
    const lines = issued.length === 0 ? full : changedLines(full, await settledBefore(tx, issued, fuIds))
    await copyLines(tx, { ...draft, after: tally.lines }, lines)
    tally.add(full, lines)
  })
  return tally
}

/** What the lines of an FSP, product and month are computed from. */
export async function scopeOf(
  tx: Queryable,
  at: Instant,
  { fspId, product, month: text }: Given,
  figures: PaymentFigures,
): Promise<MonthScope> {
  const month = YearMonth.parse(text)
  const contracts = await listContracts(tx, { fspId, from: month.atDay(1), to: month.atEndOfMonth() })
  const terms = await termsOfContracts(
    tx,
    contracts.map((c) => c.contractId),
  )
  return { at, product, contracts, terms, month, figures }
}

/** Statements of an FSP, product and month, the latest first. */
async function statementsOf(tx: Queryable, given: Given): Promise<StatementRow[]> {
  return tx
    .select()
    .from(statement)
    .where(
      and(eq(statement.fspId, given.fspId), eq(statement.product, given.product), eq(statement.month, given.month)),
    )
    .orderBy(desc(statement.delta))
}

/** The draft to write lines to: a new one, or the existing one without its lines. */
async function openDraft(
  tx: Queryable,
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
    const next = { ...head, version: latest.version + 1 }
    await tx.update(statement).set(next).where(eq(statement.statementId, statementId))
    return { number, statementId }
  }
  const delta = latest ? latest.delta + 1 : 0
  const number = latest ? `${earlier.at(-1)?.number}-D${delta}` : await nextNumber(tx, given)
  const statementId = randomUUID()
  await tx.insert(statement).values({ statementId, number, ...given, delta, state: 'draft', ...head })
  return { number, statementId }
}

async function nextNumber(tx: Queryable, given: Given): Promise<string> {
  const [count] = await tx
    .select({ n: sql<number>`count(*)::int` })
    .from(statement)
    .where(and(eq(statement.product, given.product), eq(statement.month, given.month), eq(statement.delta, 0)))
  return `${given.month}-${given.product}-${String((count?.n ?? 0) + 1).padStart(4, '0')}`
}
