import type { Features } from './features.ts'
import { type Linear, linearValue, Moments, ridgeOf } from './moments.ts'
import type { DayGrid, Lead } from './series.ts'

/** Figures of the method. Days weigh half as much after `halfLifeDays`. */
const [halfLifeDays, ridgeOfCourse, ridgeOfDrift] = [60, 3, 30]

/** Days in a row stay together in a fold: a day resembles its neighbours too much to be foretold from them fairly. */
const [foldDays, foldCount] = [3, 6]

/** The fold of a day. */
export function foldOf(day: number): number {
  return Math.floor(day / foldDays) % foldCount
}

/** The history of one place: days of a grid, of which the first `days` are known. */
export interface History {
  slots: number
  days: number
  load: DayGrid
}

/** Forecasts of every slot: by the model of all days, and for each known day by a model that has not seen it. */
export interface Fitted {
  forecast: DayGrid
  unseen: DayGrid
}

/** Fits the course of the load in two stages for one lead: what features say of it, then how the latest days differed from that. */
export function fitCourses(history: History, features: Features): { fit(lead: Lead): Fitted } {
  const parts = partsOf(history, features.rows, features.width, history.load)
  const courses = modelsOf(parts, ridgeOfCourse).map((model) => valuesOf(model, features))
  return {
    fit(lead) {
      const drifts = courses.map((course) => driftFeatures(history, course, lead))
      const residuals = courses.map((course) => history.load.map((w, i) => w - (course[i] as number)))
      const fitted = courses.map((course, n) => {
        const drift = drifts[n] as Features
        const own = partsOf(history, drift.rows, drift.width, residuals[n] as DayGrid)
        const [all, ...without] = modelsOf(own, ridgeOfDrift)
        const model = (n === 0 ? all : without[n - 1]) as Linear
        return course.map((w, i) => w + linearValue(model, drift.rows, i * drift.width))
      })
      const [forecast, ...others] = fitted as [DayGrid, ...DayGrid[]]
      const unseen = forecast.map((_, i) => others[foldOf(Math.floor(i / history.slots))]?.[i] ?? Number.NaN)
      return { forecast, unseen }
    },
  }
}

/** The moments of each fold. */
function partsOf({ days, slots }: History, rows: Float64Array, width: number, wanted: DayGrid): Moments[] {
  const parts = Array.from({ length: foldCount }, () => new Moments(width))
  for (let day = 0; day < days; day++) {
    const part = parts[foldOf(day)] as Moments
    const weight = 0.5 ** ((days - day) / halfLifeDays)
    for (let index = day * slots; index < (day + 1) * slots; index++) {
      const y = wanted[index] as number
      if (!Number.isNaN(y) && !Number.isNaN(rows[index * width] as number)) part.add(rows, index * width, y, weight)
    }
  }
  return parts
}

/** The model of all days, then one without each fold. */
function modelsOf(parts: readonly Moments[], ridge: number): Linear[] {
  const width = parts[0]?.width ?? 0
  const all = parts.reduce((sum, part) => sum.with(part, 1), new Moments(width))
  return [all, ...parts.map((part) => all.with(part, -1))].map((moments) =>
    moments.weight > 0 ? ridgeOf(moments, ridge) : { constant: Number.NaN, slopes: new Float64Array(width) },
  )
}

function valuesOf(model: Linear, { rows, width }: Features): DayGrid {
  return Float64Array.from({ length: rows.length / width }, (_, i) => linearValue(model, rows, i * width))
}

const driftWidth = 8

/**
 * How the latest days known at the time of issue differed from their course: the same slot `lead` days, one week and several weeks ago,
 * and the last day as a whole, its last quarter and its last hour. Nothing known counts as no difference.
 */
function driftFeatures({ slots, load }: History, course: DayGrid, lead: Lead): Features {
  const count = load.length / slots
  const differs = load.map((w, i) => w - (course[i] as number))
  const rows = new Float64Array(count * slots * driftWidth)
  const spanOf = (day: number, from: number) => meanOf(differs, day * slots + from, 1, slots - from)
  for (let day = 0; day < count; day++) {
    const last = day - lead
    const [whole, quarter] = [spanOf(last, 0), spanOf(last, Math.floor(slots * 0.75))]
    const hour = spanOf(last, slots - Math.max(1, Math.round(slots / 24)))
    for (let slot = 0; slot < slots; slot++) {
      const [at, target] = [(day * slots + slot) * driftWidth, day * slots + slot]
      rows[at] = known(differs[last * slots + slot])
      rows[at + 1] = known(whole)
      rows[at + 2] = known(quarter)
      rows[at + 3] = known(differs[target - 7 * slots])
      rows[at + 4] = known(meanOf(differs, last * slots + slot, -slots, 7))
      rows[at + 5] = known(meanOf(differs, target - 7 * slots, -7 * slots, 4))
      rows[at + 6] = lead === 1 ? known(hour) * Math.exp((-6 * slot) / slots) : 0
      rows[at + 7] = known(hour)
    }
  }
  return { width: driftWidth, rows }
}

function known(value: number | undefined): number {
  return value === undefined || Number.isNaN(value) ? 0 : value
}

/** The mean of the known ones of `count` values from a place on, `step` apart; NaN of none. */
function meanOf(values: Float64Array, from: number, step: number, count: number): number {
  let [sum, found] = [0, 0]
  for (let n = 0, at = from; n < count; n++, at += step) {
    const value = values[at]
    if (value === undefined || Number.isNaN(value)) continue
    sum += value
    found++
  }
  return found === 0 ? Number.NaN : sum / found
}
