import { type Instant, type LocalDate, LocalTime } from '@js-joda/core'
import type { ScheduleKind } from '../../../schemas/schedules.ts'
import { dayEnd, dayStart, settlementZone, tradingDayOf } from '../../../schemas/time.ts'
import type { Product } from '../../../schemas/units.ts'

/** A span of time, its end not in it. */
export interface Span {
  from: Instant
  to: Instant
}

/** When a product's instructions go out, and for which window. Configuration, not law: the trial's figures are the defaults (domain section 4). */
export interface ProductTimetable {
  product: Product
  rhythm:
    | {
        kind: 'single-window'
        /** Minutes between ticks, and length of the window that each tick issues. */
        periodMinutes: number
        /** Minutes from a tick to the start of its window. */
        aheadMinutes: number
      }
    | {
        kind: 'daily'
        /** Local time of the tick. */
        at: string
        /** The window, in local time of the day so many days after the tick. */
        window: { daysAhead: number; from: string; to: string }
      }
  /** A tick that could not run within so many seconds is missed: recorded and alarmed, never fired late (FM09). */
  graceSeconds: number
  /** A worker that has not finished a claimed tick by then is taken for dead, and another may claim it. */
  leaseSeconds: number
  /** Which schedule is live where nobody selected one; `null`: none. */
  unselected: ScheduleKind | null
  /** Whether the tick optimises its window's day before it issues. */
  isOptimised: boolean
}

const defaults = { graceSeconds: 120, leaseSeconds: 60 }

/** A: every 15 min the single window 30 min ahead; B: at 20:00 tomorrow's whole day; C: at 12:00 the hour from 14:00. */
export const timetables: Record<Product, ProductTimetable> = {
  A: {
    product: 'A',
    rhythm: { kind: 'single-window', periodMinutes: 15, aheadMinutes: 30 },
    ...{ ...defaults, unselected: null, isOptimised: false },
  },
  B: {
    product: 'B',
    rhythm: { kind: 'daily', at: '20:00', window: { daysAhead: 1, from: '00:00', to: '24:00' } },
    ...{ ...defaults, graceSeconds: 1_800, unselected: 'optimised', isOptimised: true },
  },
  C: {
    product: 'C',
    rhythm: { kind: 'daily', at: '12:00', window: { daysAhead: 0, from: '14:00', to: '15:00' } },
    ...{ ...defaults, graceSeconds: 1_800, unselected: 'optimised', isOptimised: true },
  },
}

function atLocal(day: LocalDate, time: string): Instant {
  return time === '24:00' ? dayEnd(day) : day.atTime(LocalTime.parse(time)).atZone(settlementZone).toInstant()
}

/** The ticks after one instant, up to and with another. */
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

/** When a quarter-hour of a day is issued; for a daily product also those quarter-hours that its window leaves out. */
export function dueAt({ rhythm }: ProductTimetable, day: LocalDate, from: Instant): Instant {
  return rhythm.kind === 'single-window'
    ? from.minusSeconds(rhythm.aheadMinutes * 60)
    : atLocal(day.minusDays(rhythm.window.daysAhead), rhythm.at)
}
