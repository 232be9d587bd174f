import { z } from 'zod'
import { proposal } from '../access/proposals.ts'
import { people, readers } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { pageOf } from '../vocabulary/paging.ts'
import {
  instant,
  instantOrNull,
  product,
  quarterHourEnd,
  quarterHourTime,
  tradingDay,
  uuid,
} from '../vocabulary/units.ts'
import { type GateSettings, gatesByKind } from './gates.ts'
import { scheduleKind } from './schedules.ts'
import { submissionKind } from './submissions.ts'
import { type WeeklyWindow, weeklyWindow } from './windows.ts'

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
    /** Until when schedules are accepted. */
    gates: gatesByKind,
  })
  .superRefine(({ rhythm, graceSeconds, leaseSeconds, isOptimised, optimiserSeconds, gates }, context) => {
    const refuse = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message })
    for (const { path, message } of windowFlaws(rhythm)) refuse(['rhythm', ...path], message)
    if (graceSeconds >= aheadSeconds(rhythm)) refuse(['graceSeconds'], 'must end before the window begins')
    if (isOptimised && leaseSeconds <= optimiserSeconds)
      refuse(['leaseSeconds'], 'must be longer than the optimiser may take')
    const late = submissionKind.options.filter((kind) => closesAfter(gates[kind], rhythm))
    for (const kind of late) refuse(['gates', kind], `is too late: instructions go out at ${firstTickText(rhythm)}`)
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

/**
 * The parts of some windows that no tick of a rhythm issues: what is contracted for them is never instructed. Single windows follow one
 * another without an end, so they leave nothing out.
 */
export function unissuedParts(windows: readonly WeeklyWindow[], rhythm: Rhythm): WeeklyWindow[] {
  if (rhythm.kind === 'single-window') return []
  const issued = dailyWindows(rhythm).sort((a, b) => (a.from < b.from ? -1 : 1))
  return windows.flatMap(({ weekdays, from, to }) => {
    const parts: WeeklyWindow[] = []
    let open = from
    for (const each of issued) {
      if (each.to <= open || each.from >= to) continue
      if (each.from > open) parts.push({ weekdays, from: open, to: each.from })
      open = each.to
    }
    return open < to ? [...parts, { weekdays, from: open, to }] : parts
  })
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

/** Whether a gate closes after the first tick that issues a window of the same day. Single windows have no such tie. */
export function closesAfter(gate: GateSettings, rhythm: Rhythm): boolean {
  const first = firstTick(rhythm)
  if (!first || 'minutesBeforeDispatch' in gate) return false
  return gate.daysBefore < first.daysAhead || (gate.daysBefore === first.daysAhead && gate.at > first.at)
}

function firstTick(rhythm: Rhythm): DailyWindow | null {
  return rhythm.kind === 'single-window' ? null : (dailyWindows(rhythm)[0] ?? null)
}

function firstTickText(rhythm: Rhythm): string {
  const { at = '', daysAhead = 0 } = firstTick(rhythm) ?? {}
  if (daysAhead === 0) return `${at} on the day itself`
  return daysAhead === 1 ? `${at} the day before` : `${at} ${daysAhead} days before`
}

/** A version of a timetable that is decided and not in force yet; without settings it ends the timetable. */
const plannedTimetable = z
  .object({ inForceFrom: instant, settings: timetableSettings.nullable(), changedBy: z.string() })
  .meta({ id: 'PlannedTimetable' })

/**
 * A timetable of a product, or of a part of it: the FUs at and below a node, or one contract. `settings` are those in force now; `null`
 * where a narrower timetable is only planned.
 */
export const timetable = z
  .object({
    product,
    zoneNodeId: z.string().nullable(),
    contractId: uuid.nullable(),
    /** The number of versions so far; 0 is the unchanged default. */
    version: z.number().int().min(0),
    settings: timetableSettings.nullable(),
    inForceFrom: instantOrNull,
    changedAt: instantOrNull,
    changedBy: z.string().nullable(),
    planned: z.array(plannedTimetable),
  })
  .meta({ id: 'Timetable' })
export type Timetable = z.infer<typeof timetable>

/** A contract, or a tender that is not awarded yet, with the windows that no timetable issues. */
const unissued = z
  .object({
    tenderId: uuid.nullable(),
    /** `null` for a tender. */
    contractId: uuid.nullable(),
    /** The tender's title, or the name of the contract's FU. */
    title: z.string(),
    product,
    validFrom: tradingDay,
    validTo: tradingDay,
    /** What is never instructed, in local time. */
    windows: z.array(weeklyWindow).min(1),
  })
  .meta({ id: 'Unissued' })
export type Unissued = z.infer<typeof unissued>

/** What a timetable is narrowed to; neither: the whole product. */
export const timetableReach = z
  .object({
    zone: z.string().min(1).max(100).optional().describe('A node: FUs at it and below it.'),
    contract: uuid.optional(),
  })
  .refine(({ zone, contract }) => zone === undefined || contract === undefined, {
    path: ['contract'],
    message: 'must not be given with a zone',
  })

/** A version of a timetable, from an instant on. */
export const timetableChange = z
  .object({
    /** `null` ends a timetable of a zone or a contract. */
    settings: timetableSettings.nullable(),
    /** From the approval on if it is absent, or has passed by then. */
    inForceFrom: instantOrNull.default(null),
  })
  .meta({
    id: 'TimetableChange',
    example: {
      settings: {
        rhythm: {
          kind: 'windows',
          daysAhead: 0,
          windows: [
            { at: '12:00', from: '14:00', to: '15:00' },
            { at: '15:00', from: '17:00', to: '18:00' },
          ],
        },
        graceSeconds: 1_800,
        leaseSeconds: 60,
        unselected: 'optimised',
        isOptimised: true,
        optimiserSeconds: 30,
        gates: {
          baseline: { daysBefore: 1, at: '18:00' },
          cost: { daysBefore: 1, at: '18:00' },
          deviation: { minutesBeforeDispatch: 15 },
          availability: { minutesBeforeDispatch: 15 },
        },
      },
      inForceFrom: null,
    },
  })
export type TimetableChange = z.infer<typeof timetableChange>

const tags = ['Timetables']

/** When products' instructions go out, and until when schedules are accepted. */
export const timetableOperations = {
  listTimetables: operation({
    method: 'get',
    path: '/timetables',
    access: readers,
    tags,
    summary: 'The timetables in force and planned',
    description:
      'One for each product, and those of its zones and contracts: the list is always whole. An FSP sees those of products, and those that its contracts follow.',
    answer: pageOf(timetable),
  }),
  listUnissued: operation({
    method: 'get',
    path: '/timetables/unissued',
    access: readers,
    tags,
    summary: 'Contracts and tenders with windows that no timetable issues',
    description:
      'What is contracted for these windows is never instructed, until a timetable of the contract, its zone or its product issues them. Judged by the timetables in force now; contracts that have ended and tenders that are awarded or withdrawn are left out. The list is always whole. An FSP sees its own contracts, and tenders that are published.',
    answer: pageOf(unissued),
  }),
  changeTimetable: operation({
    method: 'put',
    path: '/timetables/{product}',
    access: people('flexibility-engineer'),
    tags,
    summary: 'Propose a timetable of a product, a zone or a contract, which a second person approves',
    description:
      'A contract follows its own timetable, else that of the nearest zone above its FU, else that of its product. A tick follows the version that was in force when it fell due.',
    params: z.object({ product }),
    query: timetableReach,
    body: timetableChange,
    answer: proposal,
    problems: ['not-found', 'conflict'],
    versionedBy: 'version',
  }),
}
