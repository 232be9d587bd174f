import { eq } from 'drizzle-orm'
import { driftOf, wordsOf } from '../../../platform/feeds/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { feedOperations } from '../../../schemas/grid/feeds.ts'
import type { Verb } from '../../kit/index.ts'
import { noteDelivered, noteDrift, noteFailed, noteForm } from './outcomes.ts'
import { feed } from './tables.ts'

/**
 * Accepts a delivery of a feed. Records of the agreed form show that the feed is alive; a record of another form is kept whole with its
 * reason, and an alarm shows it next to the last good one. A delivery that could not be read is kept as well.
 */
export const deliverToFeed: Verb<typeof feedOperations.deliverToFeed> = async ({ db, at, params, body, announce }) => {
  const [row] = await db.select().from(feed).where(eq(feed.feedId, params.id)).for('update')
  if (!row) throw new ProblemError('not-found', `There is no feed ${params.id}.`)
  announce('alarms')
  if ('failure' in body) {
    await noteFailed(db, at, row, { reason: body.failure, record: body.content ?? null })
    return { taken: 0, kept: 1 }
  }
  const assessed = body.records.map((record) => ({ record, drifts: driftOf(record, row.fields) }))
  const good = assessed.filter((j) => j.drifts.length === 0)
  const bad = assessed.filter((j) => j.drifts.length > 0)
  if (good.length > 0) await noteDelivered(db, at, row, { deliveredAt: at, lastRecord: good.at(-1)?.record })
  if (bad.length > 0) {
    const misfits = bad.map(({ record, drifts }) => ({ reason: wordsOf(drifts), record }))
    const message = `${bad.length} records of ${row.name} do not have the agreed form: ${misfits[0]?.reason}`
    await noteDrift(db, at, row, { misfits, message })
  } else await noteForm(db, at, row)
  return { taken: good.length, kept: bad.length }
}
