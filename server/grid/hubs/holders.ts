import type { Instant } from '@js-joda/core'
import { and, lt, type SQL, sql } from 'drizzle-orm'
import { idList, type Queryable } from '../../../platform/db/index.ts'
import { sequencesPerEpoch } from '../../../schemas/grid/measurements.ts'
import { formerHolder, hub } from './tables.ts'

/** Parts that a pool's hubs are split into: many more than gateways, so that each gateway gets about the same number of hubs. */
export const shardsPerPool = 64

/** The shard of a hub: constant while the hub is in its pool (FNV-1a over the identifier, its bits mixed). */
export function shardOf(hubId: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < hubId.length; i++) hash = Math.imul(hash ^ hubId.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return ((hash ^ (hash >>> 13)) >>> 0) % shardsPerPool
}

/** The pool's stand-in for a gateway name, until one of its gateways has claimed the hub. */
export function nobodyOf(pool: string): string {
  return `pool ${pool}`
}

/**
 * Assigns hubs to a gateway, each in a new epoch: its batches are numbered after all that other gateways numbered, and the others may
 * still deliver what is in their spools. Hubs that it already has stay unchanged.
 */
export async function moveHubs(tx: Queryable, at: Instant, gatewayId: string, which: SQL | undefined): Promise<void> {
  const moving = and(which, sql`${hub.gatewayId} <> ${gatewayId}`)
  // Locked in the same order as measurements lock hubs.
  const locked = await tx.select({ hubId: hub.hubId }).from(hub).where(moving).orderBy(hub.hubId).for('update')
  if (locked.length === 0) return
  const ids = idList(locked.map((h) => h.hubId))
  await tx.execute(sql`
    insert into hub_former_holder (hub_id, epoch, gateway_id, ended_at)
    select hub_id, epoch, gateway_id, ${at.toString()}::timestamptz from hub where hub_id in ${ids}
    on conflict do nothing`)
  await tx.execute(sql`
    update hub set gateway_id = ${gatewayId}, epoch = epoch + 1, stored_sequence = (epoch + 1) * ${sequencesPerEpoch}::bigint,
      assigned_at = ${at.toString()}::timestamptz, revision = nextval('assignment_revision')
    where hub_id in ${ids}`)
}

/** The earlier epochs of some hubs that a gateway held: it may still deliver their batches. */
export async function formerEpochs(
  tx: Queryable,
  gatewayId: string,
  hubIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (hubIds.length === 0) return new Set()
  const rows = await tx.execute<{ key: string }>(sql`
    select hub_id || ' ' || epoch as key from hub_former_holder
    where gateway_id = ${gatewayId} and hub_id in ${idList(hubIds)}`)
  return new Set(rows.map((row) => row.key))
}

/** Deletes holders of epochs that ended before an instant: their batches are too old to be delivered. */
export async function forgetFormerHolders(db: Queryable, before: Instant): Promise<void> {
  await db.delete(formerHolder).where(lt(formerHolder.endedAt, before))
}
