import {
  calendarOf,
  type DayForecast,
  type DayGrid,
  forecastLoad,
  type Outcome,
  outcomeDays,
  type WeatherGrids,
  widthFactor,
} from '../server/planning/load-model/model/index.ts'
import { type LoadFile, readLoadFile } from './forecast/file.ts'

/** Days at the end of the file that are forecast, each from what was known at its midnight. */
const testDays = 40

/** The file that is used without `--file`: four Dutch substations. */
const defaultFile = new URL('../../shared/data/load/nl_substations_15min.csv', import.meta.url).pathname

/**
 * Forecasts each of the last 40 days of a file at its midnight and compares the medians with two naive forecasts: the load of a week ago,
 * and the mean of four weeks. The weather of the day stands for its forecast. `skill` is the mean over the series of 1 − error / the
 * better naive error; goals: at least 0.15, with `coverage` of the band from the 10 % to the 90 % quantile between 0.75 and 0.85.
 */
export async function run(options: Record<string, string>): Promise<Record<string, unknown>> {
  const file = await readLoadFile(options['file'] ?? defaultFile)
  if (file.days.length < testDays + 28) throw new Error(`The file holds ${file.days.length} whole days: 68 are needed.`)
  let fitMs = 0
  const timed = (load: DayGrid, day: number) => {
    const startedAt = performance.now()
    const forecast = forecastDay(file, load, day)
    fitMs += performance.now() - startedAt
    return forecast
  }
  const series = file.loads.map(({ name, grid }) => ({ name, ...score(file, grid, (day) => timed(grid, day)) }))
  const skills = series.map((one) => 1 - one.mae / Math.min(one.maeLastWeek, one.maeFourWeeks))
  const skill = rounded(skills.reduce((sum, one) => sum + one, 0) / skills.length, 4)
  return {
    series,
    skill,
    fitMs: Math.round(fitMs),
    days: testDays,
    withWeather: file.weather !== null,
    goalSkill: 0.15,
  }
}

/** The forecast issued at the midnight with which a day begins. */
function forecastDay({ days, slots, weather }: LoadFile, load: DayGrid, day: number): DayForecast {
  const known = load.slice(0, (day + 2) * slots).fill(Number.NaN, day * slots)
  // The second day to come may lie past the end of the file: its weather is unknown.
  const until = (grid: DayGrid) => {
    const cut = new Float64Array((day + 2) * slots).fill(Number.NaN)
    cut.set(grid.subarray(0, (day + 2) * slots))
    return cut
  }
  const padded = new Float64Array((day + 2) * slots).fill(Number.NaN)
  padded.set(known)
  const grids: WeatherGrids | null = weather && {
    temperatureC: until(weather.temperatureC),
    radiationWM2: until(weather.radiationWM2),
    windSpeedMS: until(weather.windSpeedMS),
    cloudPercent: until(weather.cloudPercent),
  }
  const first = days[0]
  if (!first) throw new Error('The file holds no whole day.')
  const span = Array.from({ length: day + 2 }, (_, n) => first.plusDays(n))
  const [forecast] = forecastLoad({ ...calendarOf(span), slots, load: padded, weather: grids })
  if (!forecast) throw new Error('A forecast has two days.')
  return forecast
}

interface Score {
  mae: number
  maeLastWeek: number
  maeFourWeeks: number
  coverage: number
}

function score({ days, slots }: LoadFile, load: DayGrid, forecastOf: (day: number) => DayForecast): Score {
  const errors = { own: [] as number[], lastWeek: [] as number[], fourWeeks: [] as number[] }
  const outcomes: Outcome[][] = []
  let held = 0
  for (let day = days.length - testDays; day < days.length; day++) {
    const { median, band } = forecastOf(day)
    const factor = widthFactor(outcomes.slice(-outcomeDays).flat(), Math.min(outcomes.length, outcomeDays))
    const today: Outcome[] = []
    for (let slot = 0; slot < slots; slot++) {
      const at = (weeks: number) => load[(day - 7 * weeks) * slots + slot] ?? Number.NaN
      const known = [1, 2, 3, 4].map(at).filter((w) => !Number.isNaN(w))
      const error = at(0) - (median[slot] ?? Number.NaN)
      if (Number.isNaN(error)) continue
      const [low, high] = [band.low[slot] ?? 0, band.high[slot] ?? 0]
      errors.own.push(Math.abs(error))
      if (!Number.isNaN(at(1))) errors.lastWeek.push(Math.abs(at(0) - at(1)))
      const mean = known.reduce((sum, w) => sum + w, 0) / known.length
      if (known.length > 0) errors.fourWeeks.push(Math.abs(at(0) - mean))
      if (error >= factor * low && error <= factor * high) held++
      today.push({ error, low, high })
    }
    outcomes.push(today)
  }
  const mean = (list: readonly number[]) => rounded(list.reduce((sum, one) => sum + one, 0) / list.length, 6)
  return {
    mae: mean(errors.own),
    maeLastWeek: mean(errors.lastWeek),
    maeFourWeeks: mean(errors.fourWeeks),
    coverage: rounded(held / errors.own.length, 4),
  }
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
