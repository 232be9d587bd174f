import { type LinearProgram, ProgramBuilder } from '../../../../platform/linear-programs/index.ts'
import { addBattery, addSolar, type SiteBattery } from './own-supply.ts'
import type { SoonestWeek } from './soonest.ts'
import { leastShare, periodH, type SiteStay, siteStays, taperFrom, taperPerKwh, weekPeriods } from './week.ts'

/** What a smart scenario is to achieve. Powers in kW by half-hour of the week; prices in p/kWh. */
export interface ChargingAim {
  /** The least peak of the site, or the least cost of energy. */
  least: 'peak' | 'cost'
  /** What the rest of the site draws. */
  backgroundKw: Float64Array
  price: Float64Array
  /** What the site may draw; `null` where nothing limits it. */
  limitKw: Float64Array | null
  /** What a solar array could give. */
  solarKw?: Float64Array | null
  battery?: SiteBattery | null
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
    const { name, usableKwh, chargeKw } = vehicle.group
    const key = [
      name,
      usableKwh,
      chargeKw,
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

/** What a solution says, kW by half-hour: each class, the solar energy that is used, and the battery, where charging is positive. */
export interface ReadPlan {
  classKw: Float64Array[]
  solarKw: Float64Array | null
  batteryKw: Float64Array | null
}

/** The model, and how to read its solution. */
export interface ChargingModel {
  model: LinearProgram
  read(solution: ArrayLike<number>): ReadPlan
}

/** A column that is read as power in a half-hour of a class. */
interface Place {
  of: number
  period: number
  column: number
}

/**
 * The linear program of a week. A column is the power of a class in a half-hour in which it has a charge point, kW; another is what is in its
 * batteries when it leaves, kWh, at least what the journey takes above the reserve, at most full. A row for each stay ties the two; a row
 * for each half-hour adds up the site. Within a stay nothing is taken from a battery, so that its end is the only place to look, unless
 * vehicles taper: then the level of each half-hour has a column of its own.
 */
export function chargingModel(classes: readonly VehicleClass[], aim: ChargingAim): ChargingModel {
  const builder = new ProgramBuilder()
  for (let t = 0; t < weekPeriods; t++) addSiteRow(builder, aim, t)
  const places: Place[] = []
  for (const [of, each] of classes.entries()) {
    let stored: number | null = null
    for (const [i, stay] of siteStays(each.week.vehicle).entries())
      stored = addStay({ builder, aim, each, places, of }, i, stay, stored)
  }
  const energyPrice = aim.least === 'cost' ? aim.price : null
  const solar = aim.solarKw ? addSolar(builder, aim.solarKw, energyPrice) : null
  const battery = aim.battery ? addBattery(builder, aim.battery, energyPrice) : null
  if (aim.least === 'peak') {
    const entries = Array.from({ length: weekPeriods }, (_, t): [number, number] => [t, -1])
    builder.column({ cost: 1, lower: 0, upper: Infinity, entries })
  }
  return {
    model: builder.build(),
    read(solution) {
      const classKw = classes.map(() => new Float64Array(weekPeriods))
      for (const { of, period, column } of places) {
        const own = classKw[of]
        if (own) own[period] = Math.max(0, solution[column] ?? 0)
      }
      return { classKw, solarKw: solar?.(solution) ?? null, batteryKw: battery?.(solution) ?? null }
    },
  }
}

function addSiteRow(
  builder: ProgramBuilder,
  { least, backgroundKw, limitKw, solarKw, battery }: ChargingAim,
  t: number,
) {
  const background = backgroundKw[t] ?? 0
  if (least === 'peak') return builder.row(-Infinity, -background)
  // What the site supplies itself is used or left; it is not exported.
  const lower = solarKw || battery ? -background : -Infinity
  return builder.row(lower, limitKw ? (limitKw[t] ?? 0) - background : Infinity)
}

interface Adding {
  builder: ProgramBuilder
  aim: ChargingAim
  each: VehicleClass
  places: Place[]
  of: number
}

/** Adds a stay. @param stored the column of the level when it left before. @returns that of the level at the end of this one. */
function addStay(adding: Adding, i: number, stay: SiteStay, stored: number | null): number {
  const { builder, aim, each, places, of } = adding
  const { week, keys } = each
  const { group, startKwh } = week.vehicle
  // stored now − stored before − charged = −what the journey before took; the first begins with the start of the week.
  let beforeKwh = (i === 0 ? startKwh : -(week.tripKwh[i - 1] ?? 0)) * keys.length
  let before = stored
  let row = builder.row(beforeKwh, beforeKwh)
  if (before !== null) builder.enter(before, row, -1)
  for (let t = stay.from; t < stay.to; t++) {
    if (!week.plugged[t]) continue
    const cost = aim.least === 'cost' ? (aim.price[t] ?? 0) * periodH : 0
    const upper = group.chargeKw * keys.length
    const power = builder.column({ cost, lower: 0, upper, entries: [[t, 1]] })
    places.push({ of, period: t, column: power })
    builder.enter(power, row, -periodH)
    if (!group.tapers) continue
    before = addLevel(adding, row, power)
    beforeKwh = 0
    row = builder.row(beforeKwh, beforeKwh)
    builder.enter(before, row, -1)
  }
  const bounds = storedBounds(week, i, stay.trip !== null, keys.length)
  return builder.column({ cost: 0, ...bounds, entries: [[row, 1]] })
}

/** Adds the level at the end of a half-hour, kWh, and how it holds back the power of vehicles that taper. */
function addLevel({ builder, each }: Adding, row: number, power: number): number {
  const { group } = each.week.vehicle
  const count = each.keys.length
  const level = builder.column({ cost: 0, lower: 0, upper: group.usableKwh * count, entries: [[row, 1]] })
  const perKwh = taperPerKwh(group)
  const taper = builder.row(-Infinity, group.chargeKw * (1 + perKwh * taperFrom * group.usableKwh) * count)
  builder.enter(power, taper, 1)
  builder.enter(level, taper, group.chargeKw * perKwh)
  return level
}

function storedBounds({ vehicle, tripKwh, reachedEndKwh }: SoonestWeek, i: number, hasTrip: boolean, count: number) {
  const { usableKwh } = vehicle.group
  const isLast = i === siteStays(vehicle).length - 1
  const tripNeedsKwh = hasTrip ? (tripKwh[i] ?? 0) + leastShare * usableKwh : leastShare * usableKwh
  const lower = Math.max(Math.min(tripNeedsKwh, usableKwh), isLast ? reachedEndKwh : 0)
  // A week ends with what it began with, and not with more: otherwise two plans would differ by what they charge.
  const upper = isLast ? lower : Math.max(usableKwh, lower)
  return { lower: lower * count, upper: upper * count }
}
