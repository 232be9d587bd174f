import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError, problemOf } from '../../../platform/http/index.ts'
import type { TimetableSettings, timetableOperations } from '../../../schemas/dispatch/timetables.ts'
import { brokenField } from '../../../schemas/vocabulary/outcome.ts'
import type { Product } from '../../../schemas/vocabulary/units.ts'
import { isCurrent, nameOf, type Verb } from '../../kit/index.ts'
import { gatesInForce } from '../../market/index.ts'
import { closesAfter, daysBeforeText } from './rules.ts'
import { timetableInForce } from './store.ts'
import { dispatchTimetable } from './tables.ts'
import { viewTimetable } from './views.ts'

/** Changes a product's timetable from now on; ticks that fell due earlier follow the one before. */
export const changeTimetable: Verb<typeof timetableOperations.changeTimetable> = async (call) => {
  const { db, at, actor, body: settings, version: seen, audit, announce } = call
  const { product } = call.params
  const before = await timetableInForce(db, product, at)
  await requireGatesBefore(db, product, settings)
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

/** Refuses a timetable that sends the product out before one of its gates closes. */
async function requireGatesBefore(tx: Queryable, product: Product, { rhythm }: TimetableSettings): Promise<void> {
  const late = (await gatesInForce(tx)).find((gate) => gate.product === product && closesAfter(gate.settings, rhythm))
  if (!late) return
  const { daysBefore, at } = late.settings
  const gate = `the gate of its ${late.kind} schedules, which closes at ${at} ${daysBeforeText(daysBefore)}: move the gate first`
  throw problemOf(brokenField(rhythm.kind === 'windows' ? 'rhythm.windows' : 'rhythm.at', `is before ${gate}`))
}
