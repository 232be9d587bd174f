import { LocalDate } from '@js-joda/core'
import { and, gte, inArray, lte, sql } from 'drizzle-orm'
import { ProblemError } from '../../../../platform/http/index.ts'
import type { meteringOperations } from '../../../../schemas/settlement/metering.ts'
import { periodCount } from '../../../../schemas/vocabulary/time.ts'
import { tradingDay } from '../../../../schemas/vocabulary/units.ts'
import { cursorOf, keyIn, tenantOf, type Verb } from '../../../kit/index.ts'
import { pageOfUnits } from '../../../market/index.ts'
import { meterDay } from './tables.ts'
import { meteredDaysFor, requireUnit, sightOf } from './units.ts'

/** A little more than a quarter, the longest span that a screen shows. */
const longestSpanDays = 100

/** How many quarter-hours of each day in a span are metered, for one FU. */
export const listUnitCompleteness: Verb<typeof meteringOperations.listUnitCompleteness> = async (call) => {
  const { db, actor, params, query } = call
  const { id } = params
  await requireUnit(db, actor, id)
  const from = LocalDate.parse(query.cursor === undefined ? query.from : dayIn(query.cursor))
  const last = LocalDate.parse(query.to)
  const end = from.plusDays(query.limit - 1)
  const shown = end.isBefore(last) ? end : last
  const days = (await meteredDaysFor(db, actor, [id], from, shown)).get(id)
  const items = []
  for (let day = from; !day.isAfter(shown); day = day.plusDays(1)) {
    const found = days?.get(day.toEpochDay())
    const metered = found?.energyWh.filter((value) => value !== null).length ?? 0
    const fromHub = found?.sources?.filter((source) => source?.startsWith('hub')).length ?? 0
    items.push({ fuId: id, day: day.toString(), periods: periodCount(day, 'PT15M'), metered, fromHub })
  }
  return { items, nextCursor: shown.isBefore(last) ? cursorOf([shown.plusDays(1).toString()]) : null }
}

function dayIn(cursor: string): string {
  const found = tradingDay.safeParse(keyIn(cursor)[0])
  if (!found.success) throw new ProblemError('malformed', 'The cursor is not a day. Request the first page again.')
  return found.data
}

/** The same for FUs by name. Counted in the database: a fleet's month is millions of values. */
export const listCompleteness: Verb<typeof meteringOperations.listCompleteness> = async ({ db, at, actor, query }) => {
  const [first, last] = [LocalDate.parse(query.from), LocalDate.parse(query.to)]
  if (last.isBefore(first) || last.isAfter(first.plusDays(longestSpanDays)))
    throw new ProblemError('contract-broken', `to must lie between from and ${longestSpanDays} days after it.`)
  const { items: units, nextCursor } = await pageOfUnits(db, at, tenantOf(actor), query)
  const rows = await db
    .select({
      fuId: meterDay.fuId,
      day: meterDay.tradingDay,
      metered: sql<number>`(select count(v)::int from json_array_elements_text(${meterDay.energyWh}) as t(v))`,
    })
    .from(meterDay)
    .where(
      and(
        gte(meterDay.tradingDay, first),
        lte(meterDay.tradingDay, last),
        inArray(
          meterDay.fuId,
          units.map((unit) => unit.fuId),
        ),
      ),
    )
  const sees = await sightOf(
    db,
    actor,
    units.map((unit) => unit.fuId),
  )
  const visible = rows.filter((row) => sees(row.fuId, row.day))
  const metered = new Map(visible.map((row) => [`${row.fuId} ${row.day}`, row.metered]))
  const days: { day: string; periods: number }[] = []
  for (let day = first; !day.isAfter(last); day = day.plusDays(1))
    days.push({ day: day.toString(), periods: periodCount(day, 'PT15M') })
  const items = units.map(({ fuId, name }) => ({
    fuId,
    fuName: name,
    days: days.map((each) => ({ ...each, metered: metered.get(`${fuId} ${each.day}`) ?? 0 })),
  }))
  return { items, nextCursor }
}
