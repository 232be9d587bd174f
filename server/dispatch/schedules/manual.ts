import type { Instant, LocalDate } from '@js-joda/core'
import type { z } from 'zod'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { DispatchSchedule, dispatchScheduleValues } from '../../../schemas/market/schedules.ts'
import { momentInWords } from '../../../schemas/vocabulary/time.ts'
import type { Product } from '../../../schemas/vocabulary/units.ts'
import { type Actor, isCurrent, nameOf, recordAudit } from '../../kit/index.ts'
import { listFlexibleUnits } from '../../market/index.ts'
import { alignHeld } from './aligning.ts'
import { brokenText, limitsBroken } from './limits.ts'
import { changedFields, scheduleFault } from './rules/values.ts'
import { currentSchedules, selections, viewSchedule } from './store.ts'
import { dispatchSchedule } from './tables.ts'

type Values = z.infer<typeof dispatchScheduleValues>

/** An FU and a day, for which schedules are saved and selected. */
export interface ScheduleKey {
  fuId: string
  day: LocalDate
}

/** The FU, or a 404. */
export async function requireUnit(tx: Queryable, at: Instant, fuId: string) {
  const [unit] = await listFlexibleUnits(tx, at, { fuIds: [fuId] })
  if (!unit) throw new ProblemError('not-found', `There is no FU ${fuId}.`)
  return unit
}

/** FA08: stores a new version of the manual schedule. @param version that the editor last saw (FM15). */
export async function storeManualSchedule(
  tx: Queryable,
  at: Instant,
  actor: Actor,
  key: ScheduleKey,
  version: string | null,
  given: Values,
): Promise<DispatchSchedule> {
  const unit = await requireUnit(tx, at, key.fuId)
  const fault = scheduleFault(key.day, given, unit)
  if (fault) throw new ProblemError('contract-broken', `${fault.field} ${fault.message}.`, { errors: [fault] })
  const selected = (await selections(tx, key.day, [key.fuId])).get(key.fuId)
  const isLive = (product: Product) => selected?.(product) === 'manual'
  const flaws = await limitsBroken(tx, at, unit, key.day, { schedule: given, isLive })
  if (flaws.length > 0) throw new ProblemError('contract-broken', brokenText(unit.name, flaws), { errors: flaws })
  const before = await currentManual(tx, key)
  if (!isCurrent(version, before?.version)) throw changedMeanwhile(before, given)
  const row = {
    fuId: key.fuId,
    tradingDay: key.day,
    kind: 'manual' as const,
    version: (before?.version ?? 0) + 1,
    ...given,
    createdAt: at,
    createdBy: nameOf(actor),
  }
  // Two concurrent editors create the same version: the key lets one in.
  const made = await tx.insert(dispatchSchedule).values(row).onConflictDoNothing().returning()
  if (made.length === 0) throw changedMeanwhile(await currentManual(tx, key), given)
  await recordAudit(tx, at, actor, {
    action: 'dispatch-schedule.saved',
    subject: { type: 'fu', id: key.fuId },
    detail: {
      version: row.version,
      resolution: given.resolution,
      before: before?.values ?? null,
      after: given.values,
    },
  })
  await alignHeld(tx, at, key.day, [key.fuId])
  return viewSchedule(row)
}

async function currentManual(tx: Queryable, { fuId, day }: ScheduleKey): Promise<DispatchSchedule | undefined> {
  return (await currentSchedules(tx, day, [fuId])).find((schedule) => schedule.kind === 'manual')
}

/** FM15: reports who changed what, so that neither loses a change. */
function changedMeanwhile(now: DispatchSchedule | undefined, mine: Values): ProblemError {
  if (!now)
    return new ProblemError(
      'changed-meanwhile',
      'This schedule does not exist yet: send If-None-Match: * to create its first version.',
    )
  const detail = `${now.createdBy} saved version ${now.version} at ${momentInWords(now.createdAt)}: load it and reapply your change.`
  return new ProblemError('changed-meanwhile', detail, {
    errors: changedFields(now, mine),
    headers: { etag: `"${now.version}"` },
  })
}
