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
    const refuse = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message })
    if (rhythm.kind === 'daily') {
      const { daysAhead, from, to } = rhythm.window
      if (from >= to) refuse(['rhythm', 'window', 'to'], 'must be later than from')
      if (daysAhead === 0 && from <= rhythm.at) refuse(['rhythm', 'window', 'from'], 'must be later than the tick')
    }
    if (graceSeconds >= aheadSeconds(rhythm)) refuse(['graceSeconds'], 'must end before the window begins')
    if (isOptimised && leaseSeconds <= optimiserSeconds)
      refuse(['leaseSeconds'], 'must be longer than the optimiser may take')
  })
  .meta({ id: 'TimetableSettings' })
export type TimetableSettings = z.infer<typeof timetableSettings>

/** From a tick to its window, s; accounts for the hour lost at a clock change. */
function aheadSeconds(rhythm: z.infer<typeof timetableRhythm>): number {
  if (rhythm.kind === 'single-window') return rhythm.aheadMinutes * 60
  const secondsOf = (time: string) => Number(time.slice(0, 2)) * 3_600 + Number(time.slice(3)) * 60
  const { daysAhead, from } = rhythm.window
  return daysAhead * 86_400 + secondsOf(from) - secondsOf(rhythm.at) - (daysAhead > 0 ? 3_600 : 0)
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
