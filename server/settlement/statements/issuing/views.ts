import type { StatementLine, StatementSummary } from '../../../../schemas/settlement/statements.ts'
import type { statement, statementLine } from '../lines/tables.ts'

/** A statement without its lines, as the API shows it. */
export function viewSummary(row: typeof statement.$inferSelect, fspName: string): StatementSummary {
  return {
    statementId: row.statementId,
    number: row.number,
    fspId: row.fspId,
    fspName,
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
    version: row.version,
  }
}

/** A line of a statement as the API shows it. What a line settled by earlier rules does not state follows from the rest of it. */
export function viewLine(row: typeof statementLine.$inferSelect): StatementLine {
  const {
    fromAt,
    toAt,
    availability,
    utilisation,
    contractPrice,
    bidPrice,
    clearedPrice,
    direction,
    statementId: _,
    ...rest
  } = row
  const wasJudged = row.deliveryRatio !== null
  return {
    ...rest,
    from: fromAt.toString(),
    to: toAt.toString(),
    ...(direction === 'turn-up' ? { direction } : {}),
    availableW: row.availableW ?? row.contractedW,
    instructedWh: row.instructedWh ?? (row.instructedW === null ? null : row.instructedW / 4),
    turnedDownWh: row.turnedDownWh ?? (wasJudged ? row.deliveredWh : null),
    toleranceWh: row.toleranceWh ?? 0,
    availabilityGbpPerMwH: availability,
    utilisationGbpPerMwh: utilisation,
    contractGbpPerMwh: contractPrice ?? utilisation,
    bidGbpPerMwh: bidPrice,
    clearedGbpPerMwh: clearedPrice,
  }
}
