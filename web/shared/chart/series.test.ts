import { describe, expect, test } from 'vitest'
import { clockChanges, daySpan, hourTicks, type Series, stepPoints, valueAt, withGaps } from './series.ts'

const hourMs = 3_600_000

describe('the time axis', () => {
  test('spans 24 hours on a normal day, 23 and 25 when the clock changes', () => {
    const hours = (day: string) => (daySpan(day).to - daySpan(day).from) / hourMs
    expect([hours('2026-01-15'), hours('2026-03-29'), hours('2026-10-25')]).toEqual([24, 23, 25])
  })
  test('has its ticks at whole local hours, also after the clock has changed', () => {
    const ticks = hourTicks('2026-03-29', 6)
    expect(ticks.map((t) => (t - daySpan('2026-03-29').from) / hourMs)).toEqual([0, 5, 11, 17, 23])
  })
  test('marks where the clock changes', () => {
    expect(clockChanges('2026-01-15')).toEqual([])
    expect(clockChanges('2026-03-29')).toEqual([{ at: Date.parse('2026-03-29T01:00:00Z'), label: 'clock forward 1 h' }])
    expect(clockChanges('2026-10-25')).toEqual([{ at: Date.parse('2026-10-25T01:00:00Z'), label: 'clock back 1 h' }])
  })
})

describe('a line', () => {
  test('is broken where data are missing', () => {
    const points = [0, 60_000, 900_000].map((x) => ({ x, y: 1 }))
    expect(withGaps(points, 300_000).map((p) => p.y)).toEqual([1, 1, null, 1])
  })
  test('reads the latest value at an instant, and none from before a gap', () => {
    const load: Series = {
      label: '',
      colour: 'accent',
      points: [
        { x: 0, y: 5 },
        { x: 60_000, y: 6 },
      ],
    }
    expect([valueAt(load, -1), valueAt(load, 59_999), valueAt(load, 60_000), valueAt(load, 600_000)]).toEqual([
      null,
      5,
      6,
      null,
    ])
  })
  test('holds a step until the next one, however long', () => {
    const points = stepPoints([
      { from: '2026-01-15T00:00:00Z', to: '2026-01-15T06:00:00Z', valueW: 150_000 },
      { from: '2026-01-15T06:00:00Z', to: '2026-01-16T00:00:00Z', valueW: 176_000 },
    ])
    const limit: Series = { label: '', colour: 'text', stepped: true, points }
    expect(valueAt(limit, Date.parse('2026-01-15T05:59:59Z'))).toBe(150)
    expect(valueAt(limit, Date.parse('2026-01-15T17:00:00Z'))).toBe(176)
  })
})
