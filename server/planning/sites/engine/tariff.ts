import type { SiteTariff, WeekProfile } from '../../../../schemas/planning/sites/plan.ts'
import { minuteOf, weekPeriods } from './week.ts'

/** The price of each half-hour of the week, p/kWh. A later band replaces an earlier one. */
export function weekPrices({ pencePerKwh, bands }: SiteTariff): Float64Array {
  const prices = new Float64Array(weekPeriods).fill(pencePerKwh)
  for (const band of bands) {
    const [from, to] = [minuteOf(band.from) / 30, minuteOf(band.to) / 30]
    const until = to > from ? to : to + 48
    for (const day of band.days)
      for (let slot = from; slot < until; slot++) prices[(day * 48 + slot) % weekPeriods] = band.pencePerKwh
  }
  return prices
}

/** What a profile lets the site draw, kW by half-hour of the week: the least limit of a half-hour in which it changes. */
export function profileWeekKw({ weekday, weekend }: WeekProfile): Float64Array {
  return Float64Array.from({ length: weekPeriods }, (_, t) => {
    const steps = t < 5 * 48 ? weekday : weekend
    const [from, to] = [(t % 48) * 30, (t % 48) * 30 + 30]
    const inForce = steps.filter(
      (step, i) => minuteOf(step.from) < to && (steps[i + 1] ? minuteOf(steps[i + 1]?.from ?? '') : 24 * 60) > from,
    )
    return Math.min(...inForce.map((step) => step.limitW)) / 1_000
  })
}
