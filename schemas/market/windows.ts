import type { Instant } from '@js-joda/core'
import { z } from 'zod'
import { clockTimeOf, tradingDayOf, weekdayOf } from '../vocabulary/time.ts'
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
 * Refuses new windows that name a weekday twice, or of which two share a quarter-hour of a weekday: what is required, offered and paid then
 * would count twice. Points at the later of the two. Windows of before are still answered as they are.
 */
export function apart(windows: readonly WeeklyWindow[], context: z.RefinementCtx): void {
  for (const [i, window] of windows.entries()) {
    if (new Set(window.weekdays).size < window.weekdays.length)
      context.addIssue({ code: 'custom', path: [i, 'weekdays'], message: 'names a weekday twice' })
    for (const [j, earlier] of windows.slice(0, i).entries()) {
      const shared = earlier.weekdays.find((day) => window.weekdays.includes(day))
      if (shared === undefined || window.from >= earlier.to || earlier.from >= window.to) continue
      context.addIssue({ code: 'custom', path: [i], message: `overlaps window ${j + 1} on ${shared}` })
      break
    }
  }
}

/**
 * Whether an instant is in one of the windows, by local weekday and wall-clock time. The rule also applies on clock-change days:
 * a window over the missing hour is an hour shorter, one over the repeated hour an hour longer (FM02).
 */
export function isInWindow(windows: readonly WeeklyWindow[], at: Instant): boolean {
  const time = clockTimeOf(at)
  const day = weekdayOf(tradingDayOf(at))
  return windows.some((w) => w.weekdays.includes(day) && w.from <= time && time < w.to)
}
