import { formatGbp, Money } from '../../../../schemas/money.ts'
import type { Statement, StatementLine } from '../../../../schemas/settlement.ts'
import { fixed, gbp } from '../../../shared/format/power.ts'

/** One step of a line's calculation: what it is, how it is reckoned with the figures put in, and what comes out. */
export interface Step {
  name: string
  formula: string
  result: string
}

const wh = (value: number) => `${fixed(value, 1)} Wh`

/** An exact decimal as a reader wants it: at least two places, no more than are there, at most eight. */
function exact(value: Money): string {
  const places = Math.min(8, Math.max(2, value.decimalPlaces()))
  return gbp(value.toDecimalPlaces(places).toFixed(places))
}

/**
 * Redoes a line from its inputs, step by step, as one would by hand (domain section 5). `amountGbp` is what comes out, to be held against
 * what the statement says.
 */
export function arithmeticOf(line: StatementLine, scheme: Statement['scheme']): { steps: Step[]; amountGbp: string } {
  const unpaid = line.flags.length > 0
  const factor = unpaid ? new Money(0) : factorOf(line, scheme)
  const availability = new Money(line.availabilityGbpPerMwH).times(line.contractedW).div(1_000_000).times('0.25')
  const utilisation = new Money(line.utilisationGbpPerMwh).times(line.deliveredWh).div(1_000_000)
  const amountGbp = formatGbp(availability.plus(utilisation).times(factor))
  const steps = [
    ...deliverySteps(line, unpaid),
    {
      name: 'Performance factor',
      formula: unpaid ? 'unpaid, see the flags' : factorInWords(line, scheme),
      result: factor.toString(),
    },
    {
      name: 'Availability',
      formula: `£${line.availabilityGbpPerMwH}/MW/h × ${line.contractedW / 1e6} MW × ¼ h`,
      result: exact(availability),
    },
    {
      name: 'Utilisation',
      formula: `£${line.utilisationGbpPerMwh}/MWh × ${line.deliveredWh / 1e6} MWh`,
      result: exact(utilisation),
    },
    {
      name: 'Amount',
      formula: `(${exact(availability)} + ${exact(utilisation)}) × ${factor.toString()}, rounded half-even to the penny`,
      result: gbp(amountGbp),
    },
  ]
  return { steps, amountGbp }
}

function deliverySteps(line: StatementLine, unpaid: boolean): Step[] {
  if (line.instructedW === null || line.instructedW === 0)
    return [{ name: 'Delivered', formula: 'nothing was instructed', result: wh(line.deliveredWh) }]
  const instructedWh = line.instructedW / 4
  if (unpaid || line.baselineWh === null || line.meteredWh === null)
    return [{ name: 'Delivered', formula: 'cannot be told, see the flags', result: wh(line.deliveredWh) }]
  const difference = line.baselineWh - line.meteredWh
  return [
    { name: 'Instructed', formula: `${fixed(line.instructedW, 0)} W × ¼ h`, result: wh(instructedWh) },
    {
      name: 'Baseline less metered',
      formula: `${wh(line.baselineWh)} − ${wh(line.meteredWh)}`,
      result: wh(difference),
    },
    {
      name: 'Delivered',
      formula: `not less than 0, not more than ${wh(instructedWh)}`,
      result: wh(line.deliveredWh),
    },
    {
      name: 'Delivery ratio',
      formula: `${wh(line.deliveredWh)} ÷ ${wh(instructedWh)}`,
      result: new Money(line.deliveredWh).div(instructedWh).toDecimalPlaces(6).toString(),
    },
  ]
}

function ratioOf(line: StatementLine): Money | null {
  return line.instructedW ? new Money(line.deliveredWh).div(new Money(line.instructedW).times('0.25')) : null
}

function factorOf(line: StatementLine, { graceRatio, slope, floorRatio }: Statement['scheme']): Money {
  const ratio = ratioOf(line)
  if (ratio === null || ratio.gte(graceRatio)) return new Money(1)
  if (ratio.lte(floorRatio)) return new Money(0)
  return Money.max(0, new Money(1).minus(new Money(graceRatio).minus(ratio).times(slope)))
}

function factorInWords(line: StatementLine, { graceRatio, slope, floorRatio }: Statement['scheme']): string {
  const ratio = ratioOf(line)
  if (ratio === null) return 'nothing was instructed'
  const shown = ratio.toDecimalPlaces(6).toString()
  if (ratio.gte(graceRatio)) return `ratio ${shown} is ${graceRatio} or more`
  if (ratio.lte(floorRatio)) return `ratio ${shown} is ${floorRatio} or less`
  return `1 − ${slope} × (${graceRatio} − ${shown})`
}
