import type { BaselineComparison } from '../../../../schemas/settlement/statements.ts'
import { Money } from '../../../../schemas/vocabulary/money.ts'
import type { Series } from '../../../shared/chart/series.ts'
import { energy, gbp } from '../../../shared/format/power.ts'
import { methodWords } from './words.ts'

export type Compared = BaselineComparison['methods'][number]

/** What a method is chosen by in the address. */
export function keyOf({ method, inDayAdjustment }: Pick<Compared, 'method' | 'inDayAdjustment'>): string {
  return inDayAdjustment ? `${method}-adjusted` : method
}

/** A method in words, with its adjustment. */
export function comparedWords({ method, inDayAdjustment }: Pick<Compared, 'method' | 'inDayAdjustment'>): string {
  return inDayAdjustment ? `${methodWords[method]}, adjusted on the day` : methodWords[method]
}

/** The method to begin with: the contract’s, else the first that has a baseline. */
export function chosenOf(comparison: BaselineComparison, asked: string | undefined): Compared | undefined {
  const { methods } = comparison
  return (
    methods.find((each) => keyOf(each) === asked) ??
    methods.find((each) => each.isInForce) ??
    methods.find((each) => dayEnergy(each.energyWh) !== null)
  )
}

/** Wh in a quarter-hour as mean kW. */
function meanKw(energyWh: number | null): number | null {
  return energyWh === null ? null : (energyWh * 4) / 1_000
}

/** What was metered as a line, the chosen baseline dashed with it, what was asked below it, the others thin behind. */
export function baselineSeries(comparison: BaselineComparison, chosen: Compared | undefined): Series[] {
  const { periods, methods } = comparison
  const points = (values: readonly (number | null)[]) =>
    values.map((y, i) => ({ x: Date.parse(periods[i]?.from ?? ''), y }))
  const lineOf = (each: Compared, colour: 'accent' | 'secondary', width: number): Series => ({
    label: `Baseline: ${comparedWords(each)}`,
    colour,
    width,
    stepped: true,
    dashed: true,
    points: points(each.energyWh.map(meanKw)),
  })
  const isAsked = periods.some((period) => period.instructedW !== null)
  return [
    {
      label: 'Metered',
      colour: 'text',
      width: 1.6,
      stepped: true,
      points: points(periods.map((period) => meanKw(period.meteredWh))),
    },
    ...(chosen ? [lineOf(chosen, 'accent', 1.8)] : []),
    ...(chosen && isAsked
      ? [
          {
            label: 'Baseline less turn-down instructed',
            colour: 'amber' as const,
            width: 1.8,
            stepped: true,
            points: points(
              periods.map(({ instructedW }, i) => {
                const own = meanKw(chosen.energyWh[i] ?? null)
                return own === null || instructedW === null ? null : Math.max(0, own - instructedW / 1_000)
              }),
            ),
          },
        ]
      : []),
    ...methods.filter((each) => each !== chosen).map((each) => lineOf(each, 'secondary', 1)),
  ]
}

/** Energy of a day's quarter-hours, Wh; `null` where none is known. */
export function dayEnergy(values: readonly (number | null)[]): number | null {
  const known = values.filter((wh) => wh !== null)
  return known.length === 0 ? null : known.reduce((sum, wh) => sum + wh, 0)
}

/** What a method pays more (or less) than the one that the contract is settled by; `null` where either is not known. */
export function moreThanInForce(comparison: BaselineComparison, own: Compared): string | null {
  const inForce = comparison.methods.find((each) => each.isInForce)
  if (!inForce || inForce === own || inForce.amountGbp === null || own.amountGbp === null) return null
  return new Money(own.amountGbp).minus(inForce.amountGbp).toFixed(2)
}

/** The chosen baseline against what was metered, and what it pays, in a line. */
export function baselineInWords(comparison: BaselineComparison, own: Compared | undefined): string {
  const baselineWh = own ? dayEnergy(own.energyWh) : null
  if (!own || baselineWh === null) return 'This method has too few comparable days for a baseline.'
  const meteredWh = dayEnergy(comparison.periods.map((period) => period.meteredWh))
  const head = `Baseline of ${energy(baselineWh)} by ${comparedWords(own)}`
  const metered = meteredWh === null ? 'nothing metered yet' : `metered ${energy(meteredWh)}`
  const pay = own.amountGbp === null ? 'no contract on this day' : `pays ${gbp(own.amountGbp)}`
  return `${head}; ${metered}; ${pay}.`
}
