import { eq } from 'drizzle-orm'
import type { installationOperations } from '../../../schemas/grid/installations.ts'
import { isCurrent, nameOf, notCurrent, type Verb } from '../../kit/index.ts'
import { hub } from '../hubs/tables.ts'
import { installationOf, requireHub } from './store.ts'
import { hubInstallation } from './tables.ts'

/** A19: records how a hub was installed, as the next version; what was recorded before stays. */
export const saveInstallation: Verb<typeof installationOperations.saveInstallation> = async (call) => {
  const { db, at, actor, params, body, version } = call
  const hubId = params.id
  await requireHub(db, hubId)
  // Versions follow each other: two people who save at once take turns, and the second is told.
  await db.select({ hubId: hub.hubId }).from(hub).where(eq(hub.hubId, hubId)).for('update')
  const before = await installationOf(db, hubId)
  if (!isCurrent(version, Number(before.etag)))
    throw notCurrent(`installation record of ${before.hubName}`, before.etag)
  const next = Number(before.etag) + 1
  await db.insert(hubInstallation).values({ hubId, version: next, record: body, savedAt: at, savedBy: nameOf(actor) })
  call.audit({
    action: 'hub.installation-recorded',
    subject: { type: 'hub', id: hubId },
    detail: { version: next, now: body, before: before.record },
  })
  call.announce('telemetry')
  return installationOf(db, hubId)
}
