import type { z } from 'zod'
import type { loadForecast } from '../../../../schemas/planning/load.ts'
import { resolutionMinutes } from '../../../../schemas/vocabulary/units.ts'
import { daySpan, type Series } from '../../../shared/chart/series.ts'
import { count, power } from '../../../shared/format/power.ts'
import { timeOfDay } from '../../../shared/format/time.ts'
import { unitFor } from './headroom.ts'

type Forecast = z.infer<typeof loadForecast>

/** The unit in which a forecast reads best. */
export function forecastUnit({ values }: Forecast, targetW: number | null) {
  return unitFor(Math.max(targetW ?? 0, ...values.map((value) => value ?? 0)))
}

/** A day's forecast as a dashed line, its target as the level that it is to be kept under. */
export function forecastSeries(forecast: Forecast, targetW: number | null): Series[] {
  const { from, to } = daySpan(forecast.tradingDay)
  const stepMs = resolutionMinutes[forecast.resolution] * 60_000
  const { kw } = forecastUnit(forecast, targetW)
  const scaled = (watts: number | null) => (watts === null ? null : watts / 1_000 / kw)
  const target: Series = {
    label: 'Target level',
    colour: 'text',
    stepped: true,
    width: 1.6,
    points: targetW === null ? [] : [from, to].map((x) => ({ x, y: scaled(targetW) })),
  }
  const points = forecast.values.map((value, i) => ({ x: from + i * stepMs, y: scaled(value) }))
  const expected: Series = {
    label: 'Expected load',
    colour: 'accent',
    stepped: true,
    dashed: true,
    width: 1.8,
    points: [...points, { x: to, y: points.at(-1)?.y ?? null }],
    ...(targetW === null ? {} : { headroomTo: target }),
  }
  return [expected, target]
}

/** A day's forecast in one line: how often and by how much it is over the target. */
export function forecastInWords(forecast: Forecast, targetW: number | null): string {
  const { from } = daySpan(forecast.tradingDay)
  const stepMs = resolutionMinutes[forecast.resolution] * 60_000
  const known = forecast.values.flatMap((watts, i) => (watts === null ? [] : [{ at: from + i * stepMs, watts }]))
  const [first] = known
  if (!first) return 'No load is forecast for this day.'
  const peak = known.reduce((a, b) => (b.watts > a.watts ? b : a), first)
  const highest = `Expected to peak at ${power(peak.watts)} at ${timeOfDay(peak.at)}`
  if (targetW === null) return `${highest}; no target level is known.`
  const over = known.filter(({ watts }) => watts > targetW).length
  if (over === 0) return `${highest}, ${power(targetW - peak.watts)} under the target level.`
  return `${highest}, ${power(peak.watts - targetW)} over the target level; over it in ${count(over, 'period')}.`
}
