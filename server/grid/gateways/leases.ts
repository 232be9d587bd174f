import type { Instant } from '@js-joda/core'
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Database, Queryable } from '../../../platform/db/index.ts'
import { moveHubs } from '../hubs/index.ts'
import { gatewayPool, hub } from '../hubs/tables.ts'
import { liveGateways, planShards } from './rules.ts'
import { gatewayContact, gatewayShard } from './tables.ts'

/** A shard that any gateway may claim. */
const free = { gatewayId: null, leaseUntil: null } as const

/**
 * Renews the lease of a gateway on its shards, gives it its share of the free ones, and takes away what exceeds that share. Returns the
 * length of the lease, s; `null` for a gateway that is not in a pool.
 */
export async function renewLease(db: Database, gatewayId: string, at: Instant): Promise<number | null> {
  const isMember = sql`${gatewayPool.gateways} ? ${gatewayId}`
  const [member] = await db.select({ name: gatewayPool.name }).from(gatewayPool).where(isMember)
  if (!member) return null
  // Before the transaction, because measurements lock hubs first and the gateway's row after them.
  await db.update(gatewayContact).set({ askedAt: at }).where(eq(gatewayContact.gatewayId, gatewayId))
  return db.transaction(async (tx) => {
    const [pool] = await tx
      .select()
      .from(gatewayPool)
      .where(isMember)
      // Gateways of a pool take turns, so that no shard is given twice. Hubs may be registered with the pool meanwhile.
      .for('no key update')
    if (!pool) return null
    const { keep, claim, release } = await planOf(tx, pool, gatewayId, at)
    const leaseUntil = at.plusSeconds(pool.leaseS)
    await setShards(tx, pool.name, [...keep, ...claim], { gatewayId, leaseUntil })
    await setShards(tx, pool.name, release, free)
    // Includes the hubs of its own shards, because some may be new there.
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

/** Releases everything that a gateway has leased: it stops, and the others need not wait until its lease expires. */
export async function endLease(tx: Queryable, gatewayId: string): Promise<void> {
  await tx.update(gatewayShard).set(free).where(eq(gatewayShard.gatewayId, gatewayId))
  // Last, because measurements lock hubs first and the gateway's row after them.
  await tx.update(gatewayContact).set({ askedAt: null }).where(eq(gatewayContact.gatewayId, gatewayId))
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
