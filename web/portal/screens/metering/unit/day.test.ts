import { describe, expect, test } from 'vitest'
import { dayInWords, daySeries, quarterHoursOf } from './day.ts'

type Period = Parameters<typeof quarterHoursOf>[0]['periods'][number]

const at = (i: number) => new Date(Date.parse('2026-01-15T00:00:00Z') + i * 900_000).toISOString()
const metered = (i: number, energyWh: number | null, change: Partial<Period> = {}): Period => ({
  from: at(i),
  energyWh,
  revision: 1,
  source: energyWh === null ? null : 'upload',
  marks: [],
  ...change,
})
const expected = (i: number, energyWh: number | null) => ({ from: at(i), to: at(i + 1), energyWh })

describe('a metered day', () => {
  test('lays each quarter-hour beside its baseline, whatever way its instant is written', () => {
    const periods = [metered(0, 3_000, { from: '2026-01-15T00:00:00Z' }), metered(1, null), metered(2, 5_000)]
    const rows = quarterHoursOf({ periods }, { periods: [expected(0, 4_000), expected(1, 4_000), expected(2, null)] })
    expect(rows.map(({ baselineWh, lessWh }) => [baselineWh, lessWh])).toEqual([
      [4_000, 1_000],
      [4_000, null],
      [null, null],
    ])
    expect(dayInWords(rows)).toBe(
      'Metered 8.0\u00a0kWh, 1 quarter-hour missing; baseline of the same quarter-hours 4.0\u00a0kWh.',
    )
  })
  test('is said to be marked, without a baseline, or not metered at all', () => {
    const marked = [metered(0, 1_000, { marks: ['estimated'] }), metered(1, 1_000, { source: 'hub-derived' })]
    expect(dayInWords(quarterHoursOf({ periods: marked }, undefined))).toBe(
      'Metered 2.0\u00a0kWh, 2 quarter-hours marked; no baseline.',
    )
    expect(dayInWords(quarterHoursOf({ periods: [metered(0, null)] }, undefined))).toBe(
      'Nothing of this day is metered.',
    )
  })
  test('is drawn as mean power that holds for its quarter-hour, the last one too, with what is marked in doubt', () => {
    const rows = quarterHoursOf({ periods: [metered(0, 1_000), metered(1, 2_000, { marks: ['dropout'] })] }, undefined)
    const [line, ...rest] = daySeries(rows, null)
    expect(rest).toEqual([])
    expect(line?.points).toEqual([
      { x: Date.parse(at(0)), y: 4 },
      { x: Date.parse(at(1)), y: 8 },
      { x: Date.parse(at(2)), y: 8 },
    ])
    expect(line?.points.map((point) => line.doubtful?.(point))).toEqual([false, false, true])
    expect(daySeries(rows, 'Baseline').map(({ label }) => label)).toEqual(['Metered', 'Baseline'])
  })
})
