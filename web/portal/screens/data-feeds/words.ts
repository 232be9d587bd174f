import type { DataDelivery, DataFeed, DataFeedKind } from '../../../../schemas/planning/data-feeds.ts'
import { count } from '../../../shared/format/power.ts'
import { addDays, dayInWords, dayOf } from '../../../shared/format/time.ts'
import type { Wording } from '../../../shared/format/words.ts'
import { freshnessWords } from '../feeds/summaries.ts'
import { editionKindWords } from '../planning/words.ts'

/** What a feed brings, in words. */
export function kindWords(kind: DataFeedKind): string {
  return kind === 'site-history' ? 'Meter history of sites' : editionKindWords[kind]
}

export const deliveryWords: Record<DataDelivery['state'], Wording> = {
  received: { word: 'Waiting to be read', tone: 'doubt', shape: 'dashed' },
  taken: { word: 'Taken', tone: 'normal', shape: 'ring' },
  partly: { word: 'Taken but for some rows', tone: 'risk', shape: 'diamond' },
  quarantined: { word: 'Not taken', tone: 'fault', shape: 'cross' },
}

/** How a data feed stands: a switched-off one is not waited for, whatever its age. */
export function feedWording({ isActive, freshness }: DataFeed): Wording {
  return isActive ? freshnessWords[freshness] : { word: 'Switched off', tone: 'quiet', shape: 'bar' }
}

const freshnessOrder: DataFeed['freshness'][] = ['red', 'amber', 'never', 'green']

/** Rank of a data feed: what is silent or has files that nobody could read stands first, what is switched off last. */
export function dataFeedUrgency({ isActive, freshness, quarantined }: DataFeed): number {
  if (!isActive) return 10
  return freshnessOrder.indexOf(freshness) + (quarantined > 0 ? 0 : 5)
}

/** How often a file comes, as agreed. */
export function rhythmInWords({ everyDays }: DataFeed['rhythm']): string {
  if (everyDays === null) return 'once'
  return everyDays === 1 ? 'every day' : `every ${everyDays} days`
}

/** When the next file is due, and until when silence is borne. */
export function dueInWords({ isActive, rhythm, lastTakenAt, agreedAt }: DataFeed): string {
  if (!isActive) return 'Switched off: nothing is taken, and silence rings no alarm.'
  if (rhythm.everyDays === null && lastTakenAt !== null) return 'It came, as agreed, once. Nothing more is due.'
  const since = dayOf(lastTakenAt ?? agreedAt)
  const [due, late, failed] = [rhythm.everyDays ?? rhythm.lateAfterDays, rhythm.lateAfterDays, rhythm.failedAfterDays]
  const [dueOn, lateOn, failedOn] = [due, late, failed].map((days) => dayInWords(addDays(since, days)))
  return `The ${lastTakenAt === null ? 'first' : 'next'} file is due by ${dueOn}; it counts as late from ${lateOn} and as failed from ${failedOn}.`
}

/** How many rows of a delivery were taken. */
export function rowsInWords({ state, rows, taken, rejected }: DataDelivery): string {
  if (state === 'received') return 'not read yet'
  if (rejected === 0) return count(rows, 'row')
  return `${count(taken, 'row')} of ${count(rows, 'row')}; ${count(rejected, 'row')} rejected`
}
