import { writeCsv } from '../../../platform/csv/index.ts'
import type { ProfileLimits } from '../../../schemas/grid/profiles.ts'
import type { PlanResult } from '../../../schemas/planning/sites/plan.ts'
import { clockTime, dayName } from './engine/impossible.ts'

/** The half-hourly week of a plan as CSV, with a column for each group. */
export function planCsv(result: PlanResult): string {
  const { groups, siteKw, backgroundKw, chargingKw, solarKw, batteryKw } = result
  const headings = ['day', 'from', 'site_kw', 'background_kw', 'charging_kw', 'solar_kw', 'battery_kw']
  const rows = siteKw.map((kw, t) => [
    ...[dayName(Math.floor(t / 48)), clockTime(t), kw, backgroundKw[t] ?? 0, chargingKw[t] ?? 0],
    ...[solarKw?.[t] ?? 0, batteryKw?.[t] ?? 0],
    ...groups.map((group) => group.chargingKw[t] ?? 0),
  ])
  return writeCsv([...headings, ...groups.map(({ name }) => `${name}_kw`)], rows)
}

/** A limit is stated in whole kilowatts, upwards: a watt more would be a breach. */
const stepW = 1_000

/**
 * The import limits that a plan needs: for each half-hour of the day the most of Monday to Friday, and of Saturday and Sunday. @param
 * marginPercent room above the plan.
 */
export function limitsOf({ weekday, weekend }: PlanResult, marginPercent: number): ProfileLimits {
  const steps = (kw: readonly number[]) => {
    const limits = kw.map(
      (each) => Math.ceil(Number(((each * 1_000 * (100 + marginPercent)) / 100 / stepW).toFixed(6))) * stepW,
    )
    return limits.flatMap((limitW, slot) => (limitW === limits[slot - 1] ? [] : [{ from: clockTime(slot), limitW }]))
  }
  return { weekday: steps(weekday), weekend: steps(weekend) }
}
