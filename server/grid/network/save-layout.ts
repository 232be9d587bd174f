import { eq } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import type { layoutOperations } from '../../../schemas/grid/layouts.ts'
import { isCurrent, nameOf, notCurrent, type Verb, versionOfData } from '../../kit/index.ts'
import { requireArea } from '../areas/index.ts'
import { knownLayouts } from './known-layouts.ts'
import { networkLayout } from './tables.ts'

/** Adds or replaces a layout of network files. */
export const saveLayout: Verb<typeof layoutOperations.saveLayout> = async (call) => {
  const { db, at, actor, params, body, version } = call
  const { name } = params
  requireOwn(name)
  for (const [i, { licenceArea }] of body.nodes.entries())
    if (licenceArea && 'fixed' in licenceArea) await requireArea(db, licenceArea.fixed, `nodes.${i}.licenceArea.fixed`)
  const [before] = await db.select().from(networkLayout).where(eq(networkLayout.name, name)).for('update')
  const now = before && versionOfData(before.layout)
  if (!isCurrent(version, now))
    throw notCurrent(`layout ${name}`, now, before && { name: before.savedBy, at: before.savedAt })
  const saved = { layout: body, savedAt: at, savedBy: nameOf(actor) }
  await db
    .insert(networkLayout)
    .values({ name, ...saved })
    .onConflictDoUpdate({ target: networkLayout.name, set: saved })
  call.audit({ action: 'network-layout.saved', subject: { type: 'network-layout', id: name }, detail: body })
  return { ...body, name, savedAt: at.toString(), savedBy: saved.savedBy, etag: versionOfData(body) }
}

/** Removes a layout that a planner added. */
export const removeLayout: Verb<typeof layoutOperations.removeLayout> = async (call) => {
  const { name } = call.params
  requireOwn(name)
  const removed = await call.db.delete(networkLayout).where(eq(networkLayout.name, name)).returning()
  if (removed.length === 0) throw new ProblemError('not-found', `There is no layout ${name}: see the list of layouts.`)
  call.audit({ action: 'network-layout.removed', subject: { type: 'network-layout', id: name } })
}

function requireOwn(name: string): void {
  if (knownLayouts.has(name))
    throw new ProblemError('conflict', `The layout ${name} comes with the program: save yours under another name.`)
}
