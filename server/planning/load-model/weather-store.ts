import type { Instant, LocalDate } from '@js-joda/core'
import { and, asc, eq, gte, lt } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { dayEnd, dayStart, tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { ratingSeasonOf } from '../../grid/index.ts'
import { gridOf, type WeatherGrids } from './model/index.ts'
import { weather } from './tables.ts'

const halfHourMs = 30 * 60_000

export type WeatherRow = typeof weather.$inferSelect

/** What was uploaded for an area, by time, from the start of one day to the end of another. */
export async function weatherBetween(
  db: Queryable,
  area: string,
  first: LocalDate,
  last: LocalDate,
): Promise<WeatherRow[]> {
  return db
    .select()
    .from(weather)
    .where(
      and(eq(weather.area, area), gte(weather.periodStart, dayStart(first)), lt(weather.periodStart, dayEnd(last))),
    )
    .orderBy(asc(weather.periodStart))
}

/** Deletes what no history reaches back to. */
export async function forgetWeather(db: Queryable, before: Instant): Promise<void> {
  await db.delete(weather).where(lt(weather.periodStart, before))
}

/** The weather over days as the models read it; `null` if nothing is known. The value of an hour holds for both of its half-hours. */
export function weatherGrids(rows: readonly WeatherRow[], days: readonly LocalDate[]): WeatherGrids | null {
  if (rows.length === 0) return null
  const gridBy = (pick: (row: WeatherRow) => number) => {
    const values = new Map<number, number>()
    // In order of time, so that a value of the second half-hour replaces the one that the hour left there.
    for (const row of rows) {
      const ms = row.periodStart.toEpochMilli()
      values.set(ms, pick(row))
      if (ms % (2 * halfHourMs) === 0) values.set(ms + halfHourMs, pick(row))
    }
    return gridOf(values, days, 'PT30M')
  }
  return {
    temperatureC: gridBy((row) => row.temperatureC),
    radiationWM2: gridBy((row) => row.radiationWM2),
    windSpeedMS: gridBy((row) => row.windSpeedMS),
    cloudPercent: gridBy((row) => row.cloudPercent),
  }
}

/** The mean temperature of each rating season over the last year of weather, °C, all areas together; `null` where nothing is known. */
export async function seasonMeans(
  db: Queryable,
  at: Instant,
): Promise<{ winter: number | null; summer: number | null }> {
  const rows = await db
    .select({ periodStart: weather.periodStart, temperatureC: weather.temperatureC })
    .from(weather)
    .where(and(gte(weather.periodStart, at.minusSeconds(366 * 86_400)), lt(weather.periodStart, at)))
  const sums = { winter: { total: 0, count: 0 }, summer: { total: 0, count: 0 } }
  for (const { periodStart, temperatureC } of rows) {
    const of = sums[ratingSeasonOf(tradingDayOf(periodStart).toString().slice(5))]
    of.total += temperatureC
    of.count++
  }
  const mean = ({ total, count }: { total: number; count: number }) => (count > 0 ? total / count : null)
  return { winter: mean(sums.winter), summer: mean(sums.summer) }
}
