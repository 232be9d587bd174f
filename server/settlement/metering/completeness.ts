import type { LocalDate } from '@js-joda/core'
import { and, gte, lte, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { UnitCompleteness } from '../../../schemas/settlement/metering.ts'
import { periodCount } from '../../../schemas/vocabulary/time.ts'
import { meterDay } from './tables.ts'

/** How many quarter-hours of each day of a span are metered, for units in the order given. Counted where the data are: a fleet's month is millions of values. */
export async function completenessOf(
  tx: Queryable,
  units: readonly { fuId: string; name: string }[],
  first: LocalDate,
  last: LocalDate,
): Promise<UnitCompleteness[]> {
  const rows = await tx
    .select({
      fuId: meterDay.fuId,
      day: meterDay.tradingDay,
      metered: sql<number>`(select count(v)::int from json_array_elements_text(${meterDay.energyWh}) as t(v))`,
    })
    .from(meterDay)
    .where(and(gte(meterDay.tradingDay, first), lte(meterDay.tradingDay, last)))
  const metered = new Map(rows.map((row) => [`${row.fuId} ${row.day}`, row.metered]))
  const days: { day: string; periods: number }[] = []
  for (let day = first; !day.isAfter(last); day = day.plusDays(1))
    days.push({ day: day.toString(), periods: periodCount(day, 'PT15M') })
  return units.map(({ fuId, name }) => ({
    fuId,
    fuName: name,
    days: days.map((each) => ({ ...each, metered: metered.get(`${fuId} ${each.day}`) ?? 0 })),
  }))
}
