import { type Instant, type LocalDate, LocalTime } from '@js-joda/core'
import type { TimetableSettings } from '../../../schemas/dispatch/timetables.ts'
import type { GateSettings } from '../../../schemas/market/gates.ts'
import type { ProductKind } from '../../../schemas/market/products.ts'
import { dayEnd, dayStart, settlementZone, tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import type { Product } from '../../../schemas/vocabulary/units.ts'

/** A span of time; the end is exclusive. */
export interface Span {
  from: Instant
  to: Instant
}

/** A product's timetable in force: configuration, not law. */
export interface ProductTimetable extends TimetableSettings {
  product: Product
  version: number
  /** In force since: earlier ticks belong to another version. `null`: always. */
  changedAt: Instant | null
  changedBy: string | null
}

const common = { version: 0, changedAt: null, changedBy: null, leaseSeconds: 60, optimiserSeconds: 30 }

/**
 * The timetables of products of each kind, in force until changed: those of the trial's A, B and C. Every 15 min the single window 30 min
 * ahead; at 20:00 tomorrow's whole day; at 12:00 the hour from 14:00.
 */
const defaults: Record<ProductKind, Omit<ProductTimetable, 'product'>> = {
  'forward-option': {
    ...common,
    graceSeconds: 120,
    unselected: null,
    isOptimised: false,
    rhythm: { kind: 'single-window', periodMinutes: 15, aheadMinutes: 30 },
  },
  'day-ahead': {
    ...common,
    graceSeconds: 1_800,
    unselected: 'optimised',
    isOptimised: true,
    rhythm: { kind: 'daily', at: '20:00', window: { daysAhead: 1, from: '00:00', to: '24:00' } },
  },
  intraday: {
    ...common,
    graceSeconds: 1_800,
    unselected: 'optimised',
    isOptimised: true,
    rhythm: { kind: 'daily', at: '12:00', window: { daysAhead: 0, from: '14:00', to: '15:00' } },
  },
}

/** The timetable that a product has until it is changed. */
export function defaultTimetable(product: Product, kind: ProductKind): ProductTimetable {
  return { ...defaults[kind], product }
}

function atLocal(day: LocalDate, time: string): Instant {
  return time === '24:00' ? dayEnd(day) : day.atTime(LocalTime.parse(time)).atZone(settlementZone).toInstant()
}

/** The ticks after one instant, up to and including another. */
export function ticksBetween({ rhythm }: ProductTimetable, after: Instant, upTo: Instant): Instant[] {
  const ticks: Instant[] = []
  if (rhythm.kind === 'single-window') {
    const stepMs = rhythm.periodMinutes * 60_000
    const first = Math.floor(after.toEpochMilli() / stepMs + 1) * stepMs
    for (let at = first; at <= upTo.toEpochMilli(); at += stepMs)
      ticks.push(after.plusMillis(at - after.toEpochMilli()))
    return ticks
  }
  for (let day = tradingDayOf(after); !day.isAfter(tradingDayOf(upTo)); day = day.plusDays(1)) {
    const tick = atLocal(day, rhythm.at)
    if (tick.isAfter(after) && !tick.isAfter(upTo)) ticks.push(tick)
  }
  return ticks
}

/** The window that a tick issues. */
export function windowOf({ rhythm }: ProductTimetable, tick: Instant): Span {
  if (rhythm.kind === 'single-window') {
    const from = tick.plusSeconds(rhythm.aheadMinutes * 60)
    return { from, to: from.plusSeconds(rhythm.periodMinutes * 60) }
  }
  const day = tradingDayOf(tick).plusDays(rhythm.window.daysAhead)
  return { from: atLocal(day, rhythm.window.from), to: atLocal(day, rhythm.window.to) }
}

/** The ticks whose windows lie on a day. */
export function ticksFor({ rhythm }: ProductTimetable, day: LocalDate): Span {
  const span = { from: dayStart(day), to: dayEnd(day) }
  if (rhythm.kind === 'single-window') {
    const aheadS = rhythm.aheadMinutes * 60
    return { from: span.from.minusSeconds(aheadS), to: span.to.minusSeconds(aheadS) }
  }
  const tickDay = day.minusDays(rhythm.window.daysAhead)
  return { from: dayStart(tickDay), to: dayEnd(tickDay) }
}

/** When a quarter-hour of a day is issued; for a daily product also for quarter-hours outside its window. */
export function dueAt({ rhythm }: ProductTimetable, day: LocalDate, from: Instant): Instant {
  return rhythm.kind === 'single-window'
    ? from.minusSeconds(rhythm.aheadMinutes * 60)
    : atLocal(day.minusDays(rhythm.window.daysAhead), rhythm.at)
}

/** Whether a gate closes after the tick that issues the window of the same day. */
export function closesAfter(
  gate: GateSettings,
  { at, window }: Extract<TimetableSettings['rhythm'], { kind: 'daily' }>,
): boolean {
  return gate.daysBefore < window.daysAhead || (gate.daysBefore === window.daysAhead && gate.at > at)
}
