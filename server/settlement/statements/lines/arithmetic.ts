import type { LineExplanation, PaymentScheme, StatementLine } from '../../../../schemas/settlement/statements.ts'

function factorFormula(scheme: PaymentScheme): string {
  if (scheme.name === 'sliding-scale')
    return `(ratio − ${scheme.fromRatio}) ÷ (${scheme.toRatio} − ${scheme.fromRatio}), between 0 and 1`
  if (scheme.name === 'usef') return '1: the shortfall is charged at the penalty price instead'
  return `1 at ${scheme.graceRatio} and over, less ${scheme.slope} × the shortfall below it, 0 at ${scheme.floorRatio} and under`
}

/** The arithmetic of a line, in the order in which a reader would do it. The figures are those of the line. */
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
