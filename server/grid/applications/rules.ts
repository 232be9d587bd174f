import type { ProfileState } from '../../../schemas/grid/connections.ts'

/** What can happen to a version of a profiled connection. */
export type ProfileEvent = 'amend' | 'approve' | 'reject' | 'supersede' | 'expire'

/**
 * The life of a version (domain section 3); `null` where an event is not possible:
 *
 *     apply → applied ──approve──→ approved ──supersede─→ superseded
 *              │  ▲ amend              │
 *            reject                  expire
 *              ▼                       ▼
 *           rejected                expired
 */
export const profileTransitions: Record<ProfileState, Record<ProfileEvent, ProfileState | null>> = {
  applied: { amend: 'applied', approve: 'approved', reject: 'rejected', supersede: null, expire: null },
  approved: { amend: null, approve: null, reject: null, supersede: 'superseded', expire: 'expired' },
  rejected: { amend: null, approve: null, reject: null, supersede: null, expire: null },
  superseded: { amend: null, approve: null, reject: null, supersede: null, expire: null },
  expired: { amend: null, approve: null, reject: null, supersede: null, expire: null },
}

/** Days of a version, both included, `YYYY-MM-DD`. */
export interface DayRange {
  validFrom: string
  validTo: string
}

/** What happens to an approved version when a new version overlaps it. */
export type Replacement<T> =
  | { kind: 'superseded'; version: T }
  | { kind: 'shortened'; version: T; range: DayRange }
  | { kind: 'split'; version: T }

/**
 * Makes room for a new version among the approved ones: those within its days are superseded, those that extend past it on one side keep
 * that side. A version that extends past it on both sides would have to be split in two: the caller refuses that.
 * @param nextDay the day after or before a day.
 */
export function makeRoom<T extends DayRange>(
  present: readonly T[],
  given: DayRange,
  nextDay: (day: string, by: 1 | -1) => string,
): Replacement<T>[] {
  return present
    .filter((p) => p.validFrom <= given.validTo && p.validTo >= given.validFrom)
    .map((version) => {
      const [before, after] = [version.validFrom < given.validFrom, version.validTo > given.validTo]
      if (before && after) return { kind: 'split', version }
      if (before) return { kind: 'shortened', version, range: { ...version, validTo: nextDay(given.validFrom, -1) } }
      if (after) return { kind: 'shortened', version, range: { ...version, validFrom: nextDay(given.validTo, 1) } }
      return { kind: 'superseded', version }
    })
}
