import { asc, eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { RegisteredHub } from '../../../schemas/grid/hubs.ts'
import { hub, hubFeeder } from './tables.ts'

/** How a hub is reached and read; `null` if unknown. */
export async function registrationOf(db: Queryable, hubId: string): Promise<RegisteredHub | null> {
  const [row] = await db.select().from(hub).where(eq(hub.hubId, hubId))
  if (!row) return null
  const feeders = await db
    .select({ feeder: hubFeeder.feeder, role: hubFeeder.role, connectionId: hubFeeder.connectionId })
    .from(hubFeeder)
    .where(eq(hubFeeder.hubId, hubId))
    .orderBy(asc(hubFeeder.feeder))
  return {
    hubId,
    name: row.name,
    connectionId: row.connectionId,
    nodeId: row.nodeId,
    host: row.host,
    port: row.port,
    dialsIn: row.dialsIn,
    tlsName: row.tlsName,
    localAddress: row.localAddress,
    remoteAddress: row.remoteAddress,
    integrityPollS: row.integrityPollS,
    timeoutS: row.timeoutS,
    pool: row.pool,
    gatewayId: row.pool === null ? row.gatewayId : null,
    pointMapName: row.pointMapName,
    pointOverrides: row.pointOverrides ?? [],
    feeders,
    etag: String(row.revision),
  }
}
