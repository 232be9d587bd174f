import type { ResponseOutcome } from '../../../schemas/fsp/vans.ts'

/** A van in a minute of a turn-down. */
export interface ObservedMinute {
  /** What it still needs, Wh, and the most that it draws, W. */
  missingWh: number
  mostW: number
  /** What it was allowed, and drew, W. */
  shareW: number
  drawnW: number
  isOverridden: boolean
  isReachable: boolean
}

/** What a turn-down asked of one charge point so far. */
export interface Observed {
  /** Left of what the van needed when it was first seen, had it been left alone, Wh. */
  leftWh: number
  expectedWh: number
  drawnWh: number
  wasOverridden: boolean
  wasUnreachable: boolean
}

/** Part of what was asked that a van may draw and still count as held back: set points take a minute. */
const heldShare = 0.2

/** What is known of a charge point after one more minute of a turn-down. @param before `null`: its van has just been seen. */
export function afterMinute(before: Observed | null, minute: ObservedMinute): Observed {
  const { missingWh, mostW, drawnW, isOverridden, isReachable } = minute
  const leftWh = before?.leftWh ?? missingWh
  const freeW = Math.min(mostW, leftWh * 60)
  // Whoever charges at once was counted on all the same.
  const shareW = isOverridden ? 0 : minute.shareW
  const askedW = Math.max(0, freeW - shareW)
  return {
    leftWh: leftWh - freeW / 60,
    expectedWh: (before?.expectedWh ?? 0) + askedW / 60,
    drawnWh: (before?.drawnWh ?? 0) + Math.min(askedW, Math.max(0, drawnW - shareW)) / 60,
    wasOverridden: isOverridden || (before?.wasOverridden ?? false),
    wasUnreachable: !isReachable || (before?.wasUnreachable ?? false),
  }
}

/** How a charge point followed. @param observed `null`: no van was there. */
export function outcomeOf(observed: Observed | null): ResponseOutcome {
  if (observed === null) return 'absent'
  const { expectedWh, drawnWh, wasOverridden, wasUnreachable } = observed
  if (wasOverridden) return 'overridden'
  if (expectedWh === 0) return 'full'
  if (drawnWh <= heldShare * expectedWh) return 'paused'
  return wasUnreachable ? 'unreachable' : 'drew-on'
}
