import { eq, sql } from 'drizzle-orm'
import type { hubOperations, StoredPointMap } from '../../../schemas/grid/hubs.ts'
import { type Call, isCurrent, notCurrent, type ProposedAct } from '../../kit/index.ts'
import { readMaps } from './map-library.ts'
import { meaningOf } from './point-maps.ts'
import { renewPowers } from './save-hub.ts'
import { pointMap } from './tables.ts'

type Save = typeof hubOperations.savePointMap

/**
 * Creates or changes a point map. Its scales and signs decide on what is measured, so a second person approves it. Gateways then get it
 * with their next assignment; stored measurements keep their meaning.
 */
export const savePointMap: ProposedAct<Save, StoredPointMap> = {
  async describe(call) {
    const { name } = call.params
    const before = await lockCurrent(call)
    return {
      subject: { type: 'point-map', id: name },
      title: before ? `Change the point map ${name} of ${before.hubs} hubs` : `Make the point map ${name}`,
      before: meaningOf(before?.points ?? []),
      after: meaningOf(call.body.points),
    }
  },

  async carryOut(call) {
    const { db, params, body } = call
    const [{ name }, { points }] = [params, body]
    const before = await lockCurrent(call)
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
  },
}

/** The map as it is, locked, if it is still what the caller has read. */
async function lockCurrent({ db, params: { name }, version }: Call<Save>): Promise<StoredPointMap | undefined> {
  await db.select().from(pointMap).where(eq(pointMap.name, name)).for('update')
  const [before] = await readMaps(db, name)
  if (!isCurrent(version, before?.etag)) throw notCurrent(`point map ${name}`, before?.etag)
  return before
}
