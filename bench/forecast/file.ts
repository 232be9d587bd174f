import { readFileSync } from 'node:fs'
import type { LocalDate } from '@js-joda/core'
import { readCsv } from '../../platform/csv/index.ts'
import { dayEnd, instantOf, tradingDayOf } from '../../schemas/vocabulary/time.ts'
import { type Resolution, resolutionMinutes } from '../../schemas/vocabulary/units.ts'
import { type DayGrid, gridOf, type WeatherGrids } from '../../server/planning/load-model/model/index.ts'

/** Loads of several places over whole days, with the weather there, as the file of Dutch substations has them. */
export interface LoadFile {
  days: LocalDate[]
  slots: number
  loads: { name: string; grid: DayGrid }[]
  weather: WeatherGrids | null
}

/** Columns of the weather. Radiation is the sum of an hour, J/m². */
const weatherColumns = {
  temperatureC: ['temp_c', 1],
  radiationWM2: ['radiation_j_m2', 1 / 3_600],
  windSpeedMS: ['windspeed_m_s', 1],
  cloudPercent: ['clouds_pct', 1],
} as const

/** Reads a file of `period_start`, any number of `load_…` and, if it has them, the columns of the weather. */
export async function readLoadFile(path: string): Promise<LoadFile> {
  const { headings, rows } = await readCsv(readFileSync(path, 'utf8'), { maxRows: 1_000_000 })
  const starts = rows.map(({ cells }) => instantOf(cells['period_start'] ?? '').toEpochMilli())
  const resolution: Resolution = starts.some((ms) => (ms / 60_000) % 30 !== 0) ? 'PT15M' : 'PT30M'
  const days = wholeDays(starts, resolution)
  const gridFor = (heading: string, factor = 1) => {
    const values = rows.map(({ cells }) => (cells[heading] ? Number(cells[heading]) * factor : Number.NaN))
    return gridOf(new Map(starts.map((ms, n) => [ms, values[n] ?? Number.NaN])), days, resolution)
  }
  const hasWeather = Object.values(weatherColumns).every(([heading]) => headings.includes(heading))
  const weather = () => ({
    temperatureC: gridFor(...weatherColumns.temperatureC),
    radiationWM2: gridFor(...weatherColumns.radiationWM2),
    windSpeedMS: gridFor(...weatherColumns.windSpeedMS),
    cloudPercent: gridFor(...weatherColumns.cloudPercent),
  })
  const loads = headings.filter((h) => h.startsWith('load_')).map((name) => ({ name, grid: gridFor(name) }))
  return { days, slots: (24 * 60) / resolutionMinutes[resolution], loads, weather: hasWeather ? weather() : null }
}

/** The days from that of the first period to the last day that is there to its end. */
function wholeDays(starts: readonly number[], resolution: Resolution): LocalDate[] {
  const [first = 0, last = 0] = [starts.reduce((a, b) => Math.min(a, b)), starts.reduce((a, b) => Math.max(a, b))]
  const end = last + resolutionMinutes[resolution] * 60_000
  const days: LocalDate[] = []
  const dayOf = (ms: number) => tradingDayOf(instantOf(new Date(ms).toISOString()))
  for (let day = dayOf(first); dayEnd(day).toEpochMilli() <= end; day = day.plusDays(1)) days.push(day)
  return days
}
