import { eq } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import type { layoutOperations } from '../../../schemas/grid/layouts.ts'
import { isCurrent, nameOf, type Verb, versionOfData } from '../../kit/index.ts'
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
  if (!isCurrent(version, before && versionOfData(before.layout))) throw changedMeanwhile(name, before)
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

function changedMeanwhile(name: string, before: typeof networkLayout.$inferSelect | undefined): ProblemError {
  if (!before) return new ProblemError('changed-meanwhile', `There is no layout ${name} any more: add it anew.`)
  return new ProblemError(
    'changed-meanwhile',
    `${before.savedBy} has saved the layout ${name}, at ${before.savedAt}: read it again, and make your change to it.`,
    { headers: { etag: `"${versionOfData(before.layout)}"` } },
  )
}

function requireOwn(name: string): void {
  if (knownLayouts.has(name))
    throw new ProblemError('conflict', `The layout ${name} comes with the program: save yours under another name.`)
}
