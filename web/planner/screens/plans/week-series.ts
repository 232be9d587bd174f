import type { ChartAxis } from '../../../shared/chart/line-chart.tsx'
import type { Point, Series } from '../../../shared/chart/series.ts'
import type { Token } from '../../../shared/theme.ts'
import { weekTime } from './words.ts'

/** What a chart of plans shows: the whole week, or the most of its working days or of its weekend. */
export type WeekSpan = 'week' | 'weekday' | 'weekend'

export const spanWords: Record<WeekSpan, string> = {
  week: 'Week',
  weekday: 'Mon to Fri',
  weekend: 'Sat and Sun',
}

/** A line over the half-hours of a week from Monday 00:00, kW. */
export interface WeekLine {
  label: string
  colour: Token
  kw: readonly number[]
  dashed?: boolean
}

const halfHoursOfDay = 48

/** The half-hours of a span: of a day type, each has the most of its days. @returns kW */
export function spanOf(kw: readonly number[], span: WeekSpan): number[] {
  if (span === 'week') return [...kw]
  const days = span === 'weekday' ? [0, 1, 2, 3, 4] : [5, 6]
  return Array.from({ length: halfHoursOfDay }, (_, slot) =>
    Math.max(...days.map((day) => kw[day * halfHoursOfDay + slot] ?? 0)),
  )
}

/** What a half-hour of a span is called: `Mon 17:30`, or `17:30` of a day type. */
export function placeName(t: number, span: WeekSpan): string {
  const text = weekTime(Math.floor(t))
  return span === 'week' ? text : text.slice(4)
}

const weekAxis: ChartAxis = {
  from: 0,
  to: 7 * halfHoursOfDay,
  ticksFor: () => Array.from({ length: 7 }, (_, day) => day * halfHoursOfDay),
  tickText: (t) => weekTime(t).slice(0, 3),
  placeText: (t) => placeName(t, 'week'),
}

const dayAxis: ChartAxis = {
  from: 0,
  to: halfHoursOfDay,
  ticksFor: (width) => {
    const every = width < 520 ? 12 : 6
    return Array.from({ length: halfHoursOfDay / every + 1 }, (_, i) => i * every)
  },
  tickText: (t) => (t === halfHoursOfDay ? '24:00' : placeName(t, 'weekday')),
  placeText: (t) => placeName(t, 'weekday'),
}

/** Half-hours of a week, or of a day. */
export function axisOf(span: WeekSpan): ChartAxis {
  return span === 'week' ? weekAxis : dayAxis
}

/** Lines as the chart draws them: steps of half-hours, the last one as wide as the others. */
export function seriesOf(lines: readonly WeekLine[], span: WeekSpan, capacityKw: number | null): Series[] {
  const { from, to } = axisOf(span)
  const limit: Series | null =
    capacityKw === null
      ? null
      : {
          label: 'Agreed capacity',
          colour: 'text',
          stepped: true,
          width: 1.6,
          points: [from, to].map((x) => ({ x, y: capacityKw })),
        }
  const drawn = lines.map(({ label, colour, kw, dashed = false }): Series => {
    const values = spanOf(kw, span)
    const points: Point[] = [...values, values.at(-1) ?? 0].map((y, x) => ({ x, y }))
    return { label, colour, dashed, stepped: true, width: 1.6, points }
  })
  return limit ? [...drawn, limit] : drawn
}

/** A half-hour of the table view. */
export interface WeekRow {
  t: number
  kw: readonly number[]
}

/** The same figures as rows, one a half-hour. */
export function rowsOf(lines: readonly WeekLine[], span: WeekSpan): WeekRow[] {
  const columns = lines.map(({ kw }) => spanOf(kw, span))
  return Array.from({ length: axisOf(span).to }, (_, t) => ({ t, kw: columns.map((values) => values[t] ?? 0) }))
}
