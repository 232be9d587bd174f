import { eq, inArray, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { GatewayPool, PoolForm } from '../../../schemas/grid/gateway.ts'
import { type Actor, recordAudit, requirePerson, type ServerContext } from '../../kit/index.ts'
import { shardsPerPool } from './lease-rules.ts'
import { gatewayContact, gatewayPool, gatewayShard, hub } from './tables.ts'

/** Pools of gateways, and how their hubs lie on them. */
export async function listPools(context: ServerContext, actor: Actor | null): Promise<GatewayPool[]> {
  requirePerson(actor)
  return readPools(context.db)
}

export async function readPool(context: ServerContext, actor: Actor | null, name: string): Promise<GatewayPool> {
  requirePerson(actor)
  const [found] = await readPools(context.db, name)
  if (!found) throw new ProblemError('not-found', `There is no pool ${name}.`)
  return found
}

/**
 * Makes a pool or changes who is in it. A gateway that is no longer in it has its shards taken away at once: stop it first, or it polls
 * until it asks again. @param etag of what the caller has read; `null` to make a new one.
 */
export async function putPool(
  context: ServerContext,
  actor: Actor | null,
  name: string,
  etag: string | null,
  form: PoolForm,
): Promise<GatewayPool> {
  const person = requirePerson(actor, 'operator')
  return context.db.transaction(async (tx) => {
    // All pools are locked: a gateway is in one of them at most.
    const all = await tx.select().from(gatewayPool).orderBy(gatewayPool.name).for('no key update')
    const before = all.find((pool) => pool.name === name)
    if ((before ? String(before.revision) : null) !== etag) throw changedMeanwhile(name, before?.revision)
    const taken = all.find((pool) => pool.name !== name && pool.gateways.some((id) => form.gateways.includes(id)))
    if (taken) throw new ProblemError('conflict', `A gateway is in one pool: ${taken.name} has one of these already.`)
    const row = { leaseS: form.leaseS, gateways: form.gateways, revision: sql`nextval('assignment_revision')` }
    await tx
      .insert(gatewayPool)
      .values({ name, ...row })
      .onConflictDoUpdate({ target: gatewayPool.name, set: row })
    const shards = Array.from({ length: shardsPerPool }, (_, shard) => ({ pool: name, shard }))
    await tx.insert(gatewayShard).values(shards).onConflictDoNothing()
    const gone = (before?.gateways ?? []).filter((id) => !form.gateways.includes(id))
    if (gone.length > 0)
      await tx
        .update(gatewayShard)
        .set({ gatewayId: null, leaseUntil: null })
        .where(inArray(gatewayShard.gatewayId, gone))
    await recordAudit(tx, context.clock.now(), person, {
      action: before ? 'gateway-pool.changed' : 'gateway-pool.made',
      subject: { type: 'gateway-pool', id: name },
      detail: { now: form, before: before ? { leaseS: before.leaseS, gateways: before.gateways } : null },
    })
    return (await readPools(tx, name))[0] as GatewayPool
  })
}

async function readPools(db: Queryable, name?: string): Promise<GatewayPool[]> {
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

function changedMeanwhile(name: string, revision: number | undefined): ProblemError {
  if (revision === undefined)
    return new ProblemError('not-found', `There is no pool ${name}: send If-None-Match: * to make it.`)
  return new ProblemError('changed-meanwhile', `The pool ${name} is not what you have read: read it again.`, {
    headers: { etag: `"${revision}"` },
  })
}
