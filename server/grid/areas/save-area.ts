import { eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError, problemOf } from '../../../platform/http/index.ts'
import type { areaOperations } from '../../../schemas/grid/areas.ts'
import type { BodyOf } from '../../../schemas/vocabulary/operation.ts'
import { brokenField } from '../../../schemas/vocabulary/outcome.ts'
import { isCurrent, notCurrent, type Verb } from '../../kit/index.ts'
import { heldProblemOf } from './held.ts'
import { viewArea } from './store.ts'
import { dnoGroup, licenceArea } from './tables.ts'

type Form = BodyOf<typeof areaOperations.saveLicenceArea>

/** Adds a licence area, or changes its name or group. */
export const saveLicenceArea: Verb<typeof areaOperations.saveLicenceArea> = async (call) => {
  const { db, body, version } = call
  const { code } = call.params
  const before = await lockArea(db, code)
  if (!isCurrent(version, before?.revision)) throw notCurrent(`licence area ${code}`, before?.revision)
  const groups = await db.select({ code: dnoGroup.code }).from(dnoGroup).orderBy(dnoGroup.code).for('key share')
  if (!groups.some((group) => group.code === body.groupCode)) {
    const known = groups.map((group) => group.code).join(', ')
    throw problemOf(brokenField('groupCode', `is not a known DNO group: ${body.groupCode}; known are ${known}`))
  }
  const saved = await store(db, code, body, before)
  if (!saved) throw notCurrent(`licence area ${code}`, 1)
  call.audit({
    action: before ? 'licence-area.changed' : 'licence-area.added',
    subject: { type: 'licence-area', id: code },
    detail: {
      now: body,
      before: before ? { name: before.name, groupCode: before.groupCode, country: before.country } : null,
    },
  })
  return viewArea(saved)
}

/** Removes a licence area that nothing refers to. */
export const removeLicenceArea: Verb<typeof areaOperations.removeLicenceArea> = async (call) => {
  const { db, version } = call
  const { code } = call.params
  const before = await lockArea(db, code)
  if (!before) throw new ProblemError('not-found', `There is no licence area ${code}: see the list of areas.`)
  if (!isCurrent(version, before.revision)) throw notCurrent(`licence area ${code}`, before?.revision)
  try {
    await db.delete(licenceArea).where(eq(licenceArea.code, code))
  } catch (error) {
    throw heldProblemOf(`licence area ${code}`, error) ?? error
  }
  call.audit({ action: 'licence-area.removed', subject: { type: 'licence-area', id: code }, detail: before })
}

/** `undefined` if somebody else has just added it. */
async function store(db: Queryable, code: string, body: Form, before: { revision: number } | undefined) {
  if (!before) {
    const [added] = await db
      .insert(licenceArea)
      .values({ code, ...body })
      .onConflictDoNothing()
      .returning()
    return added
  }
  const now = { ...body, revision: before.revision + 1 }
  const [changed] = await db.update(licenceArea).set(now).where(eq(licenceArea.code, code)).returning()
  return changed
}

async function lockArea(db: Queryable, code: string) {
  const [row] = await db.select().from(licenceArea).where(eq(licenceArea.code, code)).for('update')
  return row
}
