import { eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { areaOperations } from '../../../schemas/grid/areas.ts'
import { isCurrent, notCurrent, type Verb } from '../../kit/index.ts'
import { heldProblemOf } from './held.ts'
import { viewGroup } from './store.ts'
import { dnoGroup } from './tables.ts'

/** Adds a DNO group, or changes its name. */
export const saveDnoGroup: Verb<typeof areaOperations.saveDnoGroup> = async (call) => {
  const { db, body, version } = call
  const { code } = call.params
  const before = await lockGroup(db, code)
  if (!isCurrent(version, before?.revision)) throw notCurrent(`DNO group ${code}`, before?.revision)
  const [saved] = before
    ? await db
        .update(dnoGroup)
        .set({ ...body, revision: before.revision + 1 })
        .where(eq(dnoGroup.code, code))
        .returning()
    : await db
        .insert(dnoGroup)
        .values({ code, ...body })
        .onConflictDoNothing()
        .returning()
  if (!saved) throw notCurrent(`DNO group ${code}`, 1)
  call.audit({
    action: before ? 'dno-group.changed' : 'dno-group.added',
    subject: { type: 'dno-group', id: code },
    detail: { now: body, before: before ? { name: before.name } : null },
  })
  return viewGroup(saved)
}

/** Removes a DNO group without licence areas. */
export const removeDnoGroup: Verb<typeof areaOperations.removeDnoGroup> = async (call) => {
  const { db, version } = call
  const { code } = call.params
  const before = await lockGroup(db, code)
  if (!before) throw new ProblemError('not-found', `There is no DNO group ${code}: see the list of areas.`)
  if (!isCurrent(version, before.revision)) throw notCurrent(`DNO group ${code}`, before?.revision)
  try {
    await db.delete(dnoGroup).where(eq(dnoGroup.code, code))
  } catch (error) {
    throw heldProblemOf(`DNO group ${code}`, error) ?? error
  }
  call.audit({ action: 'dno-group.removed', subject: { type: 'dno-group', id: code }, detail: before })
}

async function lockGroup(db: Queryable, code: string) {
  const [row] = await db.select().from(dnoGroup).where(eq(dnoGroup.code, code)).for('update')
  return row
}
