import { eq, sql } from 'drizzle-orm'
import type { hubOperations } from '../../../schemas/grid/hubs.ts'
import { isCurrent, type Verb } from '../../kit/index.ts'
import { readMaps } from './map-library.ts'
import { notCurrent } from './not-current.ts'
import { renewPowers } from './save-hub.ts'
import { pointMap } from './tables.ts'

/** Creates or changes a point map. Gateways get it with their next assignment; stored measurements keep their meaning. */
export const savePointMap: Verb<typeof hubOperations.savePointMap> = async ({ db, params, body, version, ...call }) => {
  const { name } = params
  const { points } = body
  await db.select().from(pointMap).where(eq(pointMap.name, name)).for('update')
  const [before] = await readMaps(db, name)
  if (!isCurrent(version, before?.etag)) throw notCurrent(`point map ${name}`, before?.etag)
  await db
    .insert(pointMap)
    .values({ name, points })
    .onConflictDoUpdate({ target: pointMap.name, set: { points, revision: sql`nextval('assignment_revision')` } })
  await renewPowers(db, name)
  call.audit({
    action: before ? 'point-map.changed' : 'point-map.created',
    subject: { type: 'point-map', id: name },
    detail: { points, before: before?.points ?? null },
  })
  call.announce('telemetry')
  const [saved] = await readMaps(db, name)
  if (!saved) throw new Error(`point map ${name} has disappeared`)
  return saved
}
