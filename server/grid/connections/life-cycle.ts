import type { ProfileVersion } from '../../../schemas/grid/profiles.ts'

export type ProfileState = ProfileVersion['state']

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

/** What becomes of an approved version when one that overlaps it takes over. */
export type Replacement<T> =
  | { kind: 'superseded'; version: T }
  | { kind: 'shortened'; version: T; range: DayRange }
  | { kind: 'split'; version: T }

/**
 * Makes room for a new version among the approved ones: those within its days are superseded, those that reach out on one side keep
 * that side. One that reaches out on both would leave days behind the new one uncovered or in two pieces: the caller refuses that.
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

/** Every field in which two values differ, as a JSON path, with both. */
export function differences(now: unknown, sent: unknown, path = ''): { field: string; now: unknown; sent: unknown }[] {
  if (isTree(now) && isTree(sent)) {
    const keys = new Set([...Object.keys(now), ...Object.keys(sent)])
    return [...keys].flatMap((key) => {
      const step = Array.isArray(now) || Array.isArray(sent) ? `[${key}]` : path === '' ? key : `.${key}`
      return differences(Reflect.get(now, key), Reflect.get(sent, key), path + step)
    })
  }
  return now === sent ? [] : [{ field: path, now, sent }]
}

function isTree(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
