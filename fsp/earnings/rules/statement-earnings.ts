import type { EarnedService } from '../../../schemas/fsp/earnings.ts'
import type { Statement } from '../../../schemas/settlement/statements.ts'
import { formatGbp, Money, sumGbp } from '../../../schemas/vocabulary/money.ts'

type Line = Statement['lines'][number]

/** A sum of exact amounts of lines, in pounds and pence. */
function sumOf(lines: readonly Line[], of: (line: Line) => string): string {
  return formatGbp(lines.reduce((sum, line) => sum.plus(of(line)), new Money(0)))
}

const energyOf = (lines: readonly Line[], of: (line: Line) => number | null) =>
  Math.round(lines.reduce((sum, line) => sum + (of(line) ?? 0), 0))

/**
 * What units earned by the statements of a month, by product: a delta adds what it changes, so that the amounts are those of the latest
 * settlement. Energies are those of the last statement that has the unit, since a delta repeats the quarter-hours that it settles anew.
 * @param siteOf our own identifier of a unit's site; `null`: the unit is not ours.
 */
export function statementEarnings(
  statements: readonly Statement[],
  siteOf: (fuId: string) => string | null,
): EarnedService[] {
  const ordered = statements.toSorted((a, b) => a.delta - b.delta)
  const all = ordered.flatMap((statement) => statement.lines.map((line) => ({ statement, line })))
  const services = Map.groupBy(all, ({ statement, line }) => `${statement.product} ${line.fuId}`)
  return [...services.values()].flatMap((found) => {
    const [first] = found
    const depotId = first ? siteOf(first.line.fuId) : null
    if (!first || depotId === null) return []
    const own = ordered.filter((statement) => found.some((each) => each.statement === statement))
    const lines = found.map(({ line }) => line)
    const latest = latestOf(lines)
    return [
      {
        source: 'dno' as const,
        depotId,
        name: first.line.fuName,
        product: first.statement.product,
        fuId: first.line.fuId,
        availabilityGbp: sumOf(latest, (line) => line.availabilityGbp),
        utilisationGbp: sumOf(latest, (line) => line.utilisationGbp),
        amountGbp: sumGbp(lines.map((line) => line.amountGbp)),
        instructedWh: energyOf(latest, (line) => line.instructedWh),
        deliveredWh: energyOf(latest, (line) => line.deliveredWh),
        statements: own.map(({ number, state }) => ({ number, state })),
        isFinal: own.every(({ state }) => state === 'issued'),
      },
    ]
  })
}

/** The last line of each quarter-hour and contract: a delta's line stands for the one before. */
function latestOf(lines: readonly Line[]): Line[] {
  return [...new Map(lines.map((line) => [`${line.contractId} ${line.from}`, line])).values()]
}
