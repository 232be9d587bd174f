import type { Instant, LocalDate } from '@js-joda/core'
import { periodCount, periodIndexOf, periodStarts } from '../../../../schemas/vocabulary/time.ts'
import { type Resolution, resolutionMinutes } from '../../../../schemas/vocabulary/units.ts'
import type { Capability } from '../../../market/index.ts'

/** A schedule's values with their resolution: turn-down W per period from local midnight; negative for a turn-up. */
export interface ScheduleValues {
  resolution: Resolution
  values: readonly (number | null)[]
}

/** Why values cannot be a day's schedule; `null` if they can. */
export function scheduleFault(
  day: LocalDate,
  schedule: ScheduleValues,
  unit: Capability,
): { field: string; message: string } | null {
  const wanted = periodCount(day, schedule.resolution)
  if (schedule.values.length !== wanted) {
    return {
      field: 'values',
      message: `has ${schedule.values.length} periods, but ${day} has ${wanted} of ${resolutionMinutes[schedule.resolution]} minutes`,
    }
  }
  const index = schedule.values.findIndex(
    (value) => value !== null && (value > unit.maxTurnDownW || -value > unit.maxTurnUpW),
  )
  if (index < 0) return null
  const start = periodStarts(day, schedule.resolution)[index]
  const askedW = schedule.values[index] ?? 0
  const most =
    askedW < 0
      ? `${unit.maxTurnUpW} W that the FU is registered to turn up by`
      : `${unit.maxTurnDownW} W that the FU is registered for`
  return {
    field: `values[${index}]`,
    message: `asks ${askedW} W from ${start}, more than the ${most}`,
  }
}

/** What a schedule asks for at an instant of its day, W; `null` for nothing. */
export function valueAt(schedule: ScheduleValues, at: Instant): number | null {
  return schedule.values[periodIndexOf(at, schedule.resolution)] ?? null
}

/** The periods in which another editor's version differs from this one's, for the 412 answer. */
export function changedFields(theirs: ScheduleValues, mine: ScheduleValues): { field: string; message: string }[] {
  if (theirs.resolution !== mine.resolution)
    return [{ field: 'resolution', message: `is ${theirs.resolution} now, and ${mine.resolution} in yours` }]
  return theirs.values.flatMap((value, i) => {
    const own = mine.values[i] ?? null
    return value === own
      ? []
      : [{ field: `values[${i}]`, message: `is ${value ?? 'empty'} now, and ${own ?? 'empty'} in yours` }]
  })
}
