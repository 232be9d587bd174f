import { LocalDate } from '@js-joda/core'
import { describe, expect, test } from 'vitest'
import type { DispatchBoard } from '../../../../schemas/dispatch/board.ts'
import { periodStarts } from '../../../../schemas/vocabulary/time.ts'
import {
  askedW,
  boardInWords,
  columnSums,
  contractedColumns,
  fellShort,
  periodInWords,
  rowEnergy,
  standingOf,
} from './board.ts'
import { faultOf, quarterHours, spansOf, valuesOf } from './spans.ts'

/** One row of the board: contracted from 16:00 to 20:00, asked from 17:00 to 19:00, answered so far as `instructed` goes. */
function rowOf(fuName: string, contractedW: number, deliveredShare: number): DispatchBoard['rows'][number] {
  const periods = periodStarts(LocalDate.parse('2026-01-15'), 'PT15M').map((from, i) => {
    const [isContracted, isAsked, isIssued] = [i >= 64 && i < 80, i >= 68 && i < 76, i >= 68 && i < 74]
    return {
      from: from.toString(),
      to: from.plusSeconds(900).toString(),
      contractedW: isContracted ? contractedW : null,
      requestedW: isAsked ? contractedW : null,
      dueAt: from.minusSeconds(1_800).toString(),
      instruction: isIssued
        ? {
            instructionId: `${fuName} ${i}`,
            state: 'acknowledged' as const,
            turnDownW: contractedW,
            meanW: contractedW,
            issuedAt: from.minusSeconds(1_799).toString(),
            acknowledgedAt: from.minusSeconds(1_798).toString(),
            reason: null,
          }
        : null,
      isStopped: false,
      deliveredW: isIssued && i < 71 ? contractedW * deliveredShare : null,
    }
  })
  return {
    fuId: fuName,
    fuName,
    fspId: 'depot-flex',
    fspName: 'Depot Flex Ltd',
    connectionId: fuName,
    inService: true,
    isStopped: false,
    selected: 'manual',
    manualVersion: 1,
    optimisedVersion: null,
    periods,
  }
}

const today: DispatchBoard = {
  tradingDay: '2026-01-15',
  product: 'A',
  resolution: 'PT15M',
  at: '2026-01-15T17:52:20Z',
  rows: [rowOf('Islington depot', 38_000, 0.99), rowOf('Dartford depot', 35_000, 0.72)],
  totals: { due: 30, issued: 30, acknowledged: 28, refused: 0, unknown: 2, missed: 0, stopped: 0 },
}
const at = (name: string, column: number) => {
  const row = today.rows.find((r) => r.fuName.startsWith(name))
  const period = row?.periods[column]
  if (!row || !period) throw new Error(`no ${name} ${column}`)
  return { row, period }
}

describe('the board', () => {
  test('shows whole hours around what is contracted, and the whole day where nothing is', () => {
    expect(contractedColumns(today.rows)).toEqual([64, 80])
    expect(contractedColumns([])).toEqual([0, 0])
  })
  test('calls an instruction that was due and never made “not sent”, but not for an FU out of service', () => {
    const { row, period } = at('Islington', 68)
    const unsent = { ...period, instruction: null }
    expect(standingOf(row, unsent, today.at)?.word).toBe('Not sent')
    expect(standingOf({ ...row, inService: false }, unsent, today.at)).toBeNull()
    expect(standingOf(row, { ...unsent, dueAt: '2026-01-15T18:30:00Z' }, today.at)).toBeNull()
  })
  test('says of what an emergency stop ended or withholds that it is stopped, and does not ask for it any more', () => {
    const { row, period } = at('Islington', 72)
    const { instruction } = period
    const ended = {
      ...period,
      isStopped: true,
      instruction: instruction && { ...instruction, turnDownW: 0, meanW: 9_500 },
    }
    expect([standingOf(row, ended, today.at)?.word, askedW(ended)]).toEqual(['Stopped', 9_500])
    const withheld = { ...period, isStopped: true, instruction: null }
    expect([standingOf(row, withheld, today.at)?.word, askedW(withheld)]).toEqual(['Stopped', null])
    const { tone, text } = boardInWords({ ...today, totals: { ...today.totals, unknown: 0, stopped: 4 } })
    expect([tone, text.endsWith('; 4 ended by an emergency stop.')]).toEqual(['risk', true])
  })
  test('marks delivery below the grace ratio only', () => {
    expect(fellShort(at('Dartford', 68).period)).toBe(true)
    expect(fellShort(at('Islington', 68).period)).toBe(false)
  })
  test('tells a quarter-hour in words', () => {
    const { row, period } = at('Islington', 68)
    expect(periodInWords(row, period, today.at).replaceAll('\u00a0', ' ')).toMatch(
      /^Islington depot 17:00, 38\.0 kW asked, acknowledged, 3\d\.\d kW delivered$/,
    )
    const free = at('Islington', 3)
    expect(periodInWords(free.row, free.period, today.at)).toBe('Islington depot 00:45, not contracted')
  })
  test('sums columns over FUs, and keeps empty ones empty', () => {
    expect(columnSums(today.rows, 3)).toEqual({ askedW: null, deliveredW: null })
    expect(columnSums(today.rows, 70).askedW).toBe(73_000)
  })
  test('counts a row’s delivery no higher than what was asked', () => {
    const { row } = at('Islington', 0)
    const generous = {
      ...row,
      periods: row.periods.map((p) => (p.deliveredW === null ? p : { ...p, deliveredW: 99_000 })),
    }
    const { askedWh, deliveredWh, settled } = rowEnergy(generous)
    expect([askedWh, deliveredWh, settled]).toEqual([28_500, 28_500, 3])
  })
  test('tells what is wrong with the day, in doubt when an FSP did not answer', () => {
    const { tone, text } = boardInWords(today)
    expect(tone).toBe('doubt')
    expect(text).toBe('30 instructions due so far, 30 issued, 28 acknowledged; 2 not answered.')
    expect(boardInWords({ ...today, totals: { ...today.totals, missed: 1 } }).tone).toBe('fault')
    expect(boardInWords({ ...today, rows: [] }).text).toBe('No FU has a contract or a schedule on this day.')
  })
})

describe('a schedule as spans', () => {
  const values = [null, null, 5, 5, 0, null, 7, 7]
  test('goes there and back unchanged, zeros kept apart from nothing', () => {
    const spans = spansOf(values)
    expect(spans).toEqual([
      { first: 2, end: 4, turnDownW: 5 },
      { first: 4, end: 5, turnDownW: 0 },
      { first: 6, end: 8, turnDownW: 7 },
    ])
    expect(valuesOf(spans, 8)).toEqual(values)
  })
  test('counts half-hours twice', () => {
    expect(quarterHours({ resolution: 'PT30M', values: [null, 4] })).toEqual([null, null, 4, 4])
  })
  test('refuses what ends before it begins, overlaps, or is more than the FU can do', () => {
    const span = { first: 4, end: 8, turnDownW: 5_000 }
    expect(faultOf({ ...span, end: 4 }, [], null)).toBe('must end after it begins')
    expect(faultOf({ ...span, turnDownW: Number.NaN }, [], null)).toBe('needs a turn-down of 0 kW or more')
    expect(faultOf(span, [], 4_000)).toBe('is more than the FU can turn down, 4 kW')
    expect(faultOf(span, [span, { first: 7, end: 9, turnDownW: 0 }], null)).toBe('overlaps another')
    expect(faultOf(span, [span, { first: 8, end: 9, turnDownW: 0 }], 5_000)).toBeNull()
  })
})
