import { DayOfWeek, type LocalDate } from '@js-joda/core'
import { isWorkingDay } from '../../../../platform/calendar/index.ts'
import type { Country } from '../../../../schemas/vocabulary/country.ts'
import {
  isClockChangeDay,
  localTimeOf,
  periodCount,
  periodStarts,
  rememberedByDay,
} from '../../../../schemas/vocabulary/time.ts'
import { type Resolution, resolutionMinutes } from '../../../../schemas/vocabulary/units.ts'

/**
 * Values by local day and slot of the day, one day after the other; NaN where nothing is known. Slots follow the clock on the wall, so that
 * every day has as many: the hour that a day lacks in spring is unknown, and the hour that it has twice in autumn holds the mean of both.
 */
export type DayGrid = Float64Array

/** What the weather was, or is forecast to be, over a span of days. */
export interface WeatherGrids {
  temperatureC: DayGrid
  /** Global radiation on the horizontal, W/m². */
  radiationWM2: DayGrid
  windSpeedMS: DayGrid
  cloudPercent: DayGrid
}

/** Kinds of days that differ in their load. */
export type DayKind = 'working' | 'saturday' | 'rest'

/** The load of one place over whole days, and what is known of the days to come. */
export interface LoadSeries {
  slots: number
  /** Days of history and, after them, the two days to forecast. */
  kinds: readonly DayKind[]
  /** Days since Monday, 0 to 6, of the same days. */
  weekdays: readonly number[]
  /** Mean load by slot in W or any other unit; the days to forecast are NaN. */
  load: DayGrid
  weather: WeatherGrids | null
}

/** The days for which a forecast is issued at once: 48 hours. */
export const leads = [1, 2] as const
export type Lead = (typeof leads)[number]

/** The slot of each period of a day, by local time. */
export function slotsOfDay(day: LocalDate, resolution: Resolution): readonly number[] {
  return slotsByResolution[resolution](day)
}

function slotsOf(resolution: Resolution): (day: LocalDate) => readonly number[] {
  const minutes = resolutionMinutes[resolution]
  return rememberedByDay((day) => {
    if (!isClockChangeDay(day)) return Array.from({ length: periodCount(day, resolution) }, (_, n) => n)
    return periodStarts(day, resolution).map((at) => {
      const local = localTimeOf(at)
      return (local.hour() * 60 + local.minute()) / minutes
    })
  })
}

const slotsByResolution = { PT15M: slotsOf('PT15M'), PT30M: slotsOf('PT30M') }

/** Lays values out by day and slot. @param values by start of their period (epoch ms); NaN and missing ones are unknown. */
export function gridOf(
  values: ReadonlyMap<number, number>,
  days: readonly LocalDate[],
  resolution: Resolution,
): DayGrid {
  const slots = (24 * 60) / resolutionMinutes[resolution]
  const grid = new Float64Array(days.length * slots).fill(Number.NaN)
  for (const [n, day] of days.entries()) {
    const of = slotsOfDay(day, resolution)
    for (const [period, at] of periodStarts(day, resolution).entries()) {
      const value = values.get(at.toEpochMilli())
      if (value === undefined || Number.isNaN(value)) continue
      const index = n * slots + (of[period] ?? 0)
      const before = grid[index] ?? Number.NaN
      grid[index] = Number.isNaN(before) ? value : (before + value) / 2
    }
  }
  return grid
}

/** What kind of day a day is. Bank holidays are days of rest. */
export function kindOfDay(day: LocalDate, country: Country = 'ENG'): DayKind {
  if (day.dayOfWeek() === DayOfWeek.SATURDAY) return 'saturday'
  return isWorkingDay(day, country) ? 'working' : 'rest'
}

/** The calendar of a series that begins on a day. */
export function calendarOf(
  days: readonly LocalDate[],
  country: Country = 'ENG',
): Pick<LoadSeries, 'kinds' | 'weekdays'> {
  return { kinds: days.map((day) => kindOfDay(day, country)), weekdays: days.map((day) => day.dayOfWeek().ordinal()) }
}
