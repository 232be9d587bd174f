import { inArray, sql } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import type { gatewayOperations } from '../../../schemas/grid/gateway.ts'
import { isCurrent, notCurrent, type Verb } from '../../kit/index.ts'
import { shardsPerPool } from '../hubs/index.ts'
import { gatewayPool } from '../hubs/tables.ts'
import { readPools } from './pools.ts'
import { gatewayShard } from './tables.ts'

/**
 * Creates a pool or changes its gateways. A gateway that is removed loses its shards at once: stop it first, otherwise it polls until it
 * asks again.
 */
export const savePool: Verb<typeof gatewayOperations.savePool> = async ({ db, params, body, version, ...call }) => {
  const { name } = params
  const { leaseS, gateways } = body
  // Locks all pools, because a gateway is in at most one of them.
  const all = await db.select().from(gatewayPool).orderBy(gatewayPool.name).for('no key update')
  const before = all.find((pool) => pool.name === name)
  if (!isCurrent(version, before?.revision)) throw notCurrent(`pool ${name}`, before?.revision)
  const taken = all.find((pool) => pool.name !== name && pool.gateways.some((id) => gateways.includes(id)))
  if (taken)
    throw new ProblemError('conflict', `A gateway can be in only one pool: ${taken.name} already has one of these.`)
  const row = { leaseS, gateways, revision: sql`nextval('assignment_revision')` }
  await db
    .insert(gatewayPool)
    .values({ name, ...row })
    .onConflictDoUpdate({ target: gatewayPool.name, set: row })
  const shards = Array.from({ length: shardsPerPool }, (_, shard) => ({ pool: name, shard }))
  await db.insert(gatewayShard).values(shards).onConflictDoNothing()
  const gone = (before?.gateways ?? []).filter((id) => !gateways.includes(id))
  if (gone.length > 0)
    await db
      .update(gatewayShard)
      .set({ gatewayId: null, leaseUntil: null })
      .where(inArray(gatewayShard.gatewayId, gone))
  call.audit({
    action: before ? 'gateway-pool.changed' : 'gateway-pool.created',
    subject: { type: 'gateway-pool', id: name },
    detail: { now: body, before: before ? { leaseS: before.leaseS, gateways: before.gateways } : null },
  })
  const [saved] = await readPools(db, name)
  if (!saved) throw new Error(`pool ${name} has disappeared`)
  return saved
}
