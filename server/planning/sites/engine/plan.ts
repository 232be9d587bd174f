import type { PlanInput, PlannedGroup, PlanResult } from '../../../../schemas/planning/sites/plan.ts'
import { clockTime, impossibleJourneys } from './impossible.ts'
import { type ChargingAim, classesOf, type ReadPlan, type VehicleClass } from './model.ts'
import { batteryIn, moneyOf } from './money.ts'
import { notesOn } from './notes.ts'
import { solarWeekKw } from './own-supply.ts'
import { searchCharging } from './search.ts'
import { chargeSmartly, leastExcessKw } from './solver.ts'
import { type SteadyWeek, steadyWeeks } from './steady.ts'
import { profileWeekKw, weekPrices } from './tariff.ts'
import { minuteOf, periodH, type VehicleGroup, weekPeriods } from './week.ts'

/** The version of the method. It rises with every change after which an input can have another result. */
export const engineVersion = 'site-plan 1'

/** Shares of the work that are done once the vehicles were followed, and once they charge: nearly all of the time goes to the second. */
const [afterDriving, afterCharging] = [0.1, 0.9]

type Note = (progress: number) => void

/**
 * Plans a typical week of a site, after a search for charge points if one is asked for. The same input gives the same result.
 * @param note is told how far it is, 0 to 1.
 */
export async function planSite(input: PlanInput, note: Note = () => {}): Promise<PlanResult> {
  const { search: aim } = input
  if (!aim) return { ...(await planWeek(input, note)), search: null }
  const found = await searchCharging(input, aim, { plan: planWeek, fleetOf, note })
  if (found) return { ...found.plan, search: found.found }
  return { ...(await planWeek(input)), search: { aim, tried: 0, best: [] } }
}

async function planWeek(input: PlanInput, note?: Note): Promise<Omit<PlanResult, 'search'>> {
  const groups = input.scenario === 'base' ? [] : input.groups.map((group) => fleetOf(input, group))
  const sockets = input.chargePoints.map(({ name, count, socketsEach }) => ({
    kind: name,
    sockets: count * socketsEach,
  }))
  const fleet = steadyWeeks(groups, sockets)
  note?.(afterDriving)
  const solarKw = input.options.solar && solarWeekKw(input.options.solar)
  const background = Float64Array.from(input.backgroundKw)
  const prices = weekPrices(input.tariff)
  const found = await charging(input, fleet, { backgroundKw: background, price: prices, solarKw })
  note?.(afterCharging)
  const site = siteKwOf(background, found)
  return resultOf(input, { ...found, fleet, background, prices, site })
}

/** A group as the engine knows it. */
function fleetOf({ chargePoints, options }: PlanInput, group: PlannedGroup): VehicleGroup {
  const type = chargePoints.find(({ name }) => name === group.chargePoint)
  const vehicleKw = type?.current === 'dc' ? (group.ev.dcKw ?? 0) : group.ev.acKw
  return {
    name: group.name,
    count: group.count,
    usableKwh: group.ev.usableKwh,
    kwhPerMile: group.ev.kwhPerMile,
    chargeKw: Math.min(vehicleKw, type?.kw ?? 0),
    chargePoint: group.chargePoint,
    days: group.days,
    leavesMinute: minuteOf(group.leaves),
    returnsMinute: minuteOf(group.returns),
    milesPerDay: group.milesPerDay,
    tapers: options.taper,
  }
}

interface Found extends ReadPlan {
  classes: VehicleClass[]
  excessKw: number
}

type Site = Pick<ChargingAim, 'backgroundKw' | 'price' | 'solarKw'>

async function charging(input: PlanInput, fleet: SteadyWeek, site: Site): Promise<Found> {
  const { scenario } = input
  if (scenario === 'base' || scenario === 'unmanaged') return unmanaged(fleet, site)
  const classes = classesOf(fleet.weeks)
  const own = batteryIn(input)
  const battery = own && { usableKwh: own.usableKwh, powerKw: own.powerKw, roundTrip: own.roundTripPercent / 100 }
  const aim = { ...site, battery, limitKw: limitOf(input) }
  if (scenario === 'least-peak')
    return { ...(await must(chargeSmartly(classes, { ...aim, least: 'peak' }))), classes, excessKw: 0 }
  const kept = await chargeSmartly(classes, { ...aim, least: 'cost' })
  if (kept) return { ...kept, classes, excessKw: 0 }
  const excessKw = await leastExcessKw(classes, { ...aim, least: 'cost' })
  const limitKw = aim.limitKw?.map((kw) => kw + excessKw) ?? null
  return { ...(await must(chargeSmartly(classes, { ...aim, least: 'cost', limitKw }))), classes, excessKw }
}

/** What limits a scenario, kW: its profile, or the agreed capacity for the cheapest; `null`: nothing. */
function limitOf({ scenario, profile, ascKva, powerFactor }: PlanInput): Float64Array | null {
  if (scenario === 'profile' && profile) return profileWeekKw(profile)
  if (scenario !== 'least-cost' || ascKva === null) return null
  return new Float64Array(weekPeriods).fill(ascKva * powerFactor)
}

/** Nothing is controlled: solar energy is used as far as there is load. */
function unmanaged({ weeks }: SteadyWeek, { backgroundKw, solarKw }: Site): Found {
  const classes = weeks.map((week) => ({ week, keys: [week.vehicle.key] }))
  const classKw = weeks.map(({ powerKw }) => powerKw)
  const load = backgroundKw.map((kw, t) => classKw.reduce((sum, own) => sum + (own[t] ?? 0), kw))
  return {
    classes,
    classKw,
    solarKw: solarKw?.map((kw, t) => Math.min(kw, load[t] ?? 0)) ?? null,
    batteryKw: null,
    excessKw: 0,
  }
}

