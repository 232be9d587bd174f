import type { Instant } from '@js-joda/core'
import { and, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { Database, Queryable } from '../../../platform/db/index.ts'
import { sequencesPerEpoch } from '../../../schemas/grid/measurements.ts'
import { liveGateways, planShards } from './lease-rules.ts'
import { gatewayContact, gatewayPool, gatewayShard, hub } from './tables.ts'

/** A shard that anyone may claim. */
const free = { gatewayId: null, leaseUntil: null } as const

/** What a pool stands for where a gateway is named, until one of its gateways has claimed the hub. */
export function nobodyOf(pool: string): string {
  return `pool ${pool}`
}

/**
 * Renews the lease of a gateway on its shards, gives it its share of those that are free, and takes from it what is more than that.
 * Answers for how long the lease is, s; `null` for a gateway that is in no pool.
 */
export async function renewLease(db: Database, gatewayId: string, at: Instant): Promise<number | null> {
  const isMember = sql`${gatewayPool.gateways} ? ${gatewayId}`
  const [member] = await db.select({ name: gatewayPool.name }).from(gatewayPool).where(isMember)
  if (!member) return null
  // Before the transaction: measurements lock hubs first and their gateway's row after them.
  await db.update(gatewayContact).set({ askedAt: at }).where(eq(gatewayContact.gatewayId, gatewayId))
  return db.transaction(async (tx) => {
    const [pool] = await tx
      .select()
      .from(gatewayPool)
      .where(isMember)
      // Gateways of a pool take turns: a shard is never given twice. Hubs may be registered with it meanwhile.
      .for('no key update')
    if (!pool) return null
    const { keep, claim, release } = await planOf(tx, pool, gatewayId, at)
    const leaseUntil = at.plusSeconds(pool.leaseS)
    await setShards(tx, pool.name, [...keep, ...claim], { gatewayId, leaseUntil })
    await setShards(tx, pool.name, release, free)
    // Hubs of its own shards as well: some may be new there.
    const own = [...keep, ...claim]
    if (own.length > 0) await moveHubs(tx, at, gatewayId, and(eq(hub.pool, pool.name), inArray(hub.shard, own)))
    return pool.leaseS
  })
}

async function planOf(tx: Queryable, pool: typeof gatewayPool.$inferSelect, gatewayId: string, at: Instant) {
  const rows = await tx.select().from(gatewayShard).where(eq(gatewayShard.pool, pool.name)).orderBy(gatewayShard.shard)
  const shards = rows.map((row) => ({ ...row, leaseUntilMs: row.leaseUntil?.toEpochMilli() ?? null }))
  const contacts = await tx.select().from(gatewayContact).where(inArray(gatewayContact.gatewayId, pool.gateways))
  const members = contacts.map((c) => ({ gatewayId: c.gatewayId, askedMs: c.askedAt?.toEpochMilli() ?? null }))
  const nowMs = at.toEpochMilli()
  return planShards(shards, liveGateways(members, shards, nowMs, pool.leaseS * 1000), gatewayId, nowMs)
}

/** Gives up all that a gateway has leased: it is stopped, and the others need not wait for the end of its lease. */
export async function endLease(db: Queryable, gatewayId: string): Promise<void> {
  await db.update(gatewayContact).set({ askedAt: null }).where(eq(gatewayContact.gatewayId, gatewayId))
  await db.update(gatewayShard).set({ gatewayId: null, leaseUntil: null }).where(eq(gatewayShard.gatewayId, gatewayId))
}

async function setShards(
  tx: Queryable,
  pool: string,
  shards: readonly number[],
  to: Pick<typeof gatewayShard.$inferSelect, 'gatewayId' | 'leaseUntil'>,
): Promise<void> {
  if (shards.length === 0) return
  await tx
    .update(gatewayShard)
    .set(to)
    .where(and(eq(gatewayShard.pool, pool), inArray(gatewayShard.shard, [...shards])))
}

/**
 * Gives hubs to a gateway, each in a new epoch: what it takes from them is numbered behind all that others have taken, and what those
 * still have in their spools stays theirs to deliver. Hubs that it has already are left as they are.
 */
export async function moveHubs(tx: Queryable, at: Instant, gatewayId: string, which: SQL | undefined): Promise<void> {
  const moving = and(which, sql`${hub.gatewayId} <> ${gatewayId}`)
  // Locked in the order in which measurements lock hubs.
  const locked = await tx.select({ hubId: hub.hubId }).from(hub).where(moving).orderBy(hub.hubId).for('update')
  if (locked.length === 0) return
  const ids = sql`(select x::uuid from json_array_elements_text(${JSON.stringify(locked.map((h) => h.hubId))}::text::json) as x)`
  await tx.execute(sql`
    insert into hub_former_holder (hub_id, epoch, gateway_id, ended_at)
    select hub_id, epoch, gateway_id, ${at.toString()}::timestamptz from hub where hub_id in ${ids}
    on conflict do nothing`)
  await tx.execute(sql`
    update hub set gateway_id = ${gatewayId}, epoch = epoch + 1, stored_sequence = (epoch + 1) * ${sequencesPerEpoch}::bigint,
      assigned_at = ${at.toString()}::timestamptz, revision = nextval('assignment_revision')
    where hub_id in ${ids}`)
}

/** Which of some hubs' earlier epochs a gateway held: what it took in them it may still deliver. */
export async function formerEpochs(
  tx: Queryable,
  gatewayId: string,
  hubIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (hubIds.length === 0) return new Set()
  const rows = await tx.execute<{ key: string }>(sql`
    select hub_id || ' ' || epoch as key from hub_former_holder
    where gateway_id = ${gatewayId} and hub_id in
      (select x::uuid from json_array_elements_text(${JSON.stringify(hubIds)}::text::json) as x)`)
  return new Set(rows.map((row) => row.key))
}
