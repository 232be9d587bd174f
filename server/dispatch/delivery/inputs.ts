import type { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import type { FlexibleUnit } from '../../../schemas/market/parties.ts'
import { instantOf, periodIndexOf, tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { minuteImports } from '../../grid/index.ts'
import { currentSubmissions, derIdsOn } from '../../market/index.ts'
import { fuForecasts } from '../../planning/index.ts'
import { instructedPeriods } from '../instructions/index.ts'
import { readingsBetween } from '../live-readings/index.ts'
import type { Asked, Sample, Seen } from './rules.ts'

/** Instants from `from` until before `to`. */
export interface Span {
  from: Instant
  to: Instant
}

/** What was asked of FUs in a span, by FU, in the order in which it was planned: what was accepted, and what ended. */
export async function askedIn(tx: Queryable, span: Span, fuIds?: readonly string[]): Promise<Map<string, Asked[]>> {
  const periods = await instructedPeriods(tx, { overlapping: span, fuIds })
  const planned = periods
    // An end by 0 W counts before the FSP answers: nothing more is expected of the FU.
    .filter((each) => each.outcome === 'accepted' || each.turnDownW === 0)
    .toSorted((a, b) => a.plannedAt.compareTo(b.plannedAt) || a.revision - b.revision)
    .map(({ fuId, product, fromAt, toAt, turnDownW }) => {
      return { fuId, product, turnDownW, fromMs: fromAt.toEpochMilli(), toMs: toAt.toEpochMilli() }
    })
  return Map.groupBy(planned, (each) => each.fuId)
}

/** Expected import of FUs without turn-down, W by FU and start of a quarter-hour (ms): their baseline of the day, else their forecast. */
export async function expectedIn(
  tx: Queryable,
  fuIds: readonly string[],
  { from, to }: Span,
): Promise<(fuId: string, quarterMs: number) => number | null> {
  const forecasts = await fuForecasts(tx, fuIds, from, to)
  const [stated, kinds] = [
    new Map<string, { values: (number | string)[]; resolution: 'PT15M' | 'PT30M' }>(),
    ['baseline'] as const,
  ]
  for (const day of daysOf({ from, to }))
    for (const row of await currentSubmissions(tx, day, { fuIds, kinds })) stated.set(`${row.fuId} ${day}`, row)
  return (fuId, atMs) => {
    const at = instantOf(new Date(atMs).toISOString())
    const own = stated.get(`${fuId} ${tradingDayOf(at)}`)
    const value = own?.values[periodIndexOf(at, own.resolution)]
    return value === undefined ? (forecasts.get(fuId)?.get(atMs) ?? null) : Number(value)
  }
}

/** What has been seen of FUs in a span, by FU. */
export async function seenIn(
  tx: Queryable,
  units: readonly FlexibleUnit[],
  span: Span,
): Promise<(fuId: string) => Seen> {
  const fuIds = units.map((unit) => unit.fuId)
  const siteOf = new Map(
    units.flatMap((unit) => (unit.isWholeSite && unit.connectionId ? [[unit.fuId, unit.connectionId]] : [])),
  )
  const imports = await minuteImports(tx, [...siteOf.values()], span.from, span.to)
  const readings = Map.groupBy(await readingsBetween(tx, fuIds, span.from, span.to), (row) => row.fuId)
  const members = new Map<string, Map<string, { derIds: string[] }>>()
  for (const day of daysOf(span)) members.set(day.toString(), await derIdsOn(tx, fuIds, day))
  return (fuId) => {
    const byDer = Map.groupBy(readings.get(fuId) ?? [], (row) => row.derId)
    const samples = (derId: string | null): Sample[] =>
      (byDer.get(derId) ?? []).map(({ at, powerW }) => ({ atMs: at.toEpochMilli(), powerW }))
    return {
      hub: imports.get(siteOf.get(fuId) ?? '') ?? [],
      fu: samples(null),
      ders: (atMs) => {
        const day = tradingDayOf(instantOf(new Date(atMs).toISOString())).toString()
        return (members.get(day)?.get(fuId)?.derIds ?? []).map(samples)
      },
    }
  }
}

/** The trading days that a span touches. */
function daysOf({ from, to }: Span): LocalDate[] {
  const [first, last] = [tradingDayOf(from), tradingDayOf(to)]
  return Array.from({ length: first.until(last).days() + 1 }, (_, i) => first.plusDays(i))
}
