import { LocalDate } from '@js-joda/core'
import {
  type CsvFlaw,
  type CsvRow,
  isNothing,
  readCsv,
  readInstant,
  readNumber,
  type StatedZone,
  writeCsv,
} from '../../../platform/csv/index.ts'
import { fieldErrorsOf, ProblemError } from '../../../platform/http/index.ts'
import { type ScheduleSubmission, scheduleSubmission, submissionKind } from '../../../schemas/market/submissions.ts'
import { dayStart, periodStarts } from '../../../schemas/vocabulary/time.ts'
import {
  directionOrTurnDown,
  type Resolution,
  resolution,
  tradingDay,
  uuid,
} from '../../../schemas/vocabulary/units.ts'
import type { SubmittedRow } from './tables.ts'

/** One row per period. `period_start` is the start of the period (FM03), as an instant, so that clock-change days are unambiguous. */
export const submissionHeadings = [
  'fu_id',
  'kind',
  'trading_day',
  'resolution',
  'revision',
  'period_start',
  'value',
] as const

/** May be left out: then every row is for turn-down. */
const directionHeading = 'direction'

/** A schedule from a file, with the line of each value. */
export interface UploadedSchedule {
  fuId: string
  day: LocalDate
  submission: ScheduleSubmission
  lines: number[]
}

/** Reads schedules from CSV, or answers 422 with every fault by line and heading. A day of 10,000 FUs has a million rows. */
export async function readSchedules(body: ReadableStream, zone?: StatedZone): Promise<UploadedSchedule[]> {
  const table = await readCsv(body as never, {
    maxRows: 1_000_000,
    columns: [...submissionHeadings, directionHeading],
    required: submissionHeadings,
  })
  const flaws = [...table.flaws]
  if (flaws.some(({ line }) => line === 1)) refuseFile(flaws)
  const groups = Map.groupBy(table.rows, ({ cells }) =>
    [
      ...[cells['fu_id'], cells['kind'], cells[directionHeading]],
      cells['trading_day'],
      cells['resolution'],
      cells['revision'],
    ].join('|'),
  )
  const schedules = [...groups.values()].flatMap((rows) => scheduleOf(rows, flaws, zone) ?? [])
  if (flaws.length > 0) refuseFile(flaws)
  return schedules
}

/** Answers 422 with faults by line. */
export function refuseFile(flaws: readonly CsvFlaw[]): never {
  const errors = flaws
    .toSorted((a, b) => a.line - b.line)
    .slice(0, 1_000)
    .map(({ line, field, message }) => ({ field: `line ${line}${field ? `, ${field}` : ''}`, message }))
  const [first] = errors
  throw new ProblemError('contract-broken', `${first?.field} ${first?.message}. Nothing in the file was stored.`, {
    errors,
  })
}

function scheduleOf(rows: CsvRow[], flaws: CsvFlaw[], zone: StatedZone | undefined): UploadedSchedule | null {
  const [first] = rows
  if (!first) return null
  const { cells, line } = first
  const headings = { fu_id: uuid, kind: submissionKind, trading_day: tradingDay, resolution } as const
  const before = flaws.length
  for (const [field, schema] of Object.entries(headings)) {
    const parsed = schema.safeParse(cells[field])
    if (!parsed.success) flaws.push({ line, field, message: parsed.error.issues[0]?.message ?? 'is invalid' })
  }
  const way = directionOrTurnDown.safeParse(cells[directionHeading] || undefined)
  if (!way.success) flaws.push({ line, field: directionHeading, message: 'must be turn-down or turn-up' })
  if (flaws.length > before) return null
  const day = LocalDate.parse(cells['trading_day'] ?? '')
  const ordered = inOrder({ day, step: cells['resolution'] as Resolution, zone }, rows, flaws)
  if (!ordered) return null
  const isCost = cells['kind'] === 'cost'
  const parsed = scheduleSubmission.safeParse({
    kind: cells['kind'],
    direction: way.data,
    resolution: cells['resolution'],
    revision: Number(cells['revision']),
    start: dayStart(day).toString(),
    values: ordered.map((row) => (isCost ? row.cells['value'] : numberOf(row.cells['value'] ?? ''))),
  })
  if (parsed.success)
    return { fuId: cells['fu_id'] ?? '', day, submission: parsed.data, lines: ordered.map((row) => row.line) }
  for (const { field, message } of fieldErrorsOf(parsed.error)) {
    const index = /^values\[(\d+)\]/.exec(field)?.[1]
    flaws.push({ line: ordered[Number(index ?? 0)]?.line ?? line, field: index ? 'value' : field, message })
  }
  return null
}

/** An empty cell is missing, not zero (FM12). What is not a number stays a text, which the contract refuses. */
function numberOf(text: string): number | string | null {
  if (isNothing(text)) return null
  const read = readNumber(text)
  return read.ok ? read.value : text
}

/** The periods that a schedule has, and the zone of stamps without offset. */
interface Periods {
  day: LocalDate
  step: Resolution
  zone: StatedZone | undefined
}

/** A day's rows by period; `null`, with the faults noted, if one is missing, duplicate or not a period of the day. */
function inOrder({ day, step, zone }: Periods, rows: CsvRow[], flaws: CsvFlaw[]): CsvRow[] | null {
  const before = flaws.length
  const byStart = new Map<number, CsvRow>()
  const starts = periodStarts(day, step).map((start) => start.toEpochMilli())
  const wanted = new Set(starts)
  for (const row of rows) {
    const read = readInstant(row.cells['period_start'] ?? '', zone)
    const flaw = (message: string) => flaws.push({ line: row.line, field: 'period_start', message })
    const at = read.ok ? read.value : Number.NaN
    if (!read.ok) flaw(read.message)
    else if (!wanted.has(at)) flaw(`is not the start of a ${step} period of ${day}`)
    else if (byStart.has(at)) flaw(`is a duplicate of line ${byStart.get(at)?.line}`)
    else byStart.set(at, row)
  }
  const missing = starts.find((at) => !byStart.has(at))
  if (flaws.length === before && missing !== undefined)
    flaws.push({
      line: rows.at(-1)?.line ?? 1,
      field: 'period_start',
      message: `${starts.length - byStart.size} periods of ${day} are missing, the first at ${new Date(missing).toISOString()}`,
    })
  return flaws.length > before ? null : starts.flatMap((at) => byStart.get(at) ?? [])
}

/** Schedules as CSV that `readSchedules` can read; with the direction where one is for turn-up. */
export function writeSchedules(rows: readonly SubmittedRow[]): string {
  const isDirected = rows.some((row) => row.direction === 'turn-up')
  return writeCsv(
    isDirected ? [...submissionHeadings, directionHeading] : [...submissionHeadings],
    rows.flatMap((row) =>
      periodStarts(row.tradingDay, row.resolution).map((start, i) => [
        ...[row.fuId, row.kind, row.tradingDay.toString(), row.resolution, String(row.revision)],
        ...[start.toString(), String(row.values[i] ?? ''), ...(isDirected ? [row.direction] : [])],
      ]),
    ),
  )
}