async function must<T>(found: Promise<T | null>): Promise<T> {
  const plan = await found
  if (!plan) throw new Error('the solver found no plan where there is one')
  return plan
}

function siteKwOf(background: Float64Array, { classKw, solarKw, batteryKw }: ReadPlan): Float64Array {
  return background.map((kw, t) =>
    classKw.reduce((sum, own) => sum + (own[t] ?? 0), kw - (solarKw?.[t] ?? 0) + (batteryKw?.[t] ?? 0)),
  )
}

interface Planned extends Found {
  fleet: SteadyWeek
  background: Float64Array
  prices: Float64Array
  site: Float64Array
}

function resultOf(input: PlanInput, plan: Planned): Omit<PlanResult, 'search'> {
  const { fleet, background, site } = plan
  const chargingKw = summed(plan.classKw)
  const figures = {
    ...capacityOf(input, site),
    excessKw: rounded(plan.excessKw, 2),
    missingAtEndKwh: rounded(fleet.missingAtEndKwh),
  }
  const money = moneyOf(input, {
    siteKw: site,
    backgroundKw: background,
    prices: plan.prices,
    extraKva: figures.extraKva,
  })
  const infrastructure = infrastructureOf(input, plan)
  const usedM2 = input.chargePoints.reduce((sum, { count, spaceM2 }) => sum + count * spaceM2, 0)
  return {
    engine: engineVersion,
    scenario: input.scenario,
    siteKw: listed(site),
    backgroundKw: listed(background),
    chargingKw: listed(chargingKw),
    solarKw: plan.solarKw && listed(plan.solarKw),
    batteryKw: plan.batteryKw && listed(plan.batteryKw),
    groups: groupsOf(input, plan),
    infrastructure,
    ...figures,
    chargingPeakKw: rounded(mostOf(chargingKw)),
    chargedKwh: rounded(energyOf(chargingKw)),
    weekday: dayOf(site, 0, 5),
    weekend: dayOf(site, 5, 7),
    money,
    impossible: impossibleJourneys(fleet.impossible, fleet.weeks),
    notes: notesOn(input, figures, fleet.lowered, usedM2),
  }
}

function capacityOf({ ascKva, powerFactor }: PlanInput, site: Float64Array) {
  const peakKw = rounded(mostOf(site))
  // The first of those that differ by no more than the solver's tolerance.
  const at = site.findIndex((kw) => kw >= peakKw - 0.001)
  const capacityKva = rounded(peakKw / powerFactor)
  const extraKva = ascKva === null ? null : rounded(Math.max(0, capacityKva - ascKva))
  return { peakKw, peakDay: Math.floor(at / 48), peakFrom: clockTime(at), capacityKva, extraKva }
}

function groupsOf({ groups, scenario }: PlanInput, { classes, classKw }: Found): PlanResult['groups'] {
  if (scenario === 'base') return []
  return groups.map(({ name }) => {
    const own = classes.flatMap(({ week, keys }, c) =>
      week.vehicle.group.name === name
        ? [{ week, count: keys.length, kw: classKw[c] ?? new Float64Array(weekPeriods) }]
        : [],
    )
    const chargingKw = summed(own.map(({ kw }) => kw))
    const drivenKwh = own.reduce((sum, { week, count }) => sum + count * week.tripKwh.reduce((a, b) => a + b, 0), 0)
    return {
      name,
      chargingKw: listed(chargingKw),
      chargedKwh: rounded(energyOf(chargingKw)),
      drivenKwh: rounded(drivenKwh),
    }
  })
}

function infrastructureOf(
  { chargePoints, scenario }: PlanInput,
  { classes, classKw }: Found,
): PlanResult['infrastructure'] {
  if (scenario === 'base') return []
  return chargePoints.map(({ name, count, socketsEach }) => {
    const inUse = new Float64Array(weekPeriods)
    const kw = new Float64Array(weekPeriods)
    for (const [c, { week, keys }] of classes.entries()) {
      if (week.vehicle.group.chargePoint !== name) continue
      for (let t = 0; t < weekPeriods; t++) {
        inUse[t] = (inUse[t] ?? 0) + (week.plugged[t] ?? 0) * keys.length
        kw[t] = (kw[t] ?? 0) + (classKw[c]?.[t] ?? 0)
      }
    }
    return { name, count, sockets: count * socketsEach, inUseAtMost: mostOf(inUse), peakKw: rounded(mostOf(kw)) }
  })
}

/** The most of some days by half-hour of the day: what a profile for these days has to allow. */
function dayOf(site: Float64Array, from: number, to: number): number[] {
  return Array.from({ length: 48 }, (_, slot) => {
    let most = 0
    for (let day = from; day < to; day++) most = Math.max(most, site[day * 48 + slot] ?? 0)
    return rounded(most)
  })
}

function summed(all: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(weekPeriods)
  for (const own of all) for (const [t, kw] of own.entries()) sum[t] = (sum[t] ?? 0) + kw
  return sum
}

const mostOf = (kw: Float64Array) => kw.reduce((a, b) => Math.max(a, b), 0)
const energyOf = (kw: Float64Array) => kw.reduce((a, b) => a + b, 0) * periodH

/** To the watt: what is beyond it is the solver's tolerance. */
const rounded = (value: number, digits = 3) => Number(value.toFixed(digits)) + 0
const listed = (kw: Float64Array) => Array.from(kw, (value) => rounded(value))
