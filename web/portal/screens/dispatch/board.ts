import type { BoardPeriod, BoardRow, DispatchBoard } from '../../../../schemas/dispatch/board.ts'
import { count, fixed, turn } from '../../../shared/format/power.ts'
import { timeOfDay } from '../../../shared/format/time.ts'
import { instructionWords, type Tone, type Wording } from '../../../shared/format/words.ts'

export type { BoardPeriod, BoardRow }

/** Delivery under this share of what was asked is marked (domain section 5: the grace ratio). */
const graceRatio = 0.95

const missed: Wording = { word: 'Not sent', tone: 'fault', shape: 'square' }
const stopped: Wording = { word: 'Stopped', tone: 'risk', shape: 'bar' }

/** How a quarter-hour of an FU stands; `null` where nothing has been or should have been sent. */
export function standingOf(row: BoardRow, period: BoardPeriod, at: string): Wording | null {
  if (
    period.isStopped &&
    (period.instruction?.turnDownW ?? 0) === 0 &&
    (period.instruction || period.requestedW !== null)
  )
    return stopped
  if (period.instruction) return instructionWords[period.instruction.state]
  const wanted = period.contractedW !== null && period.requestedW !== null
  const due = Date.parse(period.dueAt) <= Date.parse(at)
  return wanted && due && row.inService ? missed : null
}

/** What was asked of a quarter-hour, as a mean: what was instructed, else what the live schedule wants unless a stop withholds it. */
export function askedW(period: BoardPeriod): number | null {
  return period.instruction?.meanW ?? (period.isStopped ? null : period.requestedW)
}

/** What is contracted in a quarter-hour, W, negative for turn-up. */
export function contractedTurn({ contractedW, direction }: BoardPeriod): number | null {
  return contractedW !== null && direction === 'turn-up' ? -contractedW : contractedW
}

/** Whether a quarter-hour fell short of what was asked by more than the grace. */
export function fellShort(period: BoardPeriod): boolean {
  const asked = askedW(period)
  if (asked === null || asked === 0 || period.deliveredW === null) return false
  // Of a turn-up both are negative.
  return Math.sign(asked) * period.deliveredW < Math.abs(asked) * graceRatio
}

/**
 * The columns of interest, `[first, end)`: whole hours around everything that is contracted, asked or sent on the day. The whole day
 * where there is nothing.
 */
export function contractedColumns(rows: readonly BoardRow[]): [first: number, end: number] {
  const columns = rows[0]?.periods.length ?? 0
  const used = rows.flatMap((row) =>
    row.periods.flatMap((p, i) => (p.contractedW !== null || p.requestedW !== null || p.instruction ? [i] : [])),
  )
  if (used.length === 0) return [0, columns]
  const first = Math.floor(Math.min(...used) / 4) * 4
  const end = Math.ceil((Math.max(...used) + 1) / 4) * 4
  return [first, Math.min(columns, end)]
}

/** A quarter-hour in words, for those who do not see the board. */
export function periodInWords(row: BoardRow, period: BoardPeriod, at: string): string {
  const parts = [`${row.fuName} ${timeOfDay(period.from)}`]
  const asked = askedW(period)
  if (asked !== null) parts.push(`${turn(asked)} asked`)
  else if (period.contractedW !== null) parts.push(`${turn(contractedTurn(period) ?? 0)} contracted, nothing asked`)
  else parts.push('not contracted')
  const standing = standingOf(row, period, at)
  if (standing) parts.push(standing.word.toLowerCase())
  if (period.deliveredW !== null) parts.push(`${turn(period.deliveredW)} delivered`)
  return parts.join(', ')
}

/** Sums of a column over all FUs; `null` where no FU has a value. */
export function columnSums(
  rows: readonly BoardRow[],
  column: number,
): { askedW: number | null; deliveredW: number | null } {
  const sum = (of: (period: BoardPeriod) => number | null) =>
    rows.reduce<number | null>((total, row) => {
      const period = row.periods[column]
      const value = period ? of(period) : null
      return value === null ? total : (total ?? 0) + value
    }, null)
  return { askedW: sum(askedW), deliveredW: sum((period) => period.deliveredW) }
}

/** The day of a board in one line: what was due, and everything that is not right with it. */
export function boardInWords({ totals, rows }: DispatchBoard): { tone: Tone; text: string } {
  if (rows.length === 0) return { tone: 'normal', text: 'No FU has a contract or a schedule on this day.' }
  const { due, issued, acknowledged, refused, unknown, missed: notSent, stopped: ended } = totals
  if (due === 0 && issued === 0)
    return { tone: 'normal', text: `${count(rows.length, 'FU')} under contract; no instruction has been due yet.` }
  const faults = [
    refused > 0 ? `${fixed(refused, 0)} refused` : null,
    unknown > 0 ? `${fixed(unknown, 0)} not answered` : null,
    notSent > 0 ? `${fixed(notSent, 0)} not sent` : null,
    ended > 0 ? `${fixed(ended, 0)} ended by an emergency stop` : null,
  ].filter((fault) => fault !== null)
  const head = `${count(due, 'instruction')} due so far, ${fixed(issued, 0)} issued, ${fixed(acknowledged, 0)} acknowledged`
  if (faults.length === 0) return { tone: 'normal', text: `${head}.` }
  return {
    tone: refused + notSent > 0 ? 'fault' : ended > 0 ? 'risk' : 'doubt',
    text: `${head}; ${faults.join(', ')}.`,
  }
}

/** Energy asked and delivered over an FU's day, Wh, and how many quarter-hours have both. */
export function rowEnergy(row: BoardRow): { askedWh: number; deliveredWh: number; settled: number } {
  const both = row.periods.filter((p) => (askedW(p) ?? 0) !== 0 && p.deliveredW !== null)
  return {
    askedWh: both.reduce((sum, p) => sum + Math.abs(askedW(p) ?? 0) / 4, 0),
    deliveredWh: both.reduce(
      (sum, p) => sum + Math.min(Math.sign(askedW(p) ?? 0) * (p.deliveredW ?? 0), Math.abs(askedW(p) ?? 0)) / 4,
      0,
    ),
    settled: both.length,
  }
}
