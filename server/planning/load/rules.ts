import type { LocalDate } from '@js-joda/core'
import { brokenField, type Refusal } from '../../../schemas/vocabulary/outcome.ts'
import { periodCount } from '../../../schemas/vocabulary/time.ts'
import { type Resolution, resolutionMinutes } from '../../../schemas/vocabulary/units.ts'

/** Power factor that converts a rating in kVA to a load in W (domain section 3). */
const powerFactor = 0.95

/** First and last month of the season in which transformers carry their winter rating. */
const winter = { from: 11, to: 3 }

export interface NodeRatings {
  ratingWinterKva: number | null
  ratingSummerKva: number | null
  firmCapacityKva?: number | null
}

/** The load that a node may carry on a day, W: its firm capacity, otherwise its seasonal rating; `null` if neither is known. */
export function firmRatingW(node: NodeRatings, day: LocalDate): number | null {
  const isWinter = day.monthValue() >= winter.from || day.monthValue() <= winter.to
  const rating = isWinter ? node.ratingWinterKva : node.ratingSummerKva
  const kva = node.firmCapacityKva ?? rating
  return kva === null ? null : kva * 1_000 * powerFactor
}

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
