import { eq, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { MappedPoint, StoredPointMap } from '../../../schemas/grid/gateway.ts'
import { type Actor, recordAudit, requirePerson, type ServerContext } from '../../kit/index.ts'
import { renewPowers } from './hubs.ts'
import { hub, pointMap } from './tables.ts'

/** Point maps of models of hub, by name. */
export async function listMaps(context: ServerContext, actor: Actor | null): Promise<StoredPointMap[]> {
  requirePerson(actor)
  return readMaps(context.db)
}

export async function readMap(context: ServerContext, actor: Actor | null, name: string): Promise<StoredPointMap> {
  requirePerson(actor)
  const [found] = await readMaps(context.db, name)
  if (!found) throw new ProblemError('not-found', `There is no point map ${name}.`)
  return found
}

/**
 * Makes or changes a point map. Gateways get it with their next assignment; what has been stored already keeps its meaning.
 * @param etag of what the caller has read; `null` to make a new one.
 */
export async function putMap(
  context: ServerContext,
  actor: Actor | null,
  name: string,
  etag: string | null,
  points: MappedPoint[],
): Promise<StoredPointMap> {
  const person = requirePerson(actor, 'operator')
  const saved = await context.db.transaction(async (tx) => {
    await tx.select().from(pointMap).where(eq(pointMap.name, name)).for('update')
    const [before] = await readMaps(tx, name)
    if ((before?.etag ?? null) !== etag) throw changedMeanwhile(name, before)
    await tx
      .insert(pointMap)
      .values({ name, points })
      .onConflictDoUpdate({ target: pointMap.name, set: { points, revision: sql`nextval('assignment_revision')` } })
    await renewPowers(tx, name)
    await recordAudit(tx, context.clock.now(), person, {
      action: before ? 'point-map.changed' : 'point-map.made',
      subject: { type: 'point-map', id: name },
      detail: { points, before: before?.points ?? null },
    })
    return (await readMaps(tx, name))[0] as StoredPointMap
  })
  context.announce('telemetry')
  return saved
}

async function readMaps(db: Queryable, name?: string): Promise<StoredPointMap[]> {
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

function changedMeanwhile(name: string, now: StoredPointMap | undefined): ProblemError {
  if (!now) return new ProblemError('not-found', `There is no point map ${name}: send If-None-Match: * to make it.`)
  return new ProblemError('changed-meanwhile', `The point map ${name} is not what you have read: read it again.`, {
    headers: { etag: `"${now.etag}"` },
  })
}
