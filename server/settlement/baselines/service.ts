import { Instant, type LocalDate } from '@js-joda/core'
import { daysBefore, isWorkingDay } from '../../../platform/calendar/index.ts'
import type { Queryable } from '../../../platform/db/index.ts'
import { dayEnd, dayStart, tradingDayOf } from '../../../schemas/time.ts'
import type { ServerContext } from '../../access/index.ts'
import { listInstructions } from '../../dispatch/index.ts'
import { saveFuForecast } from '../../planning/index.ts'
import { earliestReading, meteredQuarters } from '../metering/index.ts'
import { type BaselineResult, recentHistory } from './rules.ts'

/** How far back comparable days are looked for (domain section 5, BL01: 60 days). */
const lookBackDays = 60

/** The trading days on which FUs were turned down: an instruction over more than 0 W that the FSP accepted. */
async function eventDays(
  tx: Queryable,
  fuIds: string[],
  from: Instant,
  to: Instant,
): Promise<Map<string, Set<string>>> {
  const wanted = new Set(fuIds)
  const events = new Map<string, Set<string>>()
  for (const row of await listInstructions(tx, { from, to })) {
    if (!wanted.has(row.fuId) || row.acknowledgedAt === null || row.turnDownW === 0) continue
    const days = events.get(row.fuId) ?? new Set()
    events.set(row.fuId, days.add(tradingDayOf(row.fromAt).toString()))
  }
  return events
}

/** The recent-history baseline of one FU on a day; `null` without a comparable day. */
export async function baselineOf(tx: Queryable, fuId: string, day: LocalDate): Promise<BaselineResult | null> {
  const first = await earliestReading(tx, fuId)
  if (!first) return null
  const limit = day.minusDays(lookBackDays)
  const earliest = tradingDayOf(first).isAfter(limit) ? tradingDayOf(first) : limit
  const span = [dayStart(earliest), dayStart(day)] as const
  const quarters = (await meteredQuarters(tx, [fuId], ...span)).get(fuId)
  const events = (await eventDays(tx, [fuId], ...span)).get(fuId)
  const history = new Map([...(quarters ?? [])].map(([q, { energyWh }]) => [q, energyWh]))
  return recentHistory(day, history, daysBefore(day, earliest), {
    isWorkingDay,
    isEventDay: (d) => events?.has(d.toString()) ?? false,
  })
}

/** FA11: refreshes an FU's expected import of today and tomorrow from its recent history. Dispatch and compliance read it. */
export async function refreshForecast(context: ServerContext, fuId: string): Promise<void> {
  const today = tradingDayOf(context.clock.now())
  for (const day of [today, today.plusDays(1)]) {
    const baseline = await baselineOf(context.db, fuId, day)
    if (!baseline) continue
    const updatedAt = context.clock.now()
    const rows = [...baseline.energyWh].map(([q, energyWh]) => ({
      fuId,
      periodStart: Instant.ofEpochMilli(q),
      importW: energyWh * 4,
      source: 'recent-history',
      updatedAt,
    }))
    await context.db.transaction((tx) => saveFuForecast(tx, rows))
  }
}

/** What a day's quarter-hours of FUs were turned down by: baseline less meter, between 0 and what was instructed; W by FU and instant. */
export async function deliveredOn(
  tx: Queryable,
  day: LocalDate,
  fuIds: string[],
): Promise<Map<string, Map<string, number>>> {
  const quarters = await meteredQuarters(tx, fuIds, dayStart(day), dayEnd(day))
  const instructed = (await listInstructions(tx, { from: dayStart(day), to: dayEnd(day) })).filter(
    (i) => i.acknowledgedAt !== null && i.turnDownW > 0,
  )
  const delivered = new Map<string, Map<string, number>>()
  for (const fuId of new Set(instructed.map((i) => i.fuId))) {
    const baseline = fuIds.includes(fuId) ? await baselineOf(tx, fuId, day) : null
    const own = new Map<string, number>()
    for (const row of instructed.filter((i) => i.fuId === fuId)) {
      const q = row.fromAt.toEpochMilli()
      const [expectedWh, metered] = [baseline?.energyWh.get(q), quarters.get(fuId)?.get(q)]
      if (expectedWh === undefined || !metered) continue
      own.set(row.fromAt.toString(), Math.min(Math.max((expectedWh - metered.energyWh) * 4, 0), row.turnDownW))
    }
    delivered.set(fuId, own)
  }
  return delivered
}
