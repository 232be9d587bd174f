import type { LocalDate } from '@js-joda/core'
import { and, desc, eq, inArray } from 'drizzle-orm'
import type { z } from 'zod'
import type { Queryable } from '../../../../platform/db/index.ts'
import type { UnitChoice } from '../../../../schemas/dispatch/choices.ts'
import type { explanation, Optimisation, UnitPeriod } from '../../../../schemas/dispatch/optimisation.ts'
import type { Page } from '../../../../schemas/vocabulary/paging.ts'
import type { Product } from '../../../../schemas/vocabulary/units.ts'
import { afterCursor, type PageQuery, pageFrom } from '../../../kit/index.ts'
import { choicesOf } from './choices.ts'
import type { ExplainedUnit } from './explaining.ts'
import { optimisationRun, optimisationUnit } from './tables.ts'

export type RunRow = typeof optimisationRun.$inferSelect

export function viewRun(row: RunRow): Optimisation {
  const nodes = row.nodes.map((node) => ({ ...node, periods: node.periods.map(withoutPenalty) }))
  return { ...row, nodes, tradingDay: row.tradingDay.toString(), startedAt: row.startedAt.toString() }
}

/** What runs of earlier releases took a W unmet to cost, £/MWh: above every price that can be stated. */
const formerPenalty = 100_000_000

/** A period as runs tell it today: where one more kW could not be had there is no price (decision 35). */
function withoutPenalty<Period extends { marginalPriceGbpPerMwh: number | null }>(period: Period): Period {
  const isPenalty = (period.marginalPriceGbpPerMwh ?? 0) >= formerPenalty
  return isPenalty ? { ...period, marginalPriceGbpPerMwh: null } : period
}

/** A page of the runs over a day, the latest first. */
export async function pageOfRuns(
  tx: Queryable,
  day: LocalDate,
  product: Product | undefined,
  query: PageQuery,
): Promise<Page<Optimisation>> {
  const isAsked = and(
    eq(optimisationRun.tradingDay, day),
    product ? eq(optimisationRun.product, product) : undefined,
    afterCursor(query, [optimisationRun.startedAt, optimisationRun.runId], 'desc'),
  )
  const rows = await tx
    .select()
    .from(optimisationRun)
    .where(isAsked)
    .orderBy(desc(optimisationRun.startedAt), desc(optimisationRun.runId))
    .limit(query.limit + 1)
  return pageFrom(rows, query, (row) => [row.startedAt.toString(), row.runId], viewRun)
}

/** The findings of the latest run over a day, by FU; for all FUs or some. */
export async function latestUnits(
  tx: Queryable,
  day: LocalDate,
  product: Product,
  fuIds?: string[],
): Promise<Map<string, ExplainedUnit>> {
  const [run] = await tx
    .select({ runId: optimisationRun.runId })
    .from(optimisationRun)
    .where(and(eq(optimisationRun.tradingDay, day), eq(optimisationRun.product, product)))
    .orderBy(desc(optimisationRun.startedAt))
    .limit(1)
  if (!run) return new Map()
  const rows = await tx
    .select()
    .from(optimisationUnit)
    .where(and(eq(optimisationUnit.runId, run.runId), fuIds ? inArray(optimisationUnit.fuId, fuIds) : undefined))
  return new Map(
    rows.map(({ fuId, periods, closed, without, path }) => [
      fuId,
      { periods: periods.map(withoutPenalty), closed, without, path },
    ]),
  )
}

/** What the latest run over a day chose of some FUs, W in whatever direction, by FU and start of the quarter-hour. */
export async function latestChoice(
  tx: Queryable,
  day: LocalDate,
  product: Product,
  fuIds: string[],
): Promise<Map<string, Map<string, number>>> {
  const units = await latestUnits(tx, day, product, fuIds)
  return new Map(
    [...units].map(([fuId, { periods }]) => [
      fuId,
      new Map(periods.flatMap((p) => (p.turnDownW > 0 ? [[p.from, p.turnDownW] as const] : []))),
    ]),
  )
}

/** A page of what runs over a day chose of an FU, the latest run first, as its FSP may know it. */
export async function pageOfChoices(
  tx: Queryable,
  asked: { fuId: string; day: LocalDate; product: Product | undefined; fspsForPrice: number },
  query: PageQuery,
): Promise<Page<UnitChoice>> {
  const isAsked = and(
    eq(optimisationUnit.fuId, asked.fuId),
    eq(optimisationRun.tradingDay, asked.day),
    asked.product ? eq(optimisationRun.product, asked.product) : undefined,
    afterCursor(query, [optimisationRun.startedAt, optimisationRun.runId], 'desc'),
  )
  const rows = await tx
    .select(ofChoice)
    .from(optimisationUnit)
    .innerJoin(optimisationRun, eq(optimisationRun.runId, optimisationUnit.runId))
    .where(isAsked)
    .orderBy(desc(optimisationRun.startedAt), desc(optimisationRun.runId))
    .limit(query.limit + 1)
  return pageFrom(
    rows,
    query,
    ({ startedAt, runId }) => [startedAt.toString(), runId],
    (row) => viewChoice(row, asked.fspsForPrice),
  )
}

