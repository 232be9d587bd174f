import type { Limit, LimitCause, LimitState } from '../../../../../schemas/dispatch/import-limits.ts'
import { kw } from '../../../../shared/format/power.ts'
import { timeOfDay } from '../../../../shared/format/time.ts'
import { instructionWords, type Wording } from '../../../../shared/format/words.ts'

export const limitCauseWords: Record<LimitCause, string> = {
  breach: 'breach',
  standing: 'standing, renewed while the link holds',
  release: 'release',
}

export const limitStateWords: Record<LimitState, Wording> = {
  planned: instructionWords.planned,
  sent: instructionWords.sent,
  acknowledged: instructionWords.acknowledged,
  refused: instructionWords.refused,
  unknown: instructionWords.unknown,
  superseded: instructionWords.superseded,
  expired: instructionWords.expired,
  lapsed: { word: 'Lapsed to fail-safe', tone: 'risk', shape: 'diamond' },
}

/** What needs somebody first: what an FSP refused, did not answer or fell back from; then what is on its way; then what is over. */
const urgency: Record<LimitState, number> = {
  refused: 0,
  lapsed: 1,
  unknown: 2,
  sent: 3,
  planned: 4,
  acknowledged: 5,
  expired: 6,
  superseded: 7,
}

export function urgencyOf({ state }: { state: LimitState }): number {
  return urgency[state]
}

/** What a limit says, in a sentence without an end: `50.0 kW from 15:56 to 16:16, then 50.0 kW`. */
export function limitInWords({ intervals, failSafeW }: Pick<Limit, 'intervals' | 'failSafeW'>): string {
  if (intervals.length === 0 && failSafeW === null) return 'no limit: the connection is released'
  const spans = intervals.map(
    ({ from, to, importLimitW }) => `${kw(importLimitW)} from ${timeOfDay(from)} to ${timeOfDay(to)}`,
  )
  return [...spans, failSafeW === null ? 'then none' : `then ${kw(failSafeW)}`].join(', ')
}
