import { type Instant, type LocalDate, LocalTime } from '@js-joda/core'
import type { GatesByKind } from '../../../schemas/market/gates.ts'
import type { ProductKind } from '../../../schemas/market/products.ts'
import { type DailyWindow, dailyWindows, type TimetableSettings } from '../../../schemas/market/timetables.ts'
import { dayEnd, dayStart, settlementZone, tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import type { Product } from '../../../schemas/vocabulary/units.ts'

/** A span of time; the end is exclusive. */
export interface Span {
  from: Instant
  to: Instant
}

/** A timetable in force, of a product or a part of it: configuration, not law. */
export interface ProductTimetable extends TimetableSettings {
  product: Product
  /** What it is for, by `reachText`. */
  reach: string
  version: number
  /** Earlier ticks belong to another version. `null`: always. */
  inForceFrom: Instant | null
  changedBy: string | null
  /** Whether a contract of the product follows it, and no narrower one. */
  covers(contractId: string): boolean
}

const common = { leaseSeconds: 60, optimiserSeconds: 30 }

/**
 * The timetables of products of each kind, in force until changed: those of the trial's A, B and C. Every 15 min the single window 30 min
 * ahead; at 20:00 tomorrow's whole day; at 12:00 the hour from 14:00.
 */
const defaults: Record<ProductKind, Omit<TimetableSettings, 'gates'>> = {
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

/** What a product of a kind has until it is changed. */
export function defaultTimetable(kind: ProductKind, gates: GatesByKind): TimetableSettings {
  return { ...defaults[kind], gates }
}

/** What only the rhythm decides. */
export type Rhythmic = Pick<TimetableSettings, 'rhythm'>

function atLocal(day: LocalDate, time: string): Instant {
  return time === '24:00' ? dayEnd(day) : day.atTime(LocalTime.parse(time)).atZone(settlementZone).toInstant()
}

/** The ticks after one instant, up to and including another. */
export function ticksBetween({ rhythm }: Rhythmic, after: Instant, upTo: Instant): Instant[] {
  const ticks: Instant[] = []
  if (rhythm.kind === 'single-window') {
    const stepMs = rhythm.periodMinutes * 60_000
    const first = Math.floor(after.toEpochMilli() / stepMs + 1) * stepMs
    for (let at = first; at <= upTo.toEpochMilli(); at += stepMs)
      ticks.push(after.plusMillis(at - after.toEpochMilli()))
    return ticks
  }
  const windows = dailyWindows(rhythm)
  for (let day = tradingDayOf(after); !day.isAfter(tradingDayOf(upTo)); day = day.plusDays(1))
    for (const { at } of windows) {
      const tick = atLocal(day, at)
      if (tick.isAfter(after) && !tick.isAfter(upTo)) ticks.push(tick)
    }
  return ticks
}

/** The window that a tick issues. */
export function windowOf({ rhythm }: Rhythmic, tick: Instant): Span {
  if (rhythm.kind === 'single-window') {
    const from = tick.plusSeconds(rhythm.aheadMinutes * 60)
    return { from, to: from.plusSeconds(rhythm.periodMinutes * 60) }
  }
  const today = tradingDayOf(tick)
  const windows = dailyWindows(rhythm)
  const own = windows.find(({ at }) => atLocal(today, at).equals(tick)) ?? firstOf(windows)
  const day = today.plusDays(own.daysAhead)
  return { from: atLocal(day, own.from), to: atLocal(day, own.to) }
}

function firstOf(windows: readonly DailyWindow[]): DailyWindow {
  const [first] = windows
  if (!first) throw new Error('a timetable has no window')
  return first
}

/** The ticks whose windows lie on a day. */
export function ticksFor({ rhythm }: Rhythmic, day: LocalDate): Span {
  const span = { from: dayStart(day), to: dayEnd(day) }
  if (rhythm.kind === 'single-window') {
    const aheadS = rhythm.aheadMinutes * 60
    return { from: span.from.minusSeconds(aheadS), to: span.to.minusSeconds(aheadS) }
  }
  const tickDay = day.minusDays(daysAheadOf(rhythm))
  return { from: dayStart(tickDay), to: dayEnd(tickDay) }
}

/** Days from a tick to the day of its window: 0 for single windows. */
export function daysAheadOf(rhythm: TimetableSettings['rhythm']): number {
  return rhythm.kind === 'single-window' ? 0 : firstOf(dailyWindows(rhythm)).daysAhead
}

/** When a quarter-hour of a day is issued; outside the windows of the day the time of the first of them. */
export function dueAt({ rhythm }: Rhythmic, day: LocalDate, from: Instant): Instant {
  if (rhythm.kind === 'single-window') return from.minusSeconds(rhythm.aheadMinutes * 60)
  const windows = dailyWindows(rhythm)
  const covers = (one: DailyWindow) => !from.isBefore(atLocal(day, one.from)) && from.isBefore(atLocal(day, one.to))
  const own = windows.find(covers) ?? firstOf(windows)
  return atLocal(day.minusDays(own.daysAhead), own.at)
}

/** Whether a quarter-hour of a day is issued at all, and at which tick; `null` outside every window. */
export function issueOf(timetable: Rhythmic, day: LocalDate, from: Instant): Instant | null {
  const due = dueAt(timetable, day, from)
  const window = windowOf(timetable, due)
  return !from.isBefore(window.from) && from.isBefore(window.to) ? due : null
}
