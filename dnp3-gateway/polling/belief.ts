import type { TimeFlag } from '../../schemas/grid/measurements.ts'

/** How far from its receipt a device's time is believed (domain section 12, "Field equipment and files"; defaults). */
export interface BeliefRules {
  readonly aheadMs: number
  /** Events wait in the device while it cannot be reached. */
  readonly behindMs: number
}

export const beliefDefaults: BeliefRules = { aheadMs: 120_000, behindMs: 86_400_000 }

/** What to make of a device's time: whether it stands, and the flag that a reading with it bears. */
export function flagOf(
  timeMs: number,
  receivedMs: number,
  unsynchronised: boolean,
  rules: BeliefRules,
): TimeFlag | null {
  if (Number.isNaN(timeMs)) return null
  const isNear = timeMs <= receivedMs + rules.aheadMs && timeMs >= receivedMs - rules.behindMs
  if (!isNear) return 'replaced'
  return unsynchronised ? 'unsynchronised' : null
}
