import type { LocalDate } from '@js-joda/core'
import { and, desc, eq, inArray } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { DispatchSchedule, ScheduleKind } from '../../../schemas/market/schedules.ts'
import type { Product } from '../../../schemas/vocabulary/units.ts'
import { anyProduct, dispatchSchedule, scheduleSelection } from './tables.ts'

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

/** The kind of schedule that somebody selected for a product; `undefined` if nobody did. */
export type Selected = (product: Product) => ScheduleKind | undefined

/** What is selected per FU on a day. A selection for one product goes before the one for all. An FU without any is absent. */
export async function selections(tx: Queryable, day: LocalDate, fuIds: string[]): Promise<Map<string, Selected>> {
  if (fuIds.length === 0) return new Map()
  const rows = await tx
    .select()
    .from(scheduleSelection)
    .where(and(eq(scheduleSelection.tradingDay, day), inArray(scheduleSelection.fuId, fuIds)))
  const ofUnit = Map.groupBy(rows, ({ fuId }) => fuId)
  return new Map(
    [...ofUnit].map(([fuId, own]) => {
      const kinds = new Map(own.map(({ product, kind }) => [product, kind]))
      return [fuId, (product) => kinds.get(product) ?? kinds.get(anyProduct)]
    }),
  )
}

/** Makes a kind of schedule the live one of an FU on a day, for a product; for all of them, whatever was selected before, without one. */
export async function storeSelection(
  tx: Queryable,
  { fuId, day, product = anyProduct }: { fuId: string; day: LocalDate; product?: Product | undefined },
  row: Pick<typeof scheduleSelection.$inferInsert, 'kind' | 'selectedAt' | 'selectedBy'>,
): Promise<void> {
  const { fuId: ofUnit, tradingDay } = scheduleSelection
  if (product === anyProduct) await tx.delete(scheduleSelection).where(and(eq(ofUnit, fuId), eq(tradingDay, day)))
  await tx
    .insert(scheduleSelection)
    .values({ fuId, tradingDay: day, product, ...row })
    .onConflictDoUpdate({ target: [ofUnit, tradingDay, scheduleSelection.product], set: row })
}

/**
 * The schedule of each FU that is live on a day for the product of a timetable: the latest version of the kind selected, else of the kind
 * that the timetable uses without a selection. An FU without one is absent.
 */
export async function liveSchedules(
  tx: Queryable,
  day: LocalDate,
  fuIds: string[],
  { product, unselected }: { product: Product; unselected: ScheduleKind | null },
): Promise<Map<string, DispatchSchedule>> {
  const selected = await selections(tx, day, fuIds)
  const current = await currentSchedules(tx, day, fuIds)
  const kindOf = (fuId: string) => selected.get(fuId)?.(product) ?? unselected
  return new Map(current.filter((s) => kindOf(s.fuId) === s.kind).map((s) => [s.fuId, s]))
}

export function viewSchedule(row: Row): DispatchSchedule {
  return { ...row, tradingDay: row.tradingDay.toString(), createdAt: row.createdAt.toString() }
}
