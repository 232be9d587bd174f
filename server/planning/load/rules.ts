import type { LocalDate } from '@js-joda/core'
import { brokenField, type Refusal } from '../../../schemas/vocabulary/outcome.ts'
import { periodCount } from '../../../schemas/vocabulary/time.ts'
import { type Resolution, resolutionMinutes } from '../../../schemas/vocabulary/units.ts'

/** Why values cannot be a day's forecast; `null` if they can. */
export function forecastRefusal(
  day: LocalDate,
  given: { resolution: Resolution; values: readonly number[] },
): Refusal | null {
  const wanted = periodCount(day, given.resolution)
  if (given.values.length === wanted) return null
  const minutes = resolutionMinutes[given.resolution]
  return brokenField('values', `has ${given.values.length} periods, but ${day} has ${wanted} of ${minutes} minutes`)
}
