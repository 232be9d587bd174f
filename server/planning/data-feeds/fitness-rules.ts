import type { DataFeedForm } from '../../../schemas/planning/data-feeds.ts'

/** What was read of a file, in figures. */
export interface ReadFigures {
  /** Rows with their flaws or without. */
  rows: number
  rejected: number
  /** What is wrong with the file as a whole. */
  fault: string | null
}

/** Why nothing is taken of a delivery, so that it waits in quarantine; `null` if its good rows are. */
export function unfitReason(
  { rows, rejected, fault }: ReadFigures,
  { mostRejectedPercent }: Pick<DataFeedForm, 'mostRejectedPercent'>,
): string | null {
  if (fault !== null) return fault
  if (rows === 0) return 'it has no rows'
  if (rejected === rows) return `none of its ${rows} rows could be taken`
  if ((100 * rejected) / rows <= mostRejectedPercent) return null
  return `${rejected} of ${rows} rows were rejected, and at most ${mostRejectedPercent} % may be`
}

/** Quarantined trips are kept no longer than this, days: what is in them is not known, and may be where people were. */
const unreadTripDays = 30

/** How long the bytes of a delivery are kept, days. @param tripDays for which trips may be kept at all. */
export function contentDays(
  { kind, keepDays }: Pick<DataFeedForm, 'kind' | 'keepDays'>,
  isUnread: boolean,
  tripDays: number,
): number {
  if (kind !== 'trips') return keepDays
  return Math.min(keepDays, tripDays, isUnread ? unreadTripDays : keepDays)
}

const dayS = 86_400
/** A time that PostgreSQL's integers hold, and that nobody waits for: 68 years. */
const neverS = 2_147_483_647

/** The silence of a feed that counts as late and as failed, s, for the registry of feeds. @param isDone it came once, as agreed. */
export function silenceOf(
  { rhythm, isActive }: Pick<DataFeedForm, 'rhythm' | 'isActive'>,
  isDone: boolean,
): { cadenceS: number; amberS: number | null; redS: number } {
  const { everyDays, lateAfterDays, failedAfterDays } = rhythm
  const cadenceS = (everyDays ?? failedAfterDays) * dayS
  const isDue = isActive && !(isDone && everyDays === null)
  return isDue
    ? { cadenceS, amberS: lateAfterDays * dayS, redS: failedAfterDays * dayS }
    : { cadenceS, amberS: null, redS: neverS }
}
