import type { ForecastAccuracy } from '../../../schemas/planning/own-forecast.ts'
import type { DayGrid, Outcome } from './model/index.ts'

/** A day's forecast as it was issued at the start of that day, and the day's place in the grid of its history. */
export interface IssuedDay {
  day: number
  medianW: readonly number[]
  lowW: readonly number[]
  highW: readonly number[]
  widthFactor: number
}

/** How issued forecasts fared against the load, and the outcomes that decide how wide the next band is. */
export interface Fared {
  accuracy: ForecastAccuracy | null
  outcomes: Outcome[]
  /** Days of which anything is known. */
  days: number
}

/** Compares issued forecasts with what was measured, and the naive ones with it: the load of a week before, and the mean of four weeks. */
export function faredOf(issued: readonly IssuedDay[], loadW: DayGrid, slots: number): Fared {
  const [own, lastWeek, fourWeeks] = [new Mean(), new Mean(), new Mean()]
  const outcomes: Outcome[] = []
  const days = new Set<number>()
  let held = 0
  for (const { day, medianW, lowW, highW, widthFactor } of issued) {
    for (let slot = 0; slot < slots; slot++) {
      const at = (weeks: number) => loadW[(day - 7 * weeks) * slots + slot] ?? Number.NaN
      const error = at(0) - (medianW[slot] ?? Number.NaN)
      if (Number.isNaN(error)) continue
      const [low, high] = [lowW[slot] ?? 0, highW[slot] ?? 0]
      days.add(day)
      outcomes.push({ error, low, high })
      own.add(Math.abs(error))
      lastWeek.add(Math.abs(at(0) - at(1)))
      fourWeeks.add(Math.abs(at(0) - meanKnown([1, 2, 3, 4].map(at))))
      if (error >= widthFactor * low && error <= widthFactor * high) held++
    }
  }
  const maeW = own.value
  if (maeW === null) return { accuracy: null, outcomes, days: 0 }
  const naive = { maeLastWeekW: lastWeek.value, maeFourWeeksW: fourWeeks.value }
  return { accuracy: { days: days.size, maeW, ...naive, coverage: held / outcomes.length }, outcomes, days: days.size }
}

function meanKnown(values: readonly number[]): number {
  const mean = new Mean()
  for (const value of values) mean.add(value)
  return mean.value ?? Number.NaN
}

/** The mean of the values that are known. */
class Mean {
  #sum = 0
  #count = 0

  add(value: number): void {
    if (Number.isNaN(value)) return
    this.#sum += value
    this.#count++
  }

  get value(): number | null {
    return this.#count === 0 ? null : this.#sum / this.#count
  }
}
