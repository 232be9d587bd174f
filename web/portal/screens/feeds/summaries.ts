import type { Feed } from '../../../../schemas/grid/feeds.ts'
import { count } from '../../../shared/format/power.ts'
import type { Tone, Wording } from '../../../shared/format/words.ts'

export const freshnessWords: Record<Feed['freshness'], Wording> = {
  green: { word: 'On time', tone: 'normal', shape: 'ring' },
  amber: { word: 'Late', tone: 'risk', shape: 'diamond' },
  red: { word: 'Silent', tone: 'fault', shape: 'cross' },
  never: { word: 'Nothing yet', tone: 'doubt', shape: 'dashed' },
}

const order: Feed['freshness'][] = ['red', 'amber', 'never', 'green']

/** Rank of a feed: what is silent stands first. */
export function urgencyOf(feed: Feed): number {
  return order.indexOf(feed.freshness)
}

/** How the feeds stand, in one line. */
export function feedsInWords(feeds: readonly Feed[]): { tone: Tone; text: string } {
  const of = (freshness: Feed['freshness']) => feeds.filter((feed) => feed.freshness === freshness).length
  const parts = [
    of('red') > 0 ? `${count(of('red'), 'feed')} silent` : null,
    of('amber') > 0 ? `${count(of('amber'), 'feed')} late` : null,
    of('never') > 0 ? `${count(of('never'), 'feed')} without a delivery yet` : null,
  ].filter((part) => part !== null)
  if (parts.length === 0) return { tone: 'normal', text: 'All feeds deliver on time.' }
  return { tone: of('red') > 0 ? 'fault' : of('amber') > 0 ? 'risk' : 'doubt', text: `${parts.join('; ')}.` }
}
