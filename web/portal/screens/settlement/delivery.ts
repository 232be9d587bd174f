import type { DeliveryReport, StatementSummary } from '../../../../schemas/settlement/statements.ts'
import { count } from '../../../shared/format/power.ts'
import type { Tone } from '../../../shared/format/words.ts'

/** The months’ first statements: each judges every period, where a delta statement after late data has only the lines that changed. */
export function firstStatements(statements: readonly StatementSummary[]): StatementSummary[] {
  return statements.filter((each) => each.delta === 0)
}

type Delivery = Pick<DeliveryReport, 'failedPeriods' | 'longestFailure' | 'instructedPeriods' | 'fuName'>

/** The longest failure in a row first, then the most failures. */
export function worstFirst<T extends Delivery>(rows: readonly T[]): T[] {
  return rows.toSorted(
    (a, b) =>
      b.longestFailure - a.longestFailure || b.failedPeriods - a.failedPeriods || (a.fuName < b.fuName ? -1 : 1),
  )
}

/** How a month was delivered, in a line. */
export function nonDeliveryInWords(rows: readonly Delivery[]): { tone: Tone; text: string } {
  const failing = rows.filter((row) => row.failedPeriods > 0)
  if (failing.length === 0) return { tone: 'normal', text: `${count(rows.length, 'FU')} delivered in every period.` }
  const longest = Math.max(...failing.map((row) => row.longestFailure))
  const sum = (of: (row: Delivery) => number) => rows.reduce((total, row) => total + of(row), 0)
  const failed = `${count(
    sum((row) => row.failedPeriods),
    'period',
  )} of ${sum((row) => row.instructedPeriods)} failed`
  return {
    tone: longest > 1 ? 'fault' : 'risk',
    text: `${failed}, at ${failing.length} of ${count(rows.length, 'FU')}; the longest run is ${count(longest, 'period')}.`,
  }
}
