import type { z } from 'zod'
import type { Baseline } from '../../../../../schemas/settlement/baselines.ts'
import type { MeterSource, meteredDay, meterMark } from '../../../../../schemas/settlement/metering.ts'
import type { Point, Series } from '../../../../shared/chart/series.ts'
import { count, energy } from '../../../../shared/format/power.ts'

export type MeteredDay = z.infer<typeof meteredDay>
type Mark = z.infer<typeof meterMark>

export const sourceWords: Record<MeterSource, string> = {
  upload: 'uploaded by the FSP',
  hub: 'measured by the hub',
  'hub-derived': 'derived by the hub from current',
}

export const markWords: Record<Mark, string> = {
  apportioned: 'half of a half-hour',
  dropout: 'register fell and returned',
  estimated: 'estimated by its sender',
  incomplete: 'a meter has no value',
}

/** A quarter-hour of a metered day beside its baseline. */
export interface QuarterHour {
  from: string
  meteredWh: number | null
  baselineWh: number | null
  /** What was imported less than the baseline, Wh; negative for more. */
  lessWh: number | null
  source: MeterSource | null
  revision: number | null
  marks: readonly Mark[]
}

/** A day's quarter-hours with a baseline; without one, as metered. */
export function quarterHoursOf(
  day: Pick<MeteredDay, 'periods'>,
  baseline: Pick<Baseline, 'periods'> | undefined,
): QuarterHour[] {
  const expected = new Map(baseline?.periods.map(({ from, energyWh }) => [Date.parse(from), energyWh]))
  return day.periods.map(({ from, energyWh, source, revision, marks }) => {
    const baselineWh = expected.get(Date.parse(from)) ?? null
    const lessWh = energyWh === null || baselineWh === null ? null : baselineWh - energyWh
    return { from, meteredWh: energyWh, baselineWh, lessWh, source, revision, marks }
  })
}

/** Wh in a quarter-hour as mean kW. */
function meanKw(energyWh: number | null): number | null {
  return energyWh === null ? null : (energyWh * 4) / 1_000
}

/** Whether a value is not simply what a meter measured. */
export function isDoubtful({ marks, source }: QuarterHour): boolean {
  return marks.length > 0 || source === 'hub-derived'
}

const quarterHourMs = 900_000

/** Metered power as a line, violet where it is not simply measured, and the baseline dashed with it. */
export function daySeries(rows: readonly QuarterHour[], baselineLabel: string | null): Series[] {
  const doubtful = new Set(rows.filter(isDoubtful).map(({ from }) => Date.parse(from)))
  const points = (of: (row: QuarterHour) => number | null): Point[] => {
    const own = rows.map((row) => ({ x: Date.parse(row.from), y: meanKw(of(row)) }))
    const last = own.at(-1)
    // A value holds for its quarter-hour, the last one too.
    return last ? [...own, { x: last.x + quarterHourMs, y: last.y }] : []
  }
  const metered: Series = {
    label: 'Metered',
    colour: 'text',
    width: 1.6,
    stepped: true,
    points: points(({ meteredWh }) => meteredWh),
    // The chart asks at the end of a step, which is the start of the next quarter-hour.
    doubtful: ({ x }) => doubtful.has(x - quarterHourMs),
  }
  if (baselineLabel === null) return [metered]
  const baseline: Series = {
    label: baselineLabel,
    colour: 'accent',
    width: 1.8,
    stepped: true,
    dashed: true,
    points: points(({ baselineWh }) => baselineWh),
  }
  return [metered, baseline]
}

/** The day in a line: what is metered of it, and the baseline of the same quarter-hours. */
export function dayInWords(rows: readonly QuarterHour[]): string {
  const metered = rows.filter(({ meteredWh }) => meteredWh !== null)
  if (metered.length === 0) return 'Nothing of this day is metered.'
  const sum = metered.reduce((total, { meteredWh }) => total + (meteredWh ?? 0), 0)
  const missing = rows.length - metered.length
  const gap = missing > 0 ? `, ${count(missing, 'quarter-hour')} missing` : ''
  const marked = rows.filter(isDoubtful).length
  const marks = marked > 0 ? `, ${count(marked, 'quarter-hour')} marked` : ''
  const both = rows.filter(({ lessWh }) => lessWh !== null)
  if (both.length === 0) return `Metered ${energy(sum)}${gap}${marks}; no baseline.`
  const expected = both.reduce((total, { baselineWh }) => total + (baselineWh ?? 0), 0)
  return `Metered ${energy(sum)}${gap}${marks}; baseline of the same quarter-hours ${energy(expected)}.`
}
