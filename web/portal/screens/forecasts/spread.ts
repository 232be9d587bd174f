import { LocalDate } from '@js-joda/core'
import type { ForecastAccuracy, QuantileForecast } from '../../../../schemas/planning/own-forecast.ts'
import { periodStarts } from '../../../../schemas/vocabulary/time.ts'
import { daySpan, type Series } from '../../../shared/chart/series.ts'
import { count, kw, percent, power } from '../../../shared/format/power.ts'
import { timeOfDay } from '../../../shared/format/time.ts'
import { unitFor } from '../network/headroom.ts'

/** A half-hour of a forecast; `null` where it has none. */
export interface SpreadRow {
  at: number
  lowW: number | null
  middleW: number | null
  highW: number | null
  uploadedW: number | null
}

/** A forecast by half-hour: 46, 48 or 50 of them. */
export function spreadRows({ tradingDay, p10W, p50W, p90W, uploadedW }: QuantileForecast): SpreadRow[] {
  return periodStarts(LocalDate.parse(tradingDay), 'PT30M').map((at, i) => ({
    at: at.toEpochMilli(),
    lowW: p10W[i] ?? null,
    middleW: p50W[i] ?? null,
    highW: p90W[i] ?? null,
    uploadedW: uploadedW[i] ?? null,
  }))
}

/** Whether there is anything of a forecast to show. */
export function isEmpty(forecast: QuantileForecast): boolean {
  return spreadRows(forecast).every(({ middleW, uploadedW }) => middleW === null && uploadedW === null)
}

/** The unit in which a forecast reads best. */
export function spreadUnit(forecast: QuantileForecast) {
  const all = spreadRows(forecast).flatMap(({ highW, uploadedW }) => [highW ?? 0, uploadedW ?? 0])
  return unitFor(Math.max(0, ...all))
}

/** The middle of a forecast as a dashed line within its shaded spread; what was uploaded as a line of its own. */
export function spreadSeries(forecast: QuantileForecast): Series[] {
  const rows = spreadRows(forecast)
  const { kw: per } = spreadUnit(forecast)
  const { to } = daySpan(forecast.tradingDay)
  const line = (of: (row: SpreadRow) => number | null) => {
    const points = rows.map((row) => ({ x: row.at, y: scaled(of(row), per) }))
    return [...points, { x: to, y: points.at(-1)?.y ?? null }]
  }
  const [low, middle, high] = [line((row) => row.lowW), line((row) => row.middleW), line((row) => row.highW)]
  const common = { colour: 'accent', stepped: true } as const
  const upper: Series = { ...common, label: 'Exceeded in 1 of 10', width: 0.8, points: high }
  const own: Series[] = [
    { ...common, label: 'Exceeded in 9 of 10', width: 0.8, points: low, spreadTo: upper },
    { ...common, label: 'Expected (median)', dashed: true, width: 1.8, points: middle },
    upper,
  ]
  const uploaded: Series = {
    label: 'Uploaded, in use',
    colour: 'text',
    stepped: true,
    dashed: true,
    width: 1.6,
    points: line((row) => row.uploadedW),
  }
  const isKnown = ({ points }: Series) => points.some(({ y }) => y !== null)
  return [...own, uploaded].filter(isKnown)
}

const scaled = (watts: number | null, per: number) => (watts === null ? null : watts / 1_000 / per)

/** A forecast in one line: when it is highest, and how wide its spread is then. */
export function spreadInWords(forecast: QuantileForecast): string {
  const rows = spreadRows(forecast)
  const peak = rows.reduce<SpreadRow | null>(
    (best, row) => ((row.middleW ?? -Infinity) > (best?.middleW ?? -Infinity) ? row : best),
    null,
  )
  const uploaded = rows.filter(({ uploadedW }) => uploadedW !== null).length
  const second =
    uploaded === 0
      ? ''
      : ` ${count(uploaded, 'half-hour')} ${uploaded === 1 ? 'was' : 'were'} uploaded and ${uploaded === 1 ? 'takes' : 'take'} precedence.`
  if (peak?.middleW == null) return `The server has no forecast of its own.${second}`
  const spread =
    peak.lowW === null || peak.highW === null
      ? ''
      : `; in 8 of 10 such half-hours from ${power(peak.lowW)} to ${power(peak.highW)}`
  return `Expected to be highest at ${timeOfDay(peak.at)} with ${power(peak.middleW)}${spread}.${second}`
}

/** Which forecast counts. */
export const inUseWords: Record<QuantileForecast['inUse'], string> = {
  uploaded: 'the uploaded one, where there is one; else the server’s own',
  own: 'the server’s own',
  none: 'none: no need for flexibility follows from this day',
}

/** How well forecasts met what came, in words: `off by 12.3 kW, 41.0 % less than last week’s load`. */
export function errorInWords({ maeW, maeLastWeekW }: ForecastAccuracy): string {
  const off = `off by ${kw(maeW)} on average`
  if (maeLastWeekW === null || maeLastWeekW === 0) return off
  const gain = 1 - maeW / maeLastWeekW
  return `${off}, ${percent(Math.abs(gain), 0)} ${gain >= 0 ? 'less' : 'more'} than the load of a week before`
}

/** How often the load lay within the band, against what the band promises. */
export function coverageInWords({ coverage }: Pick<ForecastAccuracy, 'coverage'>): string {
  return `${percent(coverage, 0)} of half-hours lay within the band, which promises 80\u00a0%`
}
