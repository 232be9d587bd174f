import { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { BaselineMethod } from '../../../schemas/settlement/metering.ts'
import type { LineExplanation, PaymentScheme, StatementLine } from '../../../schemas/settlement/statements.ts'
import { dayStart, localTimeOf } from '../../../schemas/vocabulary/time.ts'
import { meteredDays, sourceAt } from '../metering/index.ts'
import { readLine, readSummary } from './store.ts'

const methodInWords: Record<BaselineMethod, string> = {
  nominated: 'The baseline schedule that the FSP submitted for the day.',
  'recent-history': 'The mean of the same quarter-hour over the latest comparable days, ten where there are as many.',
  'mid-8-in-10':
    'The mean over the ten latest comparable days, without the one with the most and the one with the least energy.',
  bl01: 'Working days: the mean over the ten latest comparable days of the last 60. Other days: the middle two of the four latest.',
  'fixed-reference': 'A reference profile per DER times the number of DERs.',
  zero: 'Nothing is expected.',
}

function factorFormula(scheme: PaymentScheme): string {
  if (scheme.name === 'sliding-scale')
    return `(ratio − ${scheme.fromRatio}) ÷ (${scheme.toRatio} − ${scheme.fromRatio}), between 0 and 1`
  if (scheme.name === 'usef') return '1: what is missing is charged at the penalty price instead'
  return `1 at ${scheme.graceRatio} and over, less ${scheme.slope} × what is missing from it, 0 at ${scheme.floorRatio} and under`
}

/** The arithmetic of a line in the order in which a reader would do it. Figures are those of the line itself. */
export function stepsOf(line: StatementLine): LineExplanation['steps'] {
  const { terms } = line
  const isUnpaid = line.flags.some((f) => f === 'no-meter-data' || f === 'no-baseline' || f === 'out-of-service')
  const given = (value: number | null) => (value === null ? 'missing' : `${value}`)
  const capped = line.limitWh !== null && line.baselineWh !== null && line.limitWh < line.baselineWh
  const expected = capped ? line.limitWh : line.baselineWh
  const penalty = terms.scheme.name === 'usef' ? ` − ${terms.scheme.penaltyGbpPerMwh} £/MWh × missing energy` : ''
  const steps = [
    {
      quantity: 'Delivered, Wh',
      formula: `clamp(baseline${capped ? ' (up to the agreed limit)' : ''} − metered, 0, instructed × ¼ h)`,
      working: isUnpaid
        ? `unpaid: ${line.flags.join(', ')}`
        : `clamp(${given(expected)} − ${given(line.meteredWh)}, 0, ${line.instructedW ?? 0} × ¼)`,
      result: `${line.deliveredWh}`,
    },
    {
      quantity: 'Delivery ratio',
      formula: 'delivered ÷ instructed',
      working:
        line.deliveryRatio === null ? 'nothing to compare' : `${line.deliveredWh} ÷ ${(line.instructedW ?? 0) / 4}`,
      result: given(line.deliveryRatio),
    },
    {
      quantity: 'Factor',
      formula: `${factorFormula(terms.scheme)}${terms.scheduleAccuracy ? ', times the schedule accuracy factor' : ''}`,
      working: `${given(line.deliveryRatio)}${terms.scheduleAccuracy ? ` × ${line.accuracyFactor}` : ''}`,
      result: `${line.performanceFactor}`,
    },
    {
      quantity: 'Availability, £',
      formula: 'availability price × contracted MW × ¼ h',
      working: `${line.availabilityGbpPerMwH} × ${line.contractedW} ÷ 10⁶ × ¼`,
      result: line.availabilityGbp,
    },
    {
      quantity: 'Utilisation, £',
      formula: `utilisation price × delivered MWh${penalty}`,
      working: `${line.utilisationGbpPerMwh} × ${line.deliveredWh} ÷ 10⁶`,
      result: line.utilisationGbp,
    },
    {
      quantity: 'Worth, £',
      formula: '(availability + utilisation) × factor, rounded half-even to the penny',
      working: `(${line.availabilityGbp} + ${line.utilisationGbp}) × ${line.performanceFactor}`,
      result: line.settledGbp,
    },
  ]
  if (line.previousGbp !== null)
    steps.push({
      quantity: 'Amount, £',
      formula: 'worth − settled before',
      working: `${line.settledGbp} − ${line.previousGbp}`,
      result: line.amountGbp,
    })
  return steps
}

/** A line with its arithmetic and the meter data of its baseline days as they were known when the statement was prepared (FM17). */
export async function explainLine(
  tx: Queryable,
  statementId: string,
  lineId: string,
  fspId: string | null,
): Promise<LineExplanation> {
  const found = await readSummary(tx, statementId, fspId)
  const line = await readLine(tx, statementId, lineId)
  if (!line) throw new ProblemError('not-found', `Statement ${found.number} has no line ${lineId}.`)
  return {
    statementNumber: found.number,
    line,
    asOf: found.preparedAt,
    baselineMethodInWords: methodInWords[line.terms.baselineMethod],
    baselineValues: await baselineValues(tx, line, Instant.parse(found.preparedAt)),
    steps: stepsOf(line),
  }
}

async function baselineValues(tx: Queryable, line: StatementLine, asOf: Instant) {
  const days = line.baselineDays.toSorted().map((day) => LocalDate.parse(day))
  const [first, last] = [days[0], days.at(-1)]
  if (!first || !last) return []
  const metered = (await meteredDays(tx, [line.fuId], first, last, asOf)).get(line.fuId)
  const quarter = Math.floor(localTimeOf(Instant.parse(line.from)).toLocalTime().toSecondOfDay() / 900)
  return days.flatMap((day) => {
    const found = metered?.get(day.toEpochDay())
    const energyWh = found?.energyWh[quarter]
    if (!found || energyWh == null) return []
    const from = Instant.ofEpochMilli(dayStart(day).toEpochMilli() + quarter * 900_000).toString()
    return [
      {
        day: day.toString(),
        from,
        energyWh,
        revision: found.revisions[quarter] ?? 1,
        source: sourceAt(found, quarter) ?? 'upload',
      },
    ]
  })
}
