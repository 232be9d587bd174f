import { eq, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { GatewayPool } from '../../../schemas/grid/gateway.ts'
import { shardsPerPool } from '../hubs/index.ts'
import { gatewayPool, hub } from '../hubs/tables.ts'
import { gatewayContact, gatewayShard } from './tables.ts'

/** Pools of gateways by name, and how hubs are spread over their gateways. @param name selects one pool. */
export async function readPools(db: Queryable, name?: string): Promise<GatewayPool[]> {
  const pools = await db
    .select()
    .from(gatewayPool)
    .where(name === undefined ? undefined : eq(gatewayPool.name, name))
    .orderBy(gatewayPool.name)
  const held = await db
    .select({
      pool: gatewayShard.pool,
      gatewayId: gatewayShard.gatewayId,
      shards: sql<number>`count(distinct ${gatewayShard.shard})`.mapWith(Number),
      hubs: sql<number>`count(${hub.hubId})`.mapWith(Number),
    })
    .from(gatewayShard)
    .leftJoin(hub, sql`${hub.pool} = ${gatewayShard.pool} and ${hub.shard} = ${gatewayShard.shard}`)
    .groupBy(gatewayShard.pool, gatewayShard.gatewayId)
  const contacts = new Map((await db.select().from(gatewayContact)).map((c) => [c.gatewayId, c.lastContactAt]))
  return pools.map((pool) => ({
    name: pool.name,
    leaseS: pool.leaseS,
    shards: shardsPerPool,
    etag: String(pool.revision),
    gateways: pool.gateways.map((gatewayId) => {
      const own = held.find((h) => h.pool === pool.name && h.gatewayId === gatewayId)
      const lastContactAt = contacts.get(gatewayId)?.toString() ?? null
      return { gatewayId, lastContactAt, shards: own?.shards ?? 0, hubs: own?.hubs ?? 0 }
    }),
  }))
}
