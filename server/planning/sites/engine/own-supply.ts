import type { ProgramBuilder } from '../../../../platform/linear-programs/index.ts'
import type { SolarOption } from '../../../../schemas/planning/sites/plan.ts'
import { minuteOf, periodH, weekPeriods } from './week.ts'

/** A battery at the site. It holds at the end of the week what it held at the start, whatever that is. */
export interface SiteBattery {
  usableKwh: number
  powerKw: number
  /** What comes out of what goes in, as a share. */
  roundTrip: number
}

/**
 * What a solar array could give, kW by half-hour of the week: the day's insolation × area × efficiency, as half a sine between sunrise and
 * sunset, the same every day.
 */
export function solarWeekKw(solar: SolarOption): Float64Array {
  const dayKwh = (solar.areaM2 * solar.insolationKwhPerM2Day * solar.efficiencyPercent) / 100
  const [sunrise, sunset] = [minuteOf(solar.sunrise), minuteOf(solar.sunset)]
  const phase = (minute: number) =>
    (Math.PI * (Math.min(Math.max(minute, sunrise), sunset) - sunrise)) / (sunset - sunrise)
  return Float64Array.from({ length: weekPeriods }, (_, t) => {
    const minute = (t % 48) * 30
    return (dayKwh * (Math.cos(phase(minute)) - Math.cos(phase(minute + 30)))) / 2 / periodH
  })
}

type Reader = (solution: ArrayLike<number>) => Float64Array

/** Adds what is used of a solar array. @param price p/kWh that it saves; `null` where cost is not the aim. */
export function addSolar(builder: ProgramBuilder, solarKw: Float64Array, price: Float64Array | null): Reader {
  const columns = Array.from(solarKw, (upper, t) =>
    builder.column({ cost: price ? -(price[t] ?? 0) * periodH : 0, lower: 0, upper, entries: [[t, -1]] }),
  )
  return (solution) => Float64Array.from(columns, (column) => solution[column] ?? 0)
}

/** Adds a battery: what goes in and out of it and what it holds, each with half of the losses. */
export function addBattery(builder: ProgramBuilder, battery: SiteBattery, price: Float64Array | null): Reader {
  const oneWay = Math.sqrt(battery.roundTrip)
  const rows = Array.from({ length: weekPeriods }, () => builder.row(0, 0))
  const flows = rows.map((row, t) => {
    const cost = price ? (price[t] ?? 0) * periodH : 0
    const next = rows[(t + 1) % weekPeriods] ?? row
    builder.column({
      cost: 0,
      lower: 0,
      upper: battery.usableKwh,
      entries: [
        [row, 1],
        [next, -1],
      ],
    })
    const bounds = { lower: 0, upper: battery.powerKw }
    const into = builder.column({
      cost,
      ...bounds,
      entries: [
        [t, 1],
        [row, -periodH * oneWay],
      ],
    })
    const out = builder.column({
      cost: -cost,
      ...bounds,
      entries: [
        [t, -1],
        [row, periodH / oneWay],
      ],
    })
    return { into, out }
  })
  return (solution) => Float64Array.from(flows, ({ into, out }) => (solution[into] ?? 0) - (solution[out] ?? 0))
}
