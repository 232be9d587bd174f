import { ProblemError } from '../../../platform/http/index.ts'
import type { timetableOperations } from '../../../schemas/dispatch/timetables.ts'
import { isCurrent, nameOf, type Verb } from '../../kit/index.ts'
import { timetableInForce } from './store.ts'
import { dispatchTimetable } from './tables.ts'
import { viewTimetable } from './views.ts'

/** Changes a product's timetable from now on; ticks that fell due earlier follow the one before. */
export const changeTimetable: Verb<typeof timetableOperations.changeTimetable> = async (call) => {
  const { db, at, actor, body: settings, version: seen, audit, announce } = call
  const { product } = call.params
  const before = await timetableInForce(db, product, at)
  const row = { product, version: before.version + 1, settings, changedAt: at, changedBy: nameOf(actor) }
  // Two concurrent editors create the same version: the key lets one in.
  const isFirst =
    isCurrent(seen, before.version) &&
    (await db.insert(dispatchTimetable).values(row).onConflictDoNothing().returning()).length === 1
  if (!isFirst) {
    const { version, changedBy } = await timetableInForce(db, product, at)
    throw new ProblemError(
      'changed-meanwhile',
      `The timetable of product ${product} is now at version ${version}, by ${changedBy ?? 'nobody'}: read it again.`,
      { headers: { etag: `"${version}"` } },
    )
  }
  audit({
    action: 'timetable.changed',
    subject: { type: 'timetable', id: product },
    detail: { before: viewTimetable(before).settings, after: settings },
  })
  announce('dispatch')
  return viewTimetable(await timetableInForce(db, product, at))
}
