import type { z } from 'zod'
import type { Baseline, BaselineMethod, meteredDay } from '../../../../schemas/metering.ts'
import type { Series } from '../../../shared/chart/series.ts'
import { energy } from '../../../shared/format/power.ts'
import { methodWords } from './words.ts'

/** Methods that need no contract. */
export const comparedMethods = [
  'recent-history',
  'mid-8-in-10',
  'bl01',
  'nominated',
] as const satisfies BaselineMethod[]
export type ComparedMethod = (typeof comparedMethods)[number]

type Metered = z.infer<typeof meteredDay>

/** Wh in a quarter-hour as mean kW. */
function meanKw(energyWh: number | null): number | null {
  return energyWh === null ? null : (energyWh * 4) / 1_000
}

/** What was metered as a line, the chosen baseline dashed with it, the others thin behind. */
export function baselineSeries(
  metered: Metered | undefined,
  baselines: readonly Baseline[],
  chosen: ComparedMethod,
): Series[] {
  const others = baselines.filter((each) => each.method !== chosen)
  const own = baselines.find((each) => each.method === chosen)
  const lineOf = (each: Baseline, colour: 'accent' | 'secondary', width: number): Series => ({
    label: `Baseline: ${methodWords[each.method]}`,
    colour,
    width,
    stepped: true,
    dashed: true,
    points: each.periods.map((p) => ({ x: Date.parse(p.from), y: meanKw(p.energyWh) })),
  })
  return [
    {
      label: 'Metered',
      colour: 'text',
      width: 1.6,
      stepped: true,
      points: (metered?.periods ?? []).map((p) => ({ x: Date.parse(p.from), y: meanKw(p.energyWh) })),
    },
    ...(own ? [lineOf(own, 'accent', 1.8)] : []),
    ...others.map((each) => lineOf(each, 'secondary', 1)),
  ]
}

/** Energy of a day's periods, Wh; `null` where none is known. */
export function dayEnergy(periods: readonly { energyWh: number | null }[]): number | null {
  const known = periods.flatMap((p) => (p.energyWh === null ? [] : [p.energyWh]))
  return known.length === 0 ? null : known.reduce((sum, wh) => sum + wh, 0)
}

/** The chosen baseline against what was metered, in a line. */
export function baselineInWords(metered: Metered | undefined, own: Baseline | undefined): string {
  const baselineWh = dayEnergy(own?.periods ?? [])
  if (!own || baselineWh === null) return 'This method has too few comparable days for a baseline.'
  const meteredWh = dayEnergy(metered?.periods ?? [])
  const head = `Baseline of ${energy(baselineWh)} by ${methodWords[own.method]}`
  if (meteredWh === null) return `${head}; nothing metered yet.`
  return `${head}; metered ${energy(meteredWh)}.`
}
