import type { GateSettings } from '../../../../../schemas/market/gates.ts'
import { submissionKind } from '../../../../../schemas/market/submissions.ts'
import {
  type DailyWindow,
  dailyWindows,
  type TimetableSettings,
  timetableSettings,
} from '../../../../../schemas/market/timetables.ts'

/** What a new timetable is for: that of the panel, a zone or a contract. */
export type ChosenReach = { of: 'same' } | { of: 'zone'; id: string } | { of: 'contract'; id: string }

/** A timetable as it is typed. */
export interface TimetableDraft {
  kind: 'single-window' | 'windows'
  periodMinutes: string
  aheadMinutes: string
  daysAhead: string
  /** One window a line: `12:00 for 14:00 to 15:00`. */
  windows: string
  graceSeconds: string
  /** `D-1 18:00`, `D 12:00`, or `15 min before`. */
  gates: Record<(typeof submissionKind.options)[number], string>
}

/** What a timetable states, as it would be typed. */
export function draftOf({ rhythm, graceSeconds, gates }: TimetableSettings): TimetableDraft {
  const isSingle = rhythm.kind === 'single-window'
  const windows = isSingle ? [] : dailyWindows(rhythm)
  return {
    kind: isSingle ? 'single-window' : 'windows',
    periodMinutes: String(isSingle ? rhythm.periodMinutes : 15),
    aheadMinutes: String(isSingle ? rhythm.aheadMinutes : 30),
    daysAhead: String(windows[0]?.daysAhead ?? 0),
    windows: windows.map(windowAsTyped).join('\n'),
    graceSeconds: String(graceSeconds),
    gates: {
      baseline: gateAsTyped(gates.baseline),
      cost: gateAsTyped(gates.cost),
      deviation: gateAsTyped(gates.deviation),
      availability: gateAsTyped(gates.availability),
    },
  }
}

/** A window as it is typed in whatever language the page is: what a text shows of it must not be translated. */
export const exampleAsTyped = windowAsTyped({ at: '12:00', from: '14:00', to: '15:00' })

const gatesAsTyped = ['D-1 18:00', 'D 12:00', '15 min before'] as const

function windowAsTyped({ at, from, to }: Pick<DailyWindow, 'at' | 'from' | 'to'>): string {
  return `${at} for ${from} to ${to}`
}

function gateAsTyped(gate: GateSettings): string {
  if ('minutesBeforeDispatch' in gate) return `${gate.minutesBeforeDispatch} min before`
  return `D${gate.daysBefore === 0 ? '' : `-${gate.daysBefore}`} ${gate.at}`
}

/** A gate as it was typed; `null` if it is none. */
export function readGate(text: string): GateSettings | null {
  const before = /^(\d{1,5}) ?min before$/.exec(text.trim())
  if (before) return { minutesBeforeDispatch: Number(before[1]) }
  const fixed = /^D(?:-(\d))? (\d\d:\d\d)$/.exec(text.trim())
  return fixed ? { daysBefore: Number(fixed[1] ?? 0), at: fixed[2] ?? '' } : null
}

/** Windows as they were typed, one a line; `null` if a line is none. */
export function readWindows(text: string): { at: string; from: string; to: string }[] | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const read = lines.map((line) => /^(\d\d:\d\d) for (\d\d:\d\d) to (\d\d:\d\d)$/.exec(line.trim()))
  if (read.length === 0 || read.includes(null)) return null
  return read.map((found) => ({ at: found?.[1] ?? '', from: found?.[2] ?? '', to: found?.[3] ?? '' }))
}

/** What was typed, on top of what is in force; with what is wrong, by field. */
export function readDraft(
  draft: TimetableDraft,
  before: TimetableSettings,
): { given: TimetableSettings | null; faults: ReadonlyMap<string, string> } {
  const gates = submissionKind.options.map((kind) => [kind, readGate(draft.gates[kind])] as const)
  const windows = readWindows(draft.windows)
  const [dayBefore, sameDay, minutesBefore] = gatesAsTyped
  const unread = new Map<string, string>(
    gates.flatMap(([kind, gate]) =>
      gate ? [] : [[`gates.${kind}`, `must be like ${dayBefore}, ${sameDay} or ${minutesBefore}`] as const],
    ),
  )
  if (draft.kind === 'windows' && windows === null)
    unread.set('rhythm.windows', `must have one window per line, such as ${exampleAsTyped}`)
  if (unread.size > 0) return { given: null, faults: unread }
  const rhythm =
    draft.kind === 'windows'
      ? { kind: draft.kind, daysAhead: Number(draft.daysAhead), windows }
      : {
          kind: draft.kind,
          periodMinutes: Number(draft.periodMinutes),
          aheadMinutes: Number(draft.aheadMinutes),
        }
  const parsed = timetableSettings.safeParse({
    ...before,
    rhythm,
    graceSeconds: Number(draft.graceSeconds),
    gates: Object.fromEntries(gates),
  })
  if (parsed.success) return { given: parsed.data, faults: new Map() }
  const issues = parsed.error.issues.map(({ path, message }) => [path.slice(0, 2).join('.'), message] as const)
  return { given: null, faults: new Map(issues) }
}
