import type { LocalDate } from '@js-joda/core'
import { DayOfWeek } from '@js-joda/core'
import { isWorkingDay } from '../../../platform/calendar/index.ts'
import { atLocalMinute } from '../common/local-time.ts'
import { bellShaped, randomOf } from '../common/random.ts'

/** A day's work of a vehicle. */
export interface Trip {
  leavesMs: number
  returnsMs: number
  usedWh: number
}

/** What distinguishes one of a depot's vans from another, on all days. */
export interface VanHabits {
  batteryWh: number
  /** Typical energy of a round, Wh. */
  roundWh: number
}

/** City rounds are short, miles. */
const roundMiles = { mean: 34, deviation: 9, least: 12 }
/** A van's energy per mile, Wh. */
export const whPerMile = 380
/** Share of vans that are out, by kind of day. */
const outShare = { working: 0.94, saturday: 0.45, sunday: 0.08 }

export function habitsOf(seed: number, vehicleId: string, batteryWh: number): VanHabits {
  const random = randomOf(seed, 'van', vehicleId)
  const miles = Math.max(roundMiles.least, bellShaped(random, roundMiles.mean, roundMiles.deviation))
  return { batteryWh, roundWh: Math.min(0.7 * batteryWh, miles * whPerMile) }
}

/** A vehicle's trip on a local day; `null` if it stays in. Leaves 05:30–08:30, returns 14:00–18:30, local time. */
export function tripOf(seed: number, vehicleId: string, habits: VanHabits, day: LocalDate): Trip | null {
  const random = randomOf(seed, 'trip', vehicleId, day.toString())
  const saturday = day.dayOfWeek() === DayOfWeek.SATURDAY
  const share = isWorkingDay(day) ? outShare.working : saturday ? outShare.saturday : outShare.sunday
  if (random() >= share) return null
  const minute = (mean: number, deviation: number, from: number, to: number) =>
    Math.round(Math.min(to, Math.max(from, bellShaped(random, mean, deviation))))
  const leaves = minute(405, 35, 330, 510)
  const returns = minute(saturday ? 885 : 965, 55, 840, 1110)
  const usedWh = Math.round(habits.roundWh * Math.max(0.5, bellShaped(random, 1, 0.18)))
  return { leavesMs: atLocalMinute(day, leaves), returnsMs: atLocalMinute(day, returns), usedWh }
}
