import type { Instant, LocalDate } from '@js-joda/core'
import { and, asc, desc, eq, getTableColumns, gte, lt, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { PlaceKind } from '../../../schemas/planning/own-forecast.ts'
import type { Lead } from './model/index.ts'
import { forecastRun, loadModel, ownForecast } from './tables.ts'

export type LoadModelRow = typeof loadModel.$inferSelect
export type OwnForecastRow = typeof ownForecast.$inferSelect
export type ForecastRunRow = typeof forecastRun.$inferSelect

/** A node or connection. */
export interface Place {
  kind: PlaceKind
  id: string
}

/** The latest model of a place; `null` before the first. */
export async function latestModel(db: Queryable, { kind, id }: Place): Promise<LoadModelRow | null> {
  const [row] = await db
    .select()
    .from(loadModel)
    .where(and(eq(loadModel.placeKind, kind), eq(loadModel.placeId, id)))
    .orderBy(desc(loadModel.version))
    .limit(1)
  return row ?? null
}

/** Stores a model with the forecasts that it issued; a repeated run of a day replaces them. */
export async function saveModel(
  tx: Queryable,
  model: LoadModelRow,
  forecasts: readonly OwnForecastRow[],
): Promise<void> {
  await tx.insert(loadModel).values(model)
  await tx
    .insert(ownForecast)
    .values([...forecasts])
    .onConflictDoUpdate({
      target: [ownForecast.placeKind, ownForecast.placeId, ownForecast.day, ownForecast.lead],
      set: {
        version: sql`excluded.version`,
        issuedAt: sql`excluded.issued_at`,
        medianW: sql`excluded.median_w`,
        lowW: sql`excluded.low_w`,
        highW: sql`excluded.high_w`,
        widthFactor: sql`excluded.width_factor`,
      },
    })
}

/** The forecast of places for a day, by identifier: the one issued on the day itself if there is one, otherwise that of the day before. */
export async function ownForecastsOn(
  db: Queryable,
  kind: PlaceKind,
  day: LocalDate,
  id?: string,
): Promise<Map<string, OwnForecastRow>> {
  const rows = await db
    .select()
    .from(ownForecast)
    .where(
      and(
        eq(ownForecast.placeKind, kind),
        eq(ownForecast.day, day),
        id === undefined ? undefined : eq(ownForecast.placeId, id),
      ),
    )
    .orderBy(asc(ownForecast.placeId), desc(ownForecast.lead))
  return new Map(rows.map((row) => [row.placeId, row]))
}

/** The forecasts of a place that were issued at the start of their own day, in a span of days. */
export async function issuedBetween(
  db: Queryable,
  { kind, id }: Place,
  from: LocalDate,
  before: LocalDate,
): Promise<OwnForecastRow[]> {
  return db
    .select()
    .from(ownForecast)
    .where(
      and(
        eq(ownForecast.placeKind, kind),
        eq(ownForecast.placeId, id),
        eq(ownForecast.lead, 1 satisfies Lead),
        gte(ownForecast.day, from),
        lt(ownForecast.day, before),
      ),
    )
    .orderBy(asc(ownForecast.day))
}

export async function latestRun(db: Queryable): Promise<ForecastRunRow | null> {
  const [row] = await db.select().from(forecastRun).orderBy(desc(forecastRun.day)).limit(1)
  return row ?? null
}

/** Begins the run of a day. `false` if it is finished, or another server began it less than `takeOverAfterS` ago. */
export async function beginRun(db: Queryable, day: LocalDate, at: Instant, takeOverAfterS: number): Promise<boolean> {
  const counts = { issued: 0, withoutHistory: 0, failed: 0 }
  const begun = await db
    .insert(forecastRun)
    .values({ day, startedAt: at, finishedAt: null, ...counts })
    .onConflictDoUpdate({
      target: forecastRun.day,
      set: { startedAt: at },
      setWhere: sql`${forecastRun.finishedAt} is null and ${forecastRun.startedAt} <= ${at.minusSeconds(takeOverAfterS).toString()}::timestamptz`,
    })
    .returning({ day: forecastRun.day })
  return begun.length > 0
}

export async function finishRun(
  db: Queryable,
  day: LocalDate,
  at: Instant,
  counts: Pick<ForecastRunRow, 'issued' | 'withoutHistory' | 'failed'>,
): Promise<void> {
  await db
    .update(forecastRun)
    .set({ finishedAt: at, ...counts })
    .where(eq(forecastRun.day, day))
}

/** Identifiers of places that a run has forecast already: one that takes over goes on after them. */
export async function forecastOn(db: Queryable, kind: PlaceKind, day: LocalDate): Promise<Set<string>> {
  const rows = await db
    .select({ id: ownForecast.placeId })
    .from(ownForecast)
    .where(and(eq(ownForecast.placeKind, kind), eq(ownForecast.day, day), eq(ownForecast.lead, 1 satisfies Lead)))
  return new Set(rows.map(({ id }) => id))
}

/** Deletes forecasts, models and runs of days before one. The latest model of a place stays. */
export async function forgetForecasts(db: Queryable, before: LocalDate): Promise<void> {
  await db.delete(ownForecast).where(lt(ownForecast.day, before))
  await db.delete(forecastRun).where(lt(forecastRun.day, before))
  await db.execute(sql`
    delete from load_model m where m.trained_at < ${before.toString()}::date
      and exists (select from load_model l where l.place_kind = m.place_kind and l.place_id = m.place_id and l.version > m.version)`)
}

/** A page of the latest models of places, the least accurate first. */
export async function modelsByError(
  db: Queryable,
  kind: PlaceKind,
  after: { share: number; id: string } | null,
  limit: number,
): Promise<(LoadModelRow & { share: number })[]> {
  const latest = db
    .selectDistinctOn([loadModel.placeId], {
      ...getTableColumns(loadModel),
      // Error relative to the naive one; models without an outcome come last.
      share:
        sql<number>`coalesce(${loadModel.maeW} / nullif(least(${loadModel.maeLastWeekW}, ${loadModel.maeFourWeeksW}), 0), -1)`
          .mapWith(Number)
          .as('share'),
    })
    .from(loadModel)
    .where(eq(loadModel.placeKind, kind))
    .orderBy(loadModel.placeId, desc(loadModel.version))
    .as('latest')
  return db
    .select()
    .from(latest)
    .where(
      after ? sql`(-${latest.share}, ${latest.placeId}) > (${-after.share}::float8, ${after.id}::text)` : undefined,
    )
    .orderBy(desc(latest.share), asc(latest.placeId))
    .limit(limit)
}
