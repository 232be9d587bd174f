import type { SoonestWeek } from './soonest.ts'
import { leastShare, periodH, siteStays, weekPeriods } from './week.ts'

/** What a smart scenario is to achieve. Powers in kW by half-hour of the week; prices in p/kWh. */
export interface ChargingAim {
  /** The least peak of the site, or the least cost of energy. */
  least: 'peak' | 'cost'
  /** What the rest of the site draws. */
  backgroundKw: Float64Array
  price: Float64Array
  /** What the site may draw; `null` where nothing limits it. */
  limitKw: Float64Array | null
}

/** A linear program by columns (CSC). `Infinity` means unbounded. */
export interface LinearModel {
  numCols: number
  numRows: number
  colCost: Float64Array
  colLower: Float64Array
  colUpper: Float64Array
  rowLower: Float64Array
  rowUpper: Float64Array
  starts: Int32Array
  indices: Int32Array
  values: Float64Array
}

/** Vehicles whose weeks are the same: one set of columns for all of them, because the mean of ways to charge is a way to charge. */
export interface VehicleClass {
  week: SoonestWeek
  keys: string[]
}

/** Vehicles by what a plan knows of them. */
export function classesOf(weeks: readonly SoonestWeek[]): VehicleClass[] {
  const classes = new Map<string, VehicleClass>()
  for (const week of weeks) {
    const { vehicle, plugged, tripKwh, reachedEndKwh } = week
    const { name, usableKwh, acKw } = vehicle.group
    const key = [
      name,
      usableKwh,
      acKw,
      vehicle.begins,
      vehicle.startKwh,
      reachedEndKwh,
      tripKwh.join(),
      plugged.join(''),
    ].join('|')
    const known = classes.get(key)
    if (known) known.keys.push(vehicle.key)
    else classes.set(key, { week, keys: [vehicle.key] })
  }
  return [...classes.values()]
}

interface Column {
  cost: number
  lower: number
  upper: number
  entries: [row: number, value: number][]
}

/** The model, and how to read what each class draws from its solution, kW for all its vehicles by half-hour. */
export interface ChargingModel {
  model: LinearModel
  powerOf(solution: ArrayLike<number>): Float64Array[]
}

/**
 * The linear program of a week. A column is the power of a class in a half-hour in which it has a charge point, kW; another is what is in its
 * batteries when it leaves, kWh, at least what the journey takes above the reserve, at most full. A row for each stay ties the two; a row
 * for each half-hour adds up the site. Within a stay nothing is taken from a battery, so that its end is the only place to look.
 */
export function chargingModel(classes: readonly VehicleClass[], aim: ChargingAim): ChargingModel {
  const columns: Column[] = []
  const rows: { lower: number; upper: number }[] = Array.from({ length: weekPeriods }, (_, t) => siteRow(aim, t))
  const places: { of: number; period: number; column: number }[] = []
  for (const [of, { week, keys }] of classes.entries()) {
    let stored = -1
    for (const [i, stay] of siteStays(week.vehicle).entries()) {
      const row = rows.length
      // stored now − stored before − charged = −what the journey before took; the first begins with the start of the week.
      const beforeKwh = i === 0 ? week.vehicle.startKwh : -(week.tripKwh[i - 1] ?? 0)
      rows.push({ lower: beforeKwh * keys.length, upper: beforeKwh * keys.length })
      if (stored >= 0) columns[stored]?.entries.push([row, -1])
      stored = columns.length
      columns.push({ cost: 0, ...storedBounds(week, i, stay.trip !== null, keys.length), entries: [[row, 1]] })
      for (let t = stay.from; t < stay.to; t++) {
        if (!week.plugged[t]) continue
        places.push({ of, period: t, column: columns.length })
        const cost = aim.least === 'cost' ? (aim.price[t] ?? 0) * periodH : 0
        columns.push({
          cost,
          lower: 0,
          upper: week.vehicle.group.acKw * keys.length,
          entries: [
            [t, 1],
            [row, -periodH],
          ],
        })
      }
    }
  }
  if (aim.least === 'peak')
    columns.push({
      cost: 1,
      lower: 0,
      upper: Infinity,
      entries: Array.from({ length: weekPeriods }, (_, t) => [t, -1]),
    })
  return {
    model: assembled(columns, rows),
    powerOf(solution) {
      const powerKw = classes.map(() => new Float64Array(weekPeriods))
      for (const { of, period, column } of places) {
        const own = powerKw[of]
        if (own) own[period] = Math.max(0, solution[column] ?? 0)
      }
      return powerKw
    },
  }
}

function siteRow({ least, backgroundKw, limitKw }: ChargingAim, t: number): { lower: number; upper: number } {
  const background = backgroundKw[t] ?? 0
  if (least === 'peak') return { lower: -Infinity, upper: -background }
  return { lower: -Infinity, upper: limitKw ? (limitKw[t] ?? 0) - background : Infinity }
}

function storedBounds({ vehicle, tripKwh, reachedEndKwh }: SoonestWeek, i: number, hasTrip: boolean, count: number) {
  const { usableKwh } = vehicle.group
  const isLast = i === siteStays(vehicle).length - 1
  const tripNeedsKwh = hasTrip ? (tripKwh[i] ?? 0) + leastShare * usableKwh : leastShare * usableKwh
  const lower = Math.max(Math.min(tripNeedsKwh, usableKwh), isLast ? reachedEndKwh : 0)
  return { lower: lower * count, upper: Math.max(usableKwh, lower) * count }
}

function assembled(columns: readonly Column[], rows: readonly { lower: number; upper: number }[]): LinearModel {
  const count = columns.reduce((sum, { entries }) => sum + entries.length, 0)
  const [starts, indices, values] = [new Int32Array(columns.length + 1), new Int32Array(count), new Float64Array(count)]
  let at = 0
  for (const [c, { entries }] of columns.entries()) {
    starts[c] = at
    for (const [row, value] of entries.toSorted((a, b) => a[0] - b[0])) {
      indices[at] = row
      values[at++] = value
    }
  }
  starts[columns.length] = at
  return {
    numCols: columns.length,
    numRows: rows.length,
    colCost: Float64Array.from(columns, ({ cost }) => cost),
    colLower: Float64Array.from(columns, ({ lower }) => lower),
    colUpper: Float64Array.from(columns, ({ upper }) => upper),
    rowLower: Float64Array.from(rows, ({ lower }) => lower),
    rowUpper: Float64Array.from(rows, ({ upper }) => upper),
    starts,
    indices,
    values,
  }
}
