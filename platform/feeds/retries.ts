/** The first repetition after a failure: most failures are a line that was down for a moment. */
const firstDelayS = 60
/** However rarely a feed delivers, one that failed is tried again within the hour: its supplier may have mended it. */
const longestDelayS = 3_600

/**
 * How long to wait after a failure before the next attempt, s: 1, 2, 4 … minutes, but never longer than the feed's own cadence, which would
 * have tried again by then, nor than an hour.
 * @param failures in a row, at least 1. @param cadenceS between two regular attempts.
 */
export function retryDelayS(failures: number, cadenceS: number): number {
  return Math.min(firstDelayS * 2 ** Math.min(failures - 1, 16), cadenceS, longestDelayS)
}
