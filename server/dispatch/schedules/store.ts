import type { LocalDate } from '@js-joda/core'
import { and, desc, eq, inArray } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { DispatchSchedule, ScheduleKind } from '../../../schemas/market/schedules.ts'
import { dispatchSchedule, scheduleSelection } from './tables.ts'

type Row = typeof dispatchSchedule.$inferSelect

/** The latest version of each kind for each FU on a day. */
export async function currentSchedules(tx: Queryable, day: LocalDate, fuIds: string[]): Promise<DispatchSchedule[]> {
  if (fuIds.length === 0) return []
  const rows = await tx
    .selectDistinctOn([dispatchSchedule.fuId, dispatchSchedule.kind])
    .from(dispatchSchedule)
    .where(and(eq(dispatchSchedule.tradingDay, day), inArray(dispatchSchedule.fuId, fuIds)))
    .orderBy(dispatchSchedule.fuId, dispatchSchedule.kind, desc(dispatchSchedule.version))
  return rows.map(viewSchedule)
}

/** The latest version of a schedule, or a 404. */
export async function requireSchedule(
  tx: Queryable,
  fuId: string,
  day: LocalDate,
  kind: ScheduleKind,
): Promise<DispatchSchedule> {
  const found = (await currentSchedules(tx, day, [fuId])).find((schedule) => schedule.kind === kind)
  if (!found) throw new ProblemError('not-found', `FU ${fuId} has no ${kind} schedule for ${day}.`)
  return found
}

/** The selected kind per FU on a day. */
export async function selections(tx: Queryable, day: LocalDate, fuIds: string[]): Promise<Map<string, ScheduleKind>> {
  if (fuIds.length === 0) return new Map()
  const rows = await tx
    .select()
    .from(scheduleSelection)
    .where(and(eq(scheduleSelection.tradingDay, day), inArray(scheduleSelection.fuId, fuIds)))
  return new Map(rows.map((row) => [row.fuId, row.kind]))
}

/** Makes a kind of schedule the live one of an FU on a day. */
export async function storeSelection(
  tx: Queryable,
  { fuId, day }: { fuId: string; day: LocalDate },
  row: Pick<typeof scheduleSelection.$inferInsert, 'kind' | 'selectedAt' | 'selectedBy'>,
): Promise<void> {
  await tx
    .insert(scheduleSelection)
    .values({ fuId, tradingDay: day, ...row })
    .onConflictDoUpdate({ target: [scheduleSelection.fuId, scheduleSelection.tradingDay], set: row })
}

/** The live schedule of each FU on a day: the latest version of the kind selected, or of `unselected`. An FU without one is absent. */
export async function liveSchedules(
  tx: Queryable,
  day: LocalDate,
  fuIds: string[],
  unselected?: ScheduleKind,
): Promise<Map<string, DispatchSchedule>> {
  const selected = await selections(tx, day, fuIds)
  const current = await currentSchedules(tx, day, fuIds)
  return new Map(current.filter((s) => (selected.get(s.fuId) ?? unselected) === s.kind).map((s) => [s.fuId, s]))
}

export function viewSchedule(row: Row): DispatchSchedule {
  return { ...row, tradingDay: row.tradingDay.toString(), createdAt: row.createdAt.toString() }
}
