import type { PlanInput, PlanMoney } from '../../../../schemas/planning/sites/plan.ts'
import { formatGbp, Money, sumGbp } from '../../../../schemas/vocabulary/money.ts'
import { periodH } from './week.ts'

/** Days of a year; a week of it is 7 of them. */
const daysOfYear = 365

/** What money needs to know of a plan. Powers in kW by half-hour of the week, prices in p/kWh. */
export interface PricedPlan {
  siteKw: Float64Array
  backgroundKw: Float64Array
  prices: Float64Array
  /** What the agreed capacity lacks; `null` if it is not known. */
  extraKva: number | null
}

/**
 * What a plan costs beyond the site as it is. Energy is what the site imports beyond its background load, so that what solar and
 * battery save counts; a year is 365 / 7 such weeks. Capital is spent at the start; running costs fall due at the end of each
 * year and are discounted to the start. Things are not sold at the end.
 */
export function moneyOf(input: PlanInput, plan: PricedPlan): PlanMoney {
  const weekGbp = chargingGbp(plan)
  const capital = capitalOf(input, plan.extraKva)
  const running = runningOf(input, weekGbp, plan.extraKva)
  const { years, discountPercent, presentGbpPerYear } = input.costs
  const capitalGbp = new Money(capital.totalGbp)
  const runningGbp = new Money(running.totalGbp)
  const growth = new Money(discountPercent).div(100).plus(1)
  let total = capitalGbp
  for (let year = 1; year <= years; year++) total = total.plus(runningGbp.div(growth.pow(year)))
  const saving = presentGbpPerYear === null ? null : new Money(presentGbpPerYear).minus(runningGbp)
  return {
    chargingGbpPerWeek: formatGbp(weekGbp),
    capital,
    runningPerYear: running,
    years,
    totalCostOfOwnershipGbp: formatGbp(total),
    savingGbpPerYear: saving && formatGbp(saving),
    paybackYears: saving?.gt(0) ? capitalGbp.div(saving).toDecimalPlaces(1).toNumber() : null,
  }
}

function chargingGbp({ siteKw, backgroundKw, prices }: PricedPlan): Money {
  const pence = siteKw.reduce((sum, kw, t) => sum + (kw - (backgroundKw[t] ?? 0)) * periodH * (prices[t] ?? 0), 0)
  // A solver's last digits are no money.
  return new Money(pence.toFixed(4)).div(100)
}

const isBase = ({ scenario }: PlanInput) => scenario === 'base'

function capitalOf(input: PlanInput, extraKva: number | null): PlanMoney['capital'] {
  const { costs, options } = input
  const [groups, chargePoints] = isBase(input) ? [[], []] : [input.groups, input.chargePoints]
  const sums = {
    vehiclesGbp: timesGbp(groups, ({ ev }) => [ev.purchaseGbp]),
    chargePointsGbp: timesGbp(chargePoints, (type) => [type.purchaseGbp, type.installationGbp]),
    connectionGbp: formatGbp(
      extraKva ? new Money(costs.connectionGbpPerKva).times(extraKva).plus(costs.connectionFixedGbp) : new Money(0),
    ),
    solarAndBatteryGbp: sumGbp([options.solar?.costGbp ?? '0', batteryIn(input)?.costGbp ?? '0']),
  }
  return { ...sums, totalGbp: sumGbp(Object.values(sums)) }
}

/** The battery, where anything controls it. */
export function batteryIn({ scenario, options }: PlanInput) {
  return scenario === 'base' || scenario === 'unmanaged' ? null : options.battery
}

function runningOf(input: PlanInput, weekGbp: Money, extraKva: number | null): PlanMoney['runningPerYear'] {
  const { options, tariff } = input
  const [groups, chargePoints] = isBase(input) ? [[], []] : [input.groups, input.chargePoints]
  const capacity = new Money(tariff.capacityPencePerKvaDay).times(extraKva ?? 0)
  const sums = {
    energyGbp: formatGbp(weekGbp.times(daysOfYear).div(7)),
    maintenanceGbp: sumGbp([
      timesGbp(groups, ({ ev }) => [ev.maintenanceGbpPerYear]),
      timesGbp(chargePoints, (type) => [type.maintenanceGbpPerYear]),
      options.solar?.maintenanceGbpPerYear ?? '0',
      batteryIn(input)?.maintenanceGbpPerYear ?? '0',
    ]),
    capacityGbp: formatGbp(capacity.times(daysOfYear).div(100)),
  }
  return { ...sums, totalGbp: sumGbp(Object.values(sums)) }
}

function timesGbp<T extends { count: number }>(
  things: readonly T[],
  pricesOf: (thing: T) => readonly string[],
): string {
  let total = new Money(0)
  for (const thing of things)
    for (const price of pricesOf(thing)) total = total.plus(new Money(price).times(thing.count))
  return formatGbp(total)
}
