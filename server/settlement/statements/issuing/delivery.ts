import type { DeliveryReport, StatementLine, statementOperations } from '../../../../schemas/settlement/statements.ts'
import { Money } from '../../../../schemas/vocabulary/money.ts'
import { keyIn, pageFrom, tenantOf, type Verb } from '../../../kit/index.ts'
import { readStatement } from './store.ts'

/** Non-delivery per FU of a statement, the worst first. */
export const listDelivery: Verb<typeof statementOperations.listDelivery> = async ({ db, actor, params, query }) => {
  const { lines } = await readStatement(db, params.id, tenantOf(actor))
  const reports = deliveryReports(lines)
  const after = query.cursor === undefined ? null : keyIn(query.cursor)[0]
  const start = after === null ? 0 : reports.findIndex((report) => report.fuId === after) + 1
  return pageFrom(
    reports.slice(start, start + query.limit + 1),
    query,
    (report) => [report.fuId],
    (report) => report,
  )
}

/** Instructed but unpaid: at the floor of its scheme, or without data. */
function hasFailed(line: StatementLine): boolean {
  return line.performanceFactor === 0 || (line.deliveryRatio !== null && line.deliveryRatio === 0)
}

/** Non-delivery per FU, the worst first. Consecutive periods are successive instructed periods, whatever lies between them. */
function deliveryReports(lines: readonly StatementLine[]): DeliveryReport[] {
  const instructed = lines.filter((line) => (line.instructedW ?? 0) > 0)
  const reports = [...Map.groupBy(instructed, (line) => line.fuId)].map(([fuId, own]): DeliveryReport => {
    let [run, longest] = [0, 0]
    for (const line of own.toSorted((a, b) => Date.parse(a.from) - Date.parse(b.from))) {
      run = hasFailed(line) ? run + 1 : 0
      longest = Math.max(longest, run)
    }
    const ratios = own.flatMap((line) => (line.deliveryRatio === null ? [] : [line.deliveryRatio]))
    const sum = ratios.reduce<Money>((total, ratio) => total.plus(ratio), new Money(0))
    return {
      fuId,
      fuName: own[0]?.fuName ?? '',
      instructedPeriods: own.length,
      failedPeriods: own.filter(hasFailed).length,
      longestFailure: longest,
      meanRatio: ratios.length === 0 ? null : sum.div(ratios.length).toDecimalPlaces(4).toNumber(),
    }
  })
  return reports.sort((a, b) => b.longestFailure - a.longestFailure || (a.fuName < b.fuName ? -1 : 1))
}
