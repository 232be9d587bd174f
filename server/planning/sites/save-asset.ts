import { and, eq, ne, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { PlanAssetForm, planAssetOperations } from '../../../schemas/planning/sites/assets.ts'
import { isCurrent, nameOf, notCurrent, type Verb } from '../../kit/index.ts'
import { usesOf } from './references-rules.ts'
import { type AssetRow, assetsOf, noAsset, viewAsset } from './store.ts'
import { planAsset } from './tables.ts'

const most = 2_000

/** Adds an asset, or changes it. What it refers to has to be there, of the right kind, and the customer's own. */
export const savePlanAsset: Verb<typeof planAssetOperations.savePlanAsset> = async (call) => {
  const { db, at, actor, params, body } = call
  const { customerId } = actor
  const before = await lock(db, customerId, params.assetId)
  if (!isCurrent(call.version, before?.revision)) throw changed(before)
  if (before && before.kind !== body.kind)
    throw new ProblemError('conflict', `${before.name} is of the kind ${before.kind}, and stays so: add another asset.`)
  await requireFreeName(db, customerId, params.assetId, body)
  await requireReferences(db, customerId, body)
  const set = { name: body.name, content: body.content, changedAt: at, changedBy: nameOf(actor) }
  const [saved] = before
    ? await db
        .update(planAsset)
        .set({ ...set, revision: before.revision + 1 })
        .where(eq(planAsset.assetId, params.assetId))
        .returning()
    : await db
        .insert(planAsset)
        .values({ assetId: params.assetId, customerId, kind: body.kind, ...set })
        .onConflictDoNothing()
        .returning()
  // Somebody else's has this identifier, or added it at the same time: nothing is said about it.
  if (!saved) throw new ProblemError('conflict', 'This identifier is taken: make another one.')
  call.audit({
    action: before ? 'plan-asset.changed' : 'plan-asset.added',
    subject: { type: 'plan-asset', id: params.assetId },
    detail: { customerId, now: body, before: before ? { name: before.name, content: before.content } : null },
  })
  return viewAsset(saved)
}

/** Removes an asset that no other one uses. Runs keep what they were made from. */
export const removePlanAsset: Verb<typeof planAssetOperations.removePlanAsset> = async (call) => {
  const { db, actor, params } = call
  const { customerId } = actor
  const before = await lock(db, customerId, params.assetId)
  if (!before) throw noAsset(params.assetId)
  if (!isCurrent(call.version, before.revision)) throw changed(before)
  const users = (await assetsOf(db, customerId)).filter((row) =>
    usesOf(viewAsset(row)).some(({ assetId }) => assetId === params.assetId),
  )
  if (users.length > 0)
    throw new ProblemError(
      'conflict',
      `${before.name} is used by ${users.map(({ name }) => name).join(', ')}: change those first.`,
    )
  await requireClosed(db, before)
  await db.delete(planAsset).where(eq(planAsset.assetId, params.assetId))
  call.audit({
    action: 'plan-asset.removed',
    subject: { type: 'plan-asset', id: params.assetId },
    detail: { customerId, before: { kind: before.kind, name: before.name, content: before.content } },
  })
}

/** A site that is open to a feed is closed first, so that the files that the feed has delivered are forgotten with it. */
async function requireClosed(db: Queryable, { assetId, name }: AssetRow): Promise<void> {
  const [open] = await db.execute<{ feed_id: string }>(
    sql`select feed_id from site_opening where asset_id = ${assetId}`,
  )
  if (open)
    throw new ProblemError('conflict', `${name} is open to the feed ${open.feed_id}: close it to that feed first.`)
}

async function lock(db: Queryable, customerId: string, assetId: string): Promise<AssetRow | undefined> {
  const own = and(eq(planAsset.assetId, assetId), eq(planAsset.customerId, customerId))
  const [row] = await db.select().from(planAsset).where(own).for('update')
  return row
}

function changed(now: AssetRow | undefined): ProblemError {
  if (!now) return notCurrent('such asset', undefined)
  return notCurrent(`asset ${now.name}`, now.revision, { name: now.changedBy, at: now.changedAt })
}

async function requireFreeName(db: Queryable, customerId: string, assetId: string, { kind, name }: PlanAssetForm) {
  const [taken] = await db
    .select()
    .from(planAsset)
    .where(
      and(
        eq(planAsset.customerId, customerId),
        eq(planAsset.kind, kind),
        eq(planAsset.name, name),
        ne(planAsset.assetId, assetId),
      ),
    )
  if (taken) throw new ProblemError('conflict', `There is an asset ${name} of this kind already: choose another name.`)
}

async function requireReferences(db: Queryable, customerId: string, body: PlanAssetForm): Promise<void> {
  const own = await assetsOf(db, customerId)
  if (own.length > most) throw new ProblemError('conflict', `At most ${most} assets are kept: remove some first.`)
  const known = new Map(own.map((row) => [row.assetId, row]))
  const errors = usesOf(body).flatMap(({ field, assetId, kind }) =>
    known.get(assetId)?.kind === kind ? [] : [{ field, message: `is no ${kind} of yours: ${assetId}` }],
  )
  const [first] = errors
  if (first)
    throw new ProblemError('contract-broken', `${first.field} ${first.message}. Nothing was stored.`, { errors })
}
