import type { plausibilitySettings } from '../../../../schemas/settings/metering.ts'
import type { MeteringSettings } from '../../../../schemas/settlement/metering.ts'
import type { ValuesOf } from '../../../../schemas/vocabulary/setting.ts'

/** What is known of an FU, to assess an upload with. */
export interface UploadContext {
  maxTurnDownW: number
  /** Median mean power of the last weeks, ignoring 0, W; `null` with too little history. */
  usualW: number | null
  /** Whether the FU has exported before, or has equipment that can. */
  canExport: boolean
  /** What the equipment can carry, W; `null` if unknown. */
  equipmentW: number | null
}

/** The powers of an upload, W, ignoring missing values and 0. */
export interface PowerSummary {
  /** The largest by magnitude. */
  largestW: number
  /** The median by magnitude of what was metered, and of the same with what was instructed added: as if nothing had been turned down. */
  meteredW: number
  usualW: number
  isAllExport: boolean
}

type PlausibilityFigures = Pick<MeteringSettings, 'unitErrorFactor' | 'implausibleFactor'> &
  Pick<ValuesOf<typeof plausibilitySettings>, 'equipmentFactor'>

/** Why an upload looks like a mistake of unit or sign (FM13), in sentences for the person who decides on it; empty if it looks right. */
export function reasonsToHold(
  powers: PowerSummary | null,
  given: UploadContext,
  { unitErrorFactor, implausibleFactor, equipmentFactor }: PlausibilityFigures,
): string[] {
  if (!powers) return []
  const { largestW, meteredW, usualW, isAllExport } = powers
  const reasons: string[] = []
  if (largestW > implausibleFactor * given.maxTurnDownW)
    reasons.push(
      `a power of ${largestW} W is more than ${implausibleFactor} times the ${given.maxTurnDownW} W registered`,
    )
  if (given.equipmentW !== null && largestW > equipmentFactor * given.equipmentW)
    reasons.push(`a power of ${largestW} W is more than the ${given.equipmentW} W that the equipment can carry`)
  if (!given.canExport && isAllExport)
    reasons.push('every value is negative, an export, but the unit has only ever imported')
  // Falling to almost nothing under a turn-down is delivery.
  if (given.usualW !== null && usualW * unitErrorFactor < given.usualW)
    reasons.push(`values are about ${meteredW} W where ${given.usualW} W is usual: are they in kW?`)
  if (given.usualW !== null && meteredW > given.usualW * unitErrorFactor)
    reasons.push(`values are about ${meteredW} W where ${given.usualW} W is usual: is the unit smaller than W?`)
  return reasons
}

/** The median of some values; of an even number, the lower of the middle two. `null` without values. */
export function medianOf(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? null
}
