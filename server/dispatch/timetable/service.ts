import { ProblemError } from '../../../platform/http/index.ts'
import type { Timetable, TimetableSettings } from '../../../schemas/dispatch/timetables.ts'
import type { Product } from '../../../schemas/vocabulary/units.ts'
import { type Actor, nameOf, recordAudit, type ServerContext } from '../../kit/index.ts'
import { timetableInForce } from './store.ts'
import { dispatchTimetable } from './tables.ts'
import type { ProductTimetable } from './timetable.ts'

export function viewTimetable({ product, version, changedAt, changedBy, ...settings }: ProductTimetable): Timetable {
  return { product, version, settings, changedAt: changedAt?.toString() ?? null, changedBy }
}

/** Changes a product's timetable from now on; ticks that fell due before go by the one before. */
export async function changeTimetable(
  context: ServerContext,
  actor: Actor,
  product: Product,
  expectedVersion: number,
  settings: TimetableSettings,
): Promise<Timetable> {
  const at = context.clock.now()
  const changed = await context.db.transaction(async (tx) => {
    const before = await timetableInForce(tx, product, at)
    const row = { product, version: before.version + 1, settings, changedAt: at, changedBy: nameOf(actor) }
    // Two editors at once make the same version: the key lets one in.
    const isFirst =
      before.version === expectedVersion &&
      (await tx.insert(dispatchTimetable).values(row).onConflictDoNothing().returning()).length === 1
    if (!isFirst) {
      const { version, changedBy } = await timetableInForce(tx, product, at)
      throw new ProblemError(
        'changed-meanwhile',
        `The timetable of product ${product} is version ${version} by now, of ${changedBy ?? 'nobody'}: read it again.`,
        { headers: { etag: `"${version}"` } },
      )
    }
    await recordAudit(tx, at, actor, {
      action: 'timetable.changed',
      subject: { type: 'timetable', id: product },
      detail: { before: viewTimetable(before).settings, after: settings },
    })
    return { ...settings, ...row }
  })
  context.announce('dispatch')
  return viewTimetable(await timetableInForce(context.db, product, changed.changedAt))
}