/** A page of what the latest run of each product over a day chose of each FU, as its FSP may know it. @param fuIds `null` for all. */
export async function pageOfLatestChoices(
  tx: Queryable,
  asked: { fuIds: readonly string[] | null; day: LocalDate; fspsForPrice: number },
  query: PageQuery,
): Promise<Page<UnitChoice>> {
  const place = [optimisationUnit.fuId, optimisationRun.product]
  const rows = await tx
    .selectDistinctOn(place, ofChoice)
    .from(optimisationUnit)
    .innerJoin(optimisationRun, eq(optimisationRun.runId, optimisationUnit.runId))
    .where(
      and(
        eq(optimisationRun.tradingDay, asked.day),
        asked.fuIds ? inArray(optimisationUnit.fuId, [...asked.fuIds]) : undefined,
        afterCursor(query, place),
      ),
    )
    .orderBy(...place, desc(optimisationRun.startedAt), desc(optimisationRun.runId))
    .limit(query.limit + 1)
  return pageFrom(
    rows,
    query,
    ({ fuId, product }) => [fuId, product],
    (row) => viewChoice(row, asked.fspsForPrice),
  )
}

/** What a choice is told by. */
const ofChoice = {
  runId: optimisationRun.runId,
  tradingDay: optimisationRun.tradingDay,
  product: optimisationRun.product,
  startedAt: optimisationRun.startedAt,
  fuId: optimisationUnit.fuId,
  periods: optimisationUnit.periods,
  closed: optimisationUnit.closed,
}

type ChoiceRow = Pick<RunRow, 'runId' | 'tradingDay' | 'product' | 'startedAt'> &
  Pick<typeof optimisationUnit.$inferSelect, 'fuId' | 'periods' | 'closed'>

function viewChoice({ periods, closed, ...row }: ChoiceRow, fspsForPrice: number): UnitChoice {
  return {
    ...row,
    tradingDay: row.tradingDay.toString(),
    startedAt: row.startedAt.toString(),
    periods: choicesOf(periods.map(withoutPenalty), closed, fspsForPrice),
  }
}

/** Number of alternatives listed for each quarter-hour. */
const alternativesNamed = 3

/** Why a run chose an FU as it did, with the cheapest FUs that had capacity left; `null` if the run did not consider it. */
export async function explainUnit(
  tx: Queryable,
  runId: string,
  fuId: string,
): Promise<z.infer<typeof explanation> | null> {
  const rows = await tx.select().from(optimisationUnit).where(eq(optimisationUnit.runId, runId))
  const own = rows.find((row) => row.fuId === fuId)
  const [run] = await tx.select().from(optimisationRun).where(eq(optimisationRun.runId, runId))
  if (!own || !run) return null
  const others = rows.filter((row) => row.fuId !== fuId)
  return {
    runId,
    fuId,
    without: own.without,
    closed: own.closed,
    periods: own.periods.map((period) => ({
      ...withoutPenalty(period),
      alternatives: alternativesTo(period, bindingNode(own.path, period, run.nodes), others),
    })),
  }
}

/** The node whose need the FU was chosen for first; for an FU that was not chosen, the lowest above it that had a need. */
function bindingNode(
  path: readonly string[],
  { from, direction, reasons }: UnitPeriod,
  nodes: RunRow['nodes'],
): string | null {
  const own = reasons.find((reason) => reason.nodeId !== null)?.nodeId
  const isNeedy = (nodeId: string) =>
    nodes.some(
      (node) =>
        node.nodeId === nodeId && node.periods.some((period) => period.from === from && period.direction === direction),
    )
  return own ?? path.find(isNeedy) ?? null
}

function alternativesTo(
  period: UnitPeriod,
  bindingNodeId: string | null,
  others: readonly { fuId: string; periods: UnitPeriod[]; path: string[] }[],
) {
  if (bindingNodeId === null) return []
  return others
    .filter(({ path }) => path.includes(bindingNodeId))
    .flatMap(({ fuId, periods }) => {
      const same = periods.find((p) => p.from === period.from && p.direction === period.direction)
      const leftW = same ? same.availableW - same.turnDownW : 0
      return same && leftW > 0 ? [{ fuId, priceGbpPerMwh: same.priceGbpPerMwh, leftW }] : []
    })
    .sort((a, b) => Number(a.priceGbpPerMwh) - Number(b.priceGbpPerMwh) || (a.fuId < b.fuId ? -1 : 1))
    .slice(0, alternativesNamed)
}
