import type { Instant } from '@js-joda/core'
import { z } from 'zod'
import { clockTimeOf, localTimeOf, weekdayOf } from '../vocabulary/time.ts'
import { quarterHourEnd, quarterHourTime, turnDownW, weekday } from '../vocabulary/units.ts'

/** A window of a tender: on these days of the week, from `from` to `to` in local time, the DNO requires `requiredW`. */
export const tenderWindow = z
  .object({ weekdays: z.array(weekday).min(1).max(7), from: quarterHourTime, to: quarterHourEnd, requiredW: turnDownW })
  .refine((w) => w.from < w.to, { path: ['to'], message: 'must be later than from' })
  .meta({ id: 'TenderWindow' })
export type TenderWindow = z.infer<typeof tenderWindow>

/** A span of local time on some days of the week. */
export const weeklyWindow = z
  .object({ weekdays: z.array(weekday).min(1).max(7), from: quarterHourTime, to: quarterHourEnd })
  .refine((w) => w.from < w.to, { path: ['to'], message: 'must be later than from' })
  .meta({ id: 'WeeklyWindow' })
export type WeeklyWindow = z.infer<typeof weeklyWindow>

/**
 * Whether an instant is in one of the windows, by local weekday and wall-clock time. The rule also applies on clock-change days:
 * a window over the missing hour is an hour shorter, one over the repeated hour an hour longer (FM02).
 */
export function isInWindow(windows: readonly WeeklyWindow[], at: Instant): boolean {
  const local = localTimeOf(at)
  const time = clockTimeOf(at)
  const day = weekdayOf(local)
  return windows.some((w) => w.weekdays.includes(day) && w.from <= time && time < w.to)
}
