import { and, inArray } from 'drizzle-orm'
import type { Queryable } from '../../../../platform/db/index.ts'
import { formatGbp, Money } from '../../../../schemas/vocabulary/money.ts'
import type { LineRow } from './line.ts'
import { byUnit, inOrder } from './lines.ts'
import { type StatementRow, statementLine } from './tables.ts'

/** Lines with the same key settle the same period. */
export const periodKey = (line: Pick<LineRow, 'contractId' | 'fromAt'>) => `${line.contractId} ${line.fromAt}`

/** FUs with lines in issued statements of the month. */
export async function unitsBefore(tx: Queryable, issued: StatementRow[]): Promise<{ fuId: string; fuName: string }[]> {
  if (issued.length === 0) return []
  const ids = issued.map((row) => row.statementId)
  const { fuId, fuName } = statementLine
  return tx.selectDistinct({ fuId, fuName }).from(statementLine).where(inArray(statementLine.statementId, ids))
}

/** What each period of FUs was settled at across all issued statements of the month, by contract and instant. */
export async function settledBefore(
  tx: Queryable,
  issued: StatementRow[],
  fuIds: string[],
): Promise<Map<string, LineRow>> {
  const ids = issued.map((row) => row.statementId)
  const rows = await tx
    .select()
    .from(statementLine)
    .where(and(inArray(statementLine.statementId, ids), inArray(statementLine.fuId, fuIds)))
  const deltaOf = new Map(issued.map((row) => [row.statementId, row.delta]))
  rows.sort((a, b) => (deltaOf.get(a.statementId) ?? 0) - (deltaOf.get(b.statementId) ?? 0))
  return new Map(rows.map((row) => [periodKey(row), row]))
}

/** Lines whose worth differs from what was settled before, each for the difference. A period that is no longer due is reversed whole. */
export function changedLines(full: LineRow[], before: Map<string, LineRow>): LineRow[] {
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
