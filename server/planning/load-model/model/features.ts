import type { LoadSeries, WeatherGrids } from './series.ts'

/** Rows of features, one per slot of each day, one after the other. A row that holds an unknown is all NaN. */
export interface Features {
  width: number
  rows: Float64Array
}

/** Sine and cosine pairs that draw the course of a day. */
const harmonics = 5
/** Pairs of them that differ on Saturdays and on days of rest. */
const harmonicsOfRest = 4

/** What the calendar says of each slot: the time of day, by kind of day. */
export function calendarFeatures({ kinds, weekdays, slots }: Omit<LoadSeries, 'load' | 'weather'>): Features {
  const width = 2 * harmonics + 2 * (1 + 2 * harmonicsOfRest) + 1
  const rows = new Float64Array(kinds.length * slots * width)
  const waves = Array.from({ length: slots }, (_, slot) => wavesAt(slot / slots))
  for (const [day, kind] of kinds.entries())
    for (let slot = 0; slot < slots; slot++) {
      const wave = waves[slot] ?? []
      const at = (day * slots + slot) * width
      rows.set(wave, at)
      const rest = at + 2 * harmonics + (kind === 'rest' ? 1 + 2 * harmonicsOfRest : 0)
      if (kind !== 'working') rows.set([1, ...wave.slice(0, 2 * harmonicsOfRest)], rest)
      // Monday begins from an idle weekend.
      rows[at + width - 1] = weekdays[day] === 0 ? 1 : 0
    }
  return { width, rows }
}

function wavesAt(share: number): number[] {
  return Array.from({ length: harmonics }, (_, k) => {
    const angle = 2 * Math.PI * (k + 1) * share
    return [Math.sin(angle), Math.cos(angle)]
  }).flat()
}

/** Shares of the known values at which a straight line in wind or temperature may bend. */
const bends = {
  windSpeedMS: [0.2, 0.4, 0.6, 0.8, 0.9],
  temperatureC: [1 / 3, 2 / 3],
  radiationWM2: [0.75],
} as const satisfies Partial<Record<keyof WeatherGrids, readonly number[]>>

/** What the calendar and the weather say of each slot. Wind and sun feed in, heat and cold are met with power; none of it in a straight line. */
export function weatherFeatures(series: LoadSeries & { weather: WeatherGrids }): Features {
  const { kinds, slots, weather } = series
  const calendar = calendarFeatures(series)
  const knots = {
    windSpeedMS: quantilesOf(weather.windSpeedMS, bends.windSpeedMS),
    temperatureC: quantilesOf(weather.temperatureC, bends.temperatureC),
    radiationWM2: quantilesOf(weather.radiationWM2, bends.radiationWM2),
  }
  const rowAt = (index: number, wave: Float64Array): number[] => {
    const [wind, temperature] = [weather.windSpeedMS[index] as number, weather.temperatureC[index] as number]
    const [sun, cloud] = [
      (weather.radiationWM2[index] as number) / 1_000,
      (weather.cloudPercent[index] as number) / 100,
    ]
    const [sin1 = 0, cos1 = 0, sin2 = 0, cos2 = 0] = wave
    return [
      ...bent(wind, knots.windSpeedMS),
      ...bent(
        sun,
        knots.radiationWM2.map((w) => w / 1_000),
      ),
      ...bent(temperature, knots.temperatureC),
      ...[cloud, cloud * cos1, sun * sin1, sun * cos1, wind * sin1, wind * cos1],
      ...[temperature * sin1, temperature * cos1, temperature * sin2, temperature * cos2],
    ]
  }
  const own = rowAt(0, new Float64Array(4)).length
  const width = calendar.width + own
  const rows = new Float64Array(kinds.length * slots * width)
  for (let index = 0; index < kinds.length * slots; index++) {
    const from = index * calendar.width
    const known = calendar.rows.subarray(from, from + calendar.width)
    const given = rowAt(index, known)
    if (given.some(Number.isNaN)) rows.fill(Number.NaN, index * width, (index + 1) * width)
    else {
      rows.set(known, index * width)
      rows.set(given, index * width + calendar.width)
    }
  }
  return { width, rows }
}

/** A value and how far it lies above each knot: the columns of a line that bends there. */
function bent(value: number, knots: readonly number[]): number[] {
  return [value, ...knots.map((knot) => Math.max(0, value - knot))]
}

/** Quantiles of the known values; none are known: zeros. */
export function quantilesOf(values: Iterable<number>, shares: readonly number[]): number[] {
  const known = Float64Array.from([...values].filter((value) => !Number.isNaN(value))).sort()
  return shares.map((share) => sortedQuantile(known, share) ?? 0)
}

/** A quantile of sorted values, between neighbours in a straight line; `undefined` of none. */
export function sortedQuantile(sorted: Float64Array, share: number): number | undefined {
  const place = share * (sorted.length - 1)
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
  return below === undefined || above === undefined ? undefined : below + (above - below) * (place - Math.floor(place))
}
