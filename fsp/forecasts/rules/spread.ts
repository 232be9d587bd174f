/** What figures of comparable days say of one ahead: pure, in whatever unit they come. */

/** The lower, middle and upper figure, and the mean. */
export interface Spread {
  p10: number
  p50: number
  p90: number
  mean: number
}

/**
 * The quantile of sorted figures, between neighbours by the straight line (type 7 of Hyndman and Fan).
 * @param sorted ascending, at least one.
 * @param share from 0, the least, to 1, the greatest.
 */
export function quantileOf(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1)
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
  if (below === undefined || above === undefined) throw new Error('nothing has no quantile')
  return below + (above - below) * (place - Math.floor(place))
}

/** The spread of figures; `null` without any. */
export function spreadOf(figures: readonly number[]): Spread | null {
  if (figures.length === 0) return null
  const sorted = figures.toSorted((a, b) => a - b)
  const mean = figures.reduce((sum, each) => sum + each, 0) / figures.length
  return { p10: quantileOf(sorted, 0.1), p50: quantileOf(sorted, 0.5), p90: quantileOf(sorted, 0.9), mean }
}

/**
 * The chance that so much will be there, by how often it was: Laplace's rule of succession, so that few days never make certainty. Without
 * any day it is a half.
 */
export function chanceOf(figures: readonly number[], least: number): number {
  return (figures.filter((each) => each >= least).length + 1) / (figures.length + 2)
}

/** The share of what is promised that would have been missing on average, from 0 to 1. @param promised more than 0. */
export function shortShareOf(figures: readonly number[], promised: number): number {
  if (figures.length === 0) return 0
  const missing = figures.reduce((sum, each) => sum + Math.max(0, promised - each), 0)
  return missing / figures.length / promised
}
