import { and, asc, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { GatewayAssignment, HubAssignment, MappedPoint } from '../../../schemas/grid/gateway.ts'
import { defaultPointMap, withOverrides } from '../hubs/index.ts'
import { hub, hubFeeder, pointMap } from '../hubs/tables.ts'

/** A customer's monitor sends by itself, so nobody polls it. A hub whose shard was released waits for the gateway that claims it. */
const polledBy = (gatewayId: string) =>
  and(
    eq(hub.gatewayId, gatewayId),
    eq(hub.ownership, 'dno'),
    sql`(${hub.pool} is null or exists (select from gateway_shard s
      where s.pool = ${hub.pool} and s.shard = ${hub.shard} and s.gateway_id = ${gatewayId}))`,
  )

/**
 * The tag of a gateway's assignment, without times and sequences. Any change gives a hub or a map a revision higher than all before. The
 * tag combines the number of revisions, the highest, and their sum: together they also reveal hubs that leave, and a change that is
 * committed after a later one.
 */
export async function assignmentTag(db: Queryable, gatewayId: string): Promise<string> {
  const figures = (column: typeof hub.revision | typeof pointMap.revision) =>
    sql<string>`count(*) || '.' || coalesce(max(${column}), 0) || '.' || coalesce(sum(${column}), 0)`
  const [hubs] = await db
    .select({ text: figures(hub.revision) })
    .from(hub)
    .where(polledBy(gatewayId))
  const [maps] = await db.select({ text: figures(pointMap.revision) }).from(pointMap)
  return `${hubs?.text}-${maps?.text}`
}

/** Hubs by name, each naming its map: a fleet has thousands of hubs and a handful of maps, which are sent once. */
export async function assignedHubs(
  db: Queryable,
  gatewayId: string,
): Promise<Required<Pick<GatewayAssignment, 'hubs' | 'pointMaps'>>> {
  const rows = await db
    .select({
      hubId: hub.hubId,
      name: hub.name,
      host: hub.host,
      port: hub.port,
      dialsIn: hub.dialsIn,
      tlsName: hub.tlsName,
      localAddress: hub.localAddress,
      remoteAddress: hub.remoteAddress,
      integrityPollS: hub.integrityPollS,
      storedSequence: hub.storedSequence,
      pointMapName: hub.pointMapName,
      pointOverrides: hub.pointOverrides,
      // Identified by a digest, so that equal maps of many hubs are read and sent once.
      ownMap: sql<string | null>`'own ' || md5(${hub.pointMap}::text)`,
      feeders: sql<string | null>`(select string_agg(f.feeder::text, ',' order by f.feeder)
        from ${hubFeeder} f where f.hub_id = hub.hub_id)`,
    })
    .from(hub)
    .where(polledBy(gatewayId))
    .orderBy(asc(hub.name))
  const library = await readMaps(db, gatewayId)
  const pointMaps: Record<string, MappedPoint[]> = {}
  const hubs = rows.map(
    ({ ownMap, feeders, pointMapName, pointOverrides, tlsName, dialsIn, ...rest }): HubAssignment => {
      const base = ownMap ?? pointMapName ?? `feeders ${feeders ?? 'none'}`
      const name = pointOverrides === null ? base : `${base} of ${rest.hubId}`
      pointMaps[name] ??= withOverrides(
        library.get(base) ?? defaultPointMap((feeders ?? '').split(',').filter(Boolean).map(Number)),
        pointOverrides ?? [],
      )
      return {
        ...rest,
        pointMap: [],
        pointMapName: name,
        ...(tlsName === null ? {} : { tlsName }),
        ...(dialsIn ? { dialsIn } : {}),
      }
    },
  )
  return { hubs, pointMaps }
}

/** Own maps of a gateway's hubs, under a name that no model can have, and the maps of models. */
async function readMaps(db: Queryable, gatewayId: string): Promise<Map<string, MappedPoint[]>> {
  // First one hub per digest, then the maps of those hubs: a sort of all maps would go to disk.
  const first = db
    .select({ hubId: sql<string>`min(${hub.hubId}::text)::uuid`.as('hub_id') })
    .from(hub)
    .where(and(polledBy(gatewayId), isNotNull(hub.pointMap)))
    .groupBy(sql`md5(${hub.pointMap}::text)`)
  const own = await db
    .select({ name: sql<string>`'own ' || md5(${hub.pointMap}::text)`, points: hub.pointMap })
    .from(hub)
    .where(inArray(hub.hubId, first))
  const models = await db.select().from(pointMap)
  return new Map([
    ...models.map(({ name, points }) => [name, points] as const),
    ...own.map(({ name, points }) => [name, points ?? []] as const),
  ])
}
