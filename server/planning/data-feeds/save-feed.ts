import { and, eq, inArray } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { FeedForm } from '../../../schemas/grid/feeds.ts'
import type { dataFeedOperations } from '../../../schemas/planning/data-feeds.ts'
import { readCustomer, requireProvider } from '../../access/index.ts'
import { findFeed, saveFeed } from '../../grid/index.ts'
import { isCurrent, nameOf, notCurrent, type Verb } from '../../kit/index.ts'
import { silenceOf } from './fitness-rules.ts'
import { type FeedRow, versionOf, viewFeed } from './store.ts'
import { dataDelivery, dataFeed } from './tables.ts'

/** Agrees a feed with a data provider, or changes what is agreed; the registry of feeds watches its rhythm. */
export const saveDataFeed: Verb<typeof dataFeedOperations.saveDataFeed> = async (call) => {
  const { db, at, params, body, version } = call
  const { feedId } = params
  const { providerId, customerId, ...agreed } = body
  await requireProvider(db, providerId)
  if (customerId !== null) await readCustomer(db, customerId)
  const [before] = await db.select().from(dataFeed).where(eq(dataFeed.feedId, feedId)).for('update')
  const now = before && versionOf(before)
  if (!isCurrent(version, now))
    throw notCurrent(
      `feed ${before?.agreed.name ?? feedId}`,
      now,
      before && { name: before.agreedBy, at: before.agreedAt },
    )
  if (!before && (await findFeed(db, at, feedId)))
    throw new ProblemError('conflict', `There is another feed ${feedId} in the registry: choose another identifier.`)
  requireSame(before, body)
  const isDone = before !== undefined && (await hasTaken(db, feedId))
  await saveFeed(db, at, feedId, await registryForm(db, providerId, agreed, isDone))
  const row = { feedId, providerId, customerId, agreed, agreedAt: at, agreedBy: nameOf(call.actor) }
  await db.insert(dataFeed).values(row).onConflictDoUpdate({ target: dataFeed.feedId, set: row })
  call.audit({
    action: 'data-feed.saved',
    subject: { type: 'data-feed', id: feedId },
    detail: { now: body, before: before?.agreed ?? null },
  })
  call.announce('alarms')
  return viewFeed(db, row, at)
}

/** Whose data a feed brings, and of which kind, decides who sees what it brought: for another one there is another feed. */
function requireSame(
  before: FeedRow | undefined,
  { providerId, customerId, kind }: { providerId: string; customerId: string | null; kind: string },
): void {
  if (!before) return
  const { providerId: provider, customerId: customer, agreed } = before
  if (provider === providerId && customer === customerId && agreed.kind === kind) return
  throw new ProblemError('conflict', `${agreed.name} keeps its provider, kind and customer: agree another feed.`)
}

async function hasTaken(db: Queryable, feedId: string): Promise<boolean> {
  const isTaken = and(eq(dataDelivery.feedId, feedId), inArray(dataDelivery.state, ['taken', 'partly']))
  const rows = await db.select({ id: dataDelivery.deliveryId }).from(dataDelivery).where(isTaken).limit(1)
  return rows.length > 0
}

/** A data feed as the registry of feeds has it: its owner is whom to ask. @param isDone it came once, as agreed. */
export async function registryForm(
  db: Queryable,
  providerId: string,
  agreed: FeedRow['agreed'],
  isDone: boolean,
): Promise<FeedForm> {
  const { name: provider, email } = await requireProvider(db, providerId)
  const owner = email === null ? provider : `${provider}, ${email}`
  return {
    name: agreed.name,
    owner,
    format: `CSV over HTTPS: ${agreed.kind}`,
    fields: {},
    ...silenceOf(agreed, isDone),
  }
}
