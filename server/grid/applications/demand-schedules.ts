import type { ReadableStream } from 'node:stream/web'
import type { LocalDate } from '@js-joda/core'
import { stepsOn } from '../../../platform/calendar/index.ts'
import { readCsv, writeCsv } from '../../../platform/csv/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { ProfileDay, ProfileLimits } from '../../../schemas/grid/profiles.ts'
import type { Country } from '../../../schemas/vocabulary/country.ts'
import { clockTimeOf, dayStart, isClockChangeDay, periodStarts } from '../../../schemas/vocabulary/time.ts'
import { halfHourOf, vectorOf } from '../headroom/index.ts'
import { demandColumns, demandRows, readDemand } from './demand-rules.ts'

/** More rows than seasons and exceptions can fill. */
const maxRows = 48 * 500

/** Reads an uploaded demand schedule, or throws a 422 that names every faulty row (NM05). */
export async function demandOf(body: ReadableStream): Promise<ProfileLimits> {
  const table = await readCsv(body, { maxRows, columns: demandColumns, required: demandColumns })
  const reading = table.rows.length < maxRows ? readDemand(table) : { ok: false as const, flaws: table.flaws }
  if (reading.ok) return reading.limits
  const errors = reading.flaws
    .slice(0, 200)
    .map(({ line, field, message }) => ({ field: `line ${line}${field && `, ${field}`}`, message }))
  const [first] = errors
  throw new ProblemError(
    'contract-broken',
    `${reading.flaws.length} flaws, the first on ${first?.field}: ${first?.message}. Nothing was stored.`,
    { errors },
  )
}

/** A demand schedule as a CSV file. */
export function demandFile(limits: ProfileLimits): string {
  return writeCsv(demandColumns, demandRows(limits))
}

/**
 * The limits of a day, half-hour by half-hour, with a remark when the clock changes (FM02).
 * @param country whose bank holidays count as weekends
 */
export function previewOf(limits: ProfileLimits, day: LocalDate, country: Country): ProfileDay {
  const steps = vectorOf(stepsOn(limits, day, country))
  const periods = periodStarts(day, 'PT30M').map((from) => {
    const localTime = clockTimeOf(from)
    return { from: from.toString(), localTime, limitW: steps[halfHourOf(from)] ?? 0 }
  })
  return { tradingDay: day.toString(), periods, remark: remarkOf(day, periods.length) }
}

function remarkOf(day: LocalDate, count: number): string | null {
  if (!isClockChangeDay(day)) return null
  return count < 48
    ? `The hour from 01:00 to 02:00 does not exist on ${day}: its limits are left out, and a step that begins in it begins at 02:00.`
    : `The hour from 01:00 to 02:00 comes twice on ${day}: its limits apply both times. The day begins at ${dayStart(day)}.`
}
