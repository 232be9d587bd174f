import type { Instant } from '@js-joda/core'
import { freshnessOf } from '../../../platform/feeds/index.ts'
import { type Feed, type FeedFailure, type FeedForm, feedForm } from '../../../schemas/grid/feeds.ts'
import { versionOfData } from '../../kit/index.ts'
import type { feedFailure, feed as feedTable } from './tables.ts'

export type FeedRow = typeof feedTable.$inferSelect

/** How fresh a feed is at an instant. */
export function freshness(row: FeedRow, at: Instant): Feed['freshness'] {
  const { lastSuccessAt, registeredAt, amberS, redS } = row
  return freshnessOf(lastSuccessAt?.toEpochMilli() ?? null, registeredAt.toEpochMilli(), at.toEpochMilli(), {
    amberS,
    redS,
  })
}

/** A feed as the API returns it, at an instant. */
export function viewFeed(row: FeedRow, at: Instant): Feed {
  return {
    ...row,
    freshness: freshness(row, at),
    registeredAt: row.registeredAt.toString(),
    lastSuccessAt: row.lastSuccessAt?.toString() ?? null,
    lastFailureAt: row.lastFailureAt?.toString() ?? null,
    etag: versionOfTerms(row),
  }
}

/** The version of a feed's terms, by which two people who change them notice each other (FM15). */
export function versionOfTerms(row: FeedRow): string {
  const terms = Object.keys(feedForm.shape) as (keyof FeedForm)[]
  return versionOfData(terms.map((term) => row[term]))
}

/** A refused delivery as the API returns it. */
export function viewFailure({ at, kind, reason, record }: typeof feedFailure.$inferSelect): FeedFailure {
  return { at: at.toString(), kind, reason, record }
}
