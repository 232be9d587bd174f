import { eq, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { StoredPointMap } from '../../../schemas/grid/hubs.ts'
import { hub, pointMap } from './tables.ts'

/** Point maps of hub models, by name. @param name selects one. */
export async function readMaps(db: Queryable, name?: string): Promise<StoredPointMap[]> {
  const rows = await db
    .select({
      name: pointMap.name,
      points: pointMap.points,
      revision: pointMap.revision,
      hubs: sql<number>`(select count(*) from ${hub} where point_map_name = point_map.name)`.mapWith(Number),
    })
    .from(pointMap)
    .where(name === undefined ? undefined : eq(pointMap.name, name))
    .orderBy(pointMap.name)
  return rows.map(({ revision, ...rest }) => ({ ...rest, etag: String(revision) }))
}
