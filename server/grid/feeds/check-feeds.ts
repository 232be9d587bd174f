import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { momentInWords } from '../../../schemas/vocabulary/time.ts'
import type { ServerContext } from '../../kit/index.ts'
import { clearAlarm, openSources, raiseAlarm } from '../alarms/index.ts'
import { feed } from './tables.ts'
import { type FeedRow, freshness } from './views.ts'

/** Raises an alarm for each feed that has been silent too long, a more urgent one when it is red; clears the alarms of feeds that are back. */
export async function checkFeeds(context: ServerContext, at: Instant): Promise<void> {
  const changed = await context.db.transaction(async (tx) => {
    let any = false
    const open = new Set((await openSources(tx, 'feed-stale')).map((source) => source.id))
    for (const row of await tx.select().from(feed)) {
      const level = freshness(row, at)
      if (level === 'amber' || level === 'red') any = (await raiseStale(tx, at, row, level)) || any
      else if (open.has(row.feedId))
        any = (await clearAlarm(tx, at, { kind: 'feed-stale', sourceId: row.feedId })) || any
    }
    return any
  })
  if (changed) context.announce('alarms')
}

function raiseStale(tx: Queryable, at: Instant, row: FeedRow, level: 'amber' | 'red'): Promise<boolean> {
  const since = row.lastSuccessAt
    ? `since ${momentInWords(row.lastSuccessAt)}`
    : `since it was registered, at ${momentInWords(row.registeredAt)}`
  return raiseAlarm(tx, at, {
    kind: 'feed-stale',
    priority: level === 'red' ? 'high' : 'low',
    source: { type: 'feed', id: row.feedId, name: row.name },
    message: `${row.name}, of ${row.owner}, has delivered nothing ${since}: ${level}.`,
  })
}
