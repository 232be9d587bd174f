import type { MeteringSettings } from '../../../../schemas/settlement/metering.ts'

/** What is known of an FU, to assess an upload with. */
export interface UploadContext {
  maxTurnDownW: number
  /** Median mean power of the last weeks, ignoring 0, W; `null` with too little history. */
  usualW: number | null
  hasExported: boolean
}

/** The powers of an upload, W, ignoring missing values and 0. */
export interface PowerSummary {
  /** The largest and the median, by magnitude. */
  largestW: number
  usualW: number
  isAllExport: boolean
}

/** Why an upload looks like a mistake of unit or sign (FM13), in sentences for the person who decides on it; empty if it looks right. */
export function reasonsToHold(
  powers: PowerSummary | null,
  given: UploadContext,
  { unitErrorFactor, implausibleFactor }: Pick<MeteringSettings, 'unitErrorFactor' | 'implausibleFactor'>,
): string[] {
  if (!powers) return []
  const { largestW, usualW, isAllExport } = powers
  const reasons: string[] = []
  if (largestW > implausibleFactor * given.maxTurnDownW)
    reasons.push(
      `a power of ${largestW} W is more than ${implausibleFactor} times the ${given.maxTurnDownW} W registered`,
    )
  if (!given.hasExported && isAllExport)
    reasons.push('every value is negative, an export, but the unit has only ever imported')
  if (given.usualW !== null && usualW * unitErrorFactor < given.usualW)
    reasons.push(`values are about ${usualW} W where ${given.usualW} W is usual: are they in kW?`)
  if (given.usualW !== null && usualW > given.usualW * unitErrorFactor)
    reasons.push(`values are about ${usualW} W where ${given.usualW} W is usual: is the unit smaller than W?`)
  return reasons
}

/** The median of some values; of an even number, the lower of the middle two. `null` without values. */
export function medianOf(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? null
}
