import { z } from 'zod'
import { scheduleKind } from '../market/schedules.ts'
import { people } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { pageOf } from '../vocabulary/paging.ts'
import { instantOrNull, product, quarterHourEnd, quarterHourTime } from '../vocabulary/units.ts'

/** When a product's instructions go out, and for which window (domain section 4). */
export const timetableRhythm = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('single-window'),
      /** Minutes between ticks, and length of the window that each tick issues. */
      periodMinutes: z.union([z.literal(15), z.literal(30), z.literal(60)]),
      /** Minutes from a tick to the start of its window. */
      aheadMinutes: z.number().int().min(15).max(1_440).multipleOf(15, 'must be whole quarter-hours'),
    }),
    z.object({
      kind: z.literal('daily'),
      /** Local time of the tick. */
      at: quarterHourTime,
      /** The window, in local time of the day that is `daysAhead` days after the tick. */
      window: z.object({ daysAhead: z.number().int().min(0).max(7), from: quarterHourTime, to: quarterHourEnd }),
    }),
    z.object({
      kind: z.literal('windows'),
      /** Days from the ticks to the windows. */
      daysAhead: z.number().int().min(0).max(7),
      /** Several windows a day, each with the local time of its tick. */
      windows: z
        .array(z.object({ at: quarterHourTime, from: quarterHourTime, to: quarterHourEnd }))
        .min(1)
        .max(48),
    }),
  ])
  .meta({ id: 'TimetableRhythm' })

export const timetableSettings = z
  .object({
    rhythm: timetableRhythm,
    /** A tick that could not run within this many seconds is missed: recorded and alarmed, never fired late. */
    graceSeconds: z.number().int().min(60).max(86_400),
    /** A worker that has not finished a claimed tick within this time is presumed dead, and another may claim the tick. */
    leaseSeconds: z.number().int().min(30).max(3_600),
    /** The live schedule if nobody selected one; `null`: none. */
    unselected: scheduleKind.nullable(),
    /** Whether the tick optimises its window's day before it issues. */
    isOptimised: z.boolean(),
    /** How long that may take if FUs have limits. */
    optimiserSeconds: z.number().int().min(1).max(600),
  })
  .superRefine(({ rhythm, graceSeconds, leaseSeconds, isOptimised, optimiserSeconds }, context) => {
    const refuse = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message })
    for (const { path, message } of windowFlaws(rhythm)) refuse(['rhythm', ...path], message)
    if (graceSeconds >= aheadSeconds(rhythm)) refuse(['graceSeconds'], 'must end before the window begins')
    if (isOptimised && leaseSeconds <= optimiserSeconds)
      refuse(['leaseSeconds'], 'must be longer than the optimiser may take')
  })
  .meta({ id: 'TimetableSettings' })
export type TimetableSettings = z.infer<typeof timetableSettings>

type Rhythm = z.infer<typeof timetableRhythm>

/** A window of a day and the local time of the tick that issues it, `daysAhead` days before. */
export interface DailyWindow {
  at: string
  daysAhead: number
  from: string
  to: string
}

/** The windows that a product issues each day, in the order of their ticks. */
export function dailyWindows(rhythm: Exclude<Rhythm, { kind: 'single-window' }>): DailyWindow[] {
  if (rhythm.kind === 'daily') return [{ at: rhythm.at, ...rhythm.window }]
  const { daysAhead, windows } = rhythm
  return windows.map((each) => ({ ...each, daysAhead })).sort((a, b) => (a.at < b.at ? -1 : 1))
}

/** What cannot work in a rhythm, each with its path. */
function windowFlaws(rhythm: Rhythm): { path: (string | number)[]; message: string }[] {
  if (rhythm.kind === 'single-window') return []
  const isDaily = rhythm.kind === 'daily'
  const given = isDaily ? dailyWindows(rhythm) : rhythm.windows
  const ahead = isDaily ? rhythm.window.daysAhead : rhythm.daysAhead
  return given.flatMap(({ at, from, to }, i) => {
    const path = isDaily ? ['window'] : ['windows', i]
    const before = given.slice(0, i)
    return [
      { isFlaw: from >= to, path: [...path, 'to'], message: 'must be later than from' },
      { isFlaw: ahead === 0 && from <= at, path: [...path, 'from'], message: 'must be later than the tick' },
      { isFlaw: before.some((one) => one.at === at), path: [...path, 'at'], message: 'is the tick of another window' },
      {
        isFlaw: before.some((one) => one.from < to && from < one.to),
        path: [...path, 'from'],
        message: 'is in another window',
      },
    ].filter((one) => one.isFlaw)
  })
}

/** From a tick to its window, s, the least of a day; accounts for the hour lost at a clock change. */
function aheadSeconds(rhythm: Rhythm): number {
  if (rhythm.kind === 'single-window') return rhythm.aheadMinutes * 60
  const secondsOf = (time: string) => Number(time.slice(0, 2)) * 3_600 + Number(time.slice(3)) * 60
  const each = dailyWindows(rhythm).map(
    ({ at, daysAhead, from }) => daysAhead * 86_400 + secondsOf(from) - secondsOf(at) - (daysAhead > 0 ? 3_600 : 0),
  )
  return Math.min(...each)
}

/** A product's timetable; version 0 is the unchanged default. */
export const timetable = z
  .object({
    product,
    version: z.number().int().min(0),
    settings: timetableSettings,
    changedAt: instantOrNull,
    changedBy: z.string().nullable(),
  })
  .meta({ id: 'Timetable' })
export type Timetable = z.infer<typeof timetable>

const tags = ['Timetables']

/** When products' instructions go out. */
export const timetableOperations = {
  listTimetables: operation({
    method: 'get',
    path: '/timetables',
    access: people(),
    tags,
    summary: 'The timetables in force',
    description: 'One for each product: the list is always whole.',
    answer: pageOf(timetable),
  }),
  changeTimetable: operation({
    method: 'put',
    path: '/timetables/{product}',
    access: people('administrator'),
    tags,
    summary: 'Change a product’s timetable from now on',
    params: z.object({ product }),
    body: timetableSettings,
    answer: timetable,
    versionedBy: 'version',
  }),
}
