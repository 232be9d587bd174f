import type { LocalDate } from '@js-joda/core'
import type { z } from 'zod'
import type { Queryable } from '../../../platform/db/index.ts'
import { codeOf } from '../../../platform/errors/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { DispatchSchedule, dispatchScheduleValues, ScheduleKind } from '../../../schemas/market/schedules.ts'
import { type Actor, nameOf, recordAudit, type ServerContext } from '../../kit/index.ts'
import { isContracted, listContracts, listFlexibleUnits, termOf } from '../../market/index.ts'
import { reviseIssued } from '../instructions/index.ts'
import { stoppedUnits } from '../stops/index.ts'
import { changedFields, scheduleFault, valueAt } from './rules.ts'
import { currentSchedules, liveSchedules, viewSchedule } from './store.ts'
import { dispatchSchedule, scheduleSelection } from './tables.ts'

async function requireUnit(context: ServerContext, fuId: string) {
  const [unit] = await listFlexibleUnits(context.db, context.clock.now(), { fuIds: [fuId] })
  if (!unit) throw new ProblemError('not-found', `There is no FU ${fuId}.`)
  return unit
}

/** The latest version of a schedule, or a 404. */
export async function readSchedule(
  context: ServerContext,
  fuId: string,
  day: LocalDate,
  kind: ScheduleKind,
): Promise<DispatchSchedule> {
  const found = (await currentSchedules(context.db, day, [fuId])).find((s) => s.kind === kind)
  if (!found) throw new ProblemError('not-found', `FU ${fuId} has no ${kind} schedule for ${day}.`)
  return found
}

/** FA08: stores a new version of the manual schedule. `expectedVersion` is what the editor last saw, 0 for none (FM15). */
export async function saveManualSchedule(
  context: ServerContext,
  actor: Actor,
  key: { fuId: string; day: LocalDate },
  expectedVersion: number,
  given: z.infer<typeof dispatchScheduleValues>,
): Promise<DispatchSchedule> {
  const unit = await requireUnit(context, key.fuId)
  const fault = scheduleFault(key.day, given, unit.maxTurnDownW)
  if (fault) throw new ProblemError('contract-broken', `${fault.field} ${fault.message}.`, { errors: [fault] })
  const row = {
    fuId: key.fuId,
    tradingDay: key.day,
    kind: 'manual' as const,
    version: expectedVersion + 1,
    ...given,
    createdAt: context.clock.now(),
    createdBy: nameOf(actor),
  }
  try {
    await context.db.transaction(async (tx) => {
      const before = (await currentSchedules(tx, key.day, [key.fuId])).find((s) => s.kind === 'manual')
      if ((before?.version ?? 0) !== expectedVersion) throw changedMeanwhile(before, given)
      await tx.insert(dispatchSchedule).values(row)
      const detail = {
        version: row.version,
        resolution: given.resolution,
        before: before?.values ?? null,
        after: given.values,
      }
      await recordAudit(tx, row.createdAt, actor, {
        action: 'dispatch-schedule.saved',
        subject: { type: 'fu', id: key.fuId },
        detail,
      })
      await reviseLive(tx, context, key)
    })
  } catch (error) {
    if (codeOf(error) === '23505')
      throw changedMeanwhile(
        (await currentSchedules(context.db, key.day, [key.fuId])).find((s) => s.kind === 'manual'),
        given,
      )
    throw error
  }
  context.announce('dispatch')
  return viewSchedule(row)
}

/** FM15: says who changed what, so that nothing is lost by either. */
function changedMeanwhile(
  now: DispatchSchedule | undefined,
  mine: z.infer<typeof dispatchScheduleValues>,
): ProblemError {
  if (!now)
    return new ProblemError(
      'changed-meanwhile',
      'There is no such schedule yet: send If-None-Match: * to make the first version.',
    )
  const detail = `${now.createdBy} saved version ${now.version} at ${now.createdAt}: load it, and put your change on top of it.`
  return new ProblemError('changed-meanwhile', detail, {
    errors: changedFields(now, mine),
    headers: { etag: `"${now.version}"` },
  })
}

/** FA09: makes the manual or the optimised schedule the live one. */
export async function selectSchedule(
  context: ServerContext,
  actor: Actor,
  key: { fuId: string; day: LocalDate },
  kind: ScheduleKind,
): Promise<void> {
  await requireUnit(context, key.fuId)
  await readSchedule(context, key.fuId, key.day, kind)
  const row = { kind, selectedAt: context.clock.now(), selectedBy: nameOf(actor) }
  await context.db.transaction(async (tx) => {
    await tx
      .insert(scheduleSelection)
      .values({ fuId: key.fuId, tradingDay: key.day, ...row })
      .onConflictDoUpdate({ target: [scheduleSelection.fuId, scheduleSelection.tradingDay], set: row })
    const detail = { tradingDay: key.day.toString(), kind }
    await recordAudit(tx, row.selectedAt, actor, {
      action: 'dispatch-schedule.selected',
      subject: { type: 'fu', id: key.fuId },
      detail,
    })
    await reviseLive(tx, context, key)
  })
  context.announce('dispatch')
}

/** Brings what was issued for windows still to come into line with the live schedule, as the tick would issue it now. */
export async function reviseLive(
  tx: Queryable,
  context: ServerContext,
  key: { fuId: string; day: LocalDate },
): Promise<void> {
  const [unit] = await listFlexibleUnits(tx, context.clock.now(), { fuIds: [key.fuId] })
  // What a stop ended stays ended, whatever the schedule says.
  if (!unit || (await stoppedUnits(tx, [unit])).size > 0) return
  const live = (await liveSchedules(tx, key.day, [key.fuId])).get(key.fuId)
  const contracts = (await listContracts(tx, { product: 'A', from: key.day, to: key.day })).filter(
    (c) => c.fuId === key.fuId,
  )
  await reviseIssued(tx, context.clock.now(), key, (from) => {
    const contract = contracts.find((c) => isContracted(termOf(c), from))
    const asked = live && contract ? valueAt(live, from) : null
    if (!live || !contract) return null
    const turnDownW = asked === null ? null : Math.min(asked, contract.turnDownW)
    return { turnDownW, scheduleKind: live.kind, scheduleVersion: live.version }
  })
}
