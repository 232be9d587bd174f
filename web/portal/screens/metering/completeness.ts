import type { UnitCompleteness } from '../../../../schemas/settlement/metering.ts'
import { count } from '../../../shared/format/power.ts'
import { addDays } from '../../../shared/format/time.ts'

type Day = UnitCompleteness['days'][number]

/** The days of a month that have ended by a day; `null` where none has. */
export function endedDays(month: string, today: string): { from: string; to: string } | null {
  const from = `${month}-01`
  const next = addDays(from, 32).slice(0, 7)
  const [to = ''] = [addDays(`${next}-01`, -1), addDays(today, -1)].sort()
  return to < from ? null : { from, to }
}

export interface UnitRow {
  fuId: string
  fuName: string
  days: readonly Day[]
  /** Days that are not metered to the full, and the quarter-hours that they lack. */
  lacking: readonly Day[]
  missing: number
  periods: number
}

/** FUs by what they lack, most first. */
export function rowsOf(units: readonly UnitCompleteness[]): UnitRow[] {
  return units
    .map(({ fuId, fuName, days }) => {
      const lacking = days.filter((day) => day.metered < day.periods)
      return {
        fuId,
        fuName,
        days,
        lacking,
        missing: lacking.reduce((sum, day) => sum + day.periods - day.metered, 0),
        periods: days.reduce((sum, day) => sum + day.periods, 0),
      }
    })
    .sort((a, b) => b.missing - a.missing || (a.fuName < b.fuName ? -1 : 1))
}

/** How the meter data of all FUs stand, in a line. */
export function completenessInWords(rows: readonly UnitRow[]): string {
  if (rows.length === 0) return 'No FU has been registered yet.'
  const lacking = rows.filter((row) => row.missing > 0)
  if (lacking.length === 0) return `Every quarter-hour of ${count(rows.length, 'FU')} is metered.`
  const missing = lacking.reduce((sum, row) => sum + row.missing, 0)
  return `${lacking.length} of ${count(rows.length, 'FU')} lack ${count(missing, 'quarter-hour')} of meter data: by the contract’s terms these are unpaid or estimated.`
}

/** Days in a row that lack the same number of quarter-hours. */
export interface GapSpan {
  from: string
  to: string
  /** Quarter-hours that each of them lacks; `null` where nothing of them is metered. */
  missing: number | null
}

/** Days with gaps, in order of time, joined where they follow one another and lack as much. */
export function gapSpans(lacking: readonly Day[]): GapSpan[] {
  const spans: GapSpan[] = []
  for (const { day, periods, metered } of lacking) {
    const missing = metered === 0 ? null : periods - metered
    const last = spans.at(-1)
    if (last && addDays(last.to, 1) === day && last.missing === missing) last.to = day
    else spans.push({ from: day, to: day, missing })
  }
  return spans
}
