import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { LocalDate } from '@js-joda/core'
import { CsvError, parse } from 'csv-parse'
import { codeOf, StartupError } from '../../../platform/errors/index.ts'

/** One real charging session. Steps are five minutes, counted from local midnight of the file's first day. */
export interface SessionRecord {
  sessionId: string
  stationId: string
  /** The local day on which the vehicle arrived, and the minutes after midnight. */
  day: LocalDate
  arrivalMinute: number
  departureMinute: number
  requestedWh: number
  maxPowerW: number
  batteryWh: number
  storedWh: number
}

/** Help text for every command that reads sessions. */
export const sessionColumnsHelp = `Columns of a sessions file (CSV with a header line, separated by commas or semicolons; in any order, others are ignored):
  session_id      name of the session, unique in the file
  station_id      socket that was used
  arrival_5min    arrival, in whole steps of 5 minutes from local midnight of the file's first day
  departure_5min  departure, likewise; later than the arrival
  requested_kwh   energy that the driver asked for; charging ends when it is reached
  max_kw          maximum power of the vehicle's charger
  batt_kwh        capacity of the battery; charging tapers above 80 % of it
  init_kwh        energy in the battery on arrival
The first day is the date, or the first of the month, in the file's name (acn_2019-03_sessions.csv: 1 March 2019). It determines the days
of the week: a simulated day uses the sessions of a day in the file with the same weekday (any day in turn, if the file is shorter
than a week). The file's stations are assigned to the depots' sockets in order, repeatedly until every socket has one, each time from another
week, so that no two sockets have the same session unless there are too few weeks. If its socket is in use, a session begins when it is free.`

const columns = [
  ...['session_id', 'station_id', 'arrival_5min', 'departure_5min'],
  ...['requested_kwh', 'max_kw', 'batt_kwh', 'init_kwh'],
] as const
type Column = (typeof columns)[number]

/** The location of a fault: `path, line 17, column max_kw: …`. */
type Fault = (column: Column, detail: string) => StartupError

/** Reads charging sessions (see `sessionColumnsHelp`) line by line, or throws a StartupError with line, column and what to do. */
export async function readSessions(path: string): Promise<SessionRecord[]> {
  const firstDay = firstDayOf(path)
  const sessions: SessionRecord[] = []
  const seen = new Map<string, number>()
  let header: string[] | null = null
  for await (const { line, cells } of linesOf(path)) {
    if (!header) {
      header = checkedHeader(path, cells)
      continue
    }
    const names = header
    const fault: Fault = (column, detail) => new StartupError(`${path}, line ${line}, column ${column}: ${detail}`)
    const session = toSession((column) => cells[names.indexOf(column)]?.trim() ?? '', firstDay, fault)
    const before = seen.get(session.sessionId)
    if (before !== undefined)
      throw fault('session_id', `${session.sessionId} is already on line ${before}; remove one of the two.`)
    seen.set(session.sessionId, line)
    sessions.push(session)
  }
  if (!header) throw new StartupError(`${path} is empty: a sessions file has ${columns.join(', ')}.`)
  if (sessions.length === 0) throw new StartupError(`${path} has a header but no sessions: add a line for each.`)
  return sessions
}

function checkedHeader(path: string, cells: readonly string[]): string[] {
  const header = cells.map((cell) => cell.trim())
  const missing = columns.filter((column) => !header.includes(column))
  if (missing.length === 0) return header
  throw new StartupError(
    `${path}, line 1: the column ${missing.join(', ')} is missing; a sessions file has ${columns.join(', ')}.`,
  )
}

async function* linesOf(path: string): AsyncGenerator<{ line: number; cells: string[] }> {
  const parser = parse({ bom: true, delimiter: [',', ';'], skip_empty_lines: true, info: true })
  const file = createReadStream(path).on('error', (error) => parser.destroy(error))
  try {
    for await (const { record, info } of file.pipe(parser)) yield { line: info.lines, cells: record }
  } catch (error) {
    if (error instanceof CsvError)
      throw new StartupError(
        `${path} is not a CSV file: ${error.message}. Give each line the same number of cells as the header.`,
      )
    if (codeOf(error) === '') throw error
    throw new StartupError(`The sessions file ${path} cannot be read (${codeOf(error)}): check its path.`)
  } finally {
    file.destroy()
  }
}

function firstDayOf(path: string): LocalDate {
  const [, year, month, day] = /(\d{4})-(\d{2})(?:-(\d{2}))?/.exec(basename(path)) ?? []
  if (!year)
    throw new StartupError(
      `The name of the sessions file ${path} has no date: add the day or month that its steps count from, such as sessions_2019-03.csv.`,
    )
  try {
    return LocalDate.of(Number(year), Number(month), Number(day ?? '1'))
  } catch {
    throw new StartupError(
      `The date in the name of the sessions file ${path} does not exist: correct it to a date such as 2019-03.`,
    )
  }
}

function toSession(cell: (column: Column) => string, firstDay: LocalDate, fault: Fault): SessionRecord {
  const text = (column: Column): string => {
    if (cell(column) === '') throw fault(column, 'is empty; give the session a value.')
    return cell(column)
  }
  const amount = (column: Column, what: string): number => {
    const value = Number(text(column))
    if (!Number.isFinite(value) || value < 0)
      throw fault(column, `"${cell(column)}" is not a valid ${what}; write a number such as 6.6.`)
    return value
  }
  const step = (column: Column): number => {
    if (!/^\d{1,7}$/.test(text(column)))
      throw fault(column, `"${cell(column)}" is not a valid step; write a whole number of 5-minute steps.`)
    return Number(cell(column))
  }
  const [arrival, departure] = [step('arrival_5min'), step('departure_5min')]
  if (departure <= arrival)
    throw fault('departure_5min', `${departure} is not after the arrival ${arrival}; correct one of the two.`)
  const [requestedWh, batteryWh, storedWh, maxPowerW] = (
    [
      ['requested_kwh', 'energy'],
      ['batt_kwh', 'energy'],
      ['init_kwh', 'energy'],
      ['max_kw', 'power'],
    ] as const
  ).map(([column, what]) => Math.round(amount(column, what) * 1000)) as [number, number, number, number]
  if (batteryWh === 0) throw fault('batt_kwh', 'is 0; write the battery’s capacity.')
  if (maxPowerW === 0) throw fault('max_kw', 'is 0; write the charger’s power.')
  if (storedWh + requestedWh > batteryWh)
    throw fault(
      'requested_kwh',
      `${cell('requested_kwh')} does not fit: init_kwh + requested_kwh must not exceed batt_kwh.`,
    )
  const arrivalMinute = arrival * 5
  const days = Math.floor(arrivalMinute / 1440)
  return {
    sessionId: text('session_id'),
    stationId: text('station_id'),
    day: firstDay.plusDays(days),
    arrivalMinute: arrivalMinute - days * 1440,
    departureMinute: departure * 5 - days * 1440,
    requestedWh,
    maxPowerW,
    batteryWh,
    storedWh,
  }
}
