import { expect, test } from 'vitest'
import { latestByDer, wholeFu } from './live.ts'

const reading = (derId: string | null, minute: number, powerW: number) => {
  const at = `2026-01-15T17:${String(minute).padStart(2, '0')}:00Z`
  return { derId, at, powerW, receivedAt: at }
}

test('live readings are summed up as the latest of the whole FU, then of each DER', () => {
  const readings = [
    reading('charger', 9, 7_000),
    reading(null, 8, 18_000),
    reading('battery', 8, -4_000),
    reading(null, 7, 17_000),
    reading('charger', 6, 6_000),
  ]
  expect(latestByDer(readings).map(({ derId, powerW }) => [derId, powerW])).toEqual([
    [null, 18_000],
    ['charger', 7_000],
    ['battery', -4_000],
  ])
  expect(wholeFu(readings).map(({ powerW }) => powerW)).toEqual([18_000, 17_000])
  expect(latestByDer([])).toEqual([])
})
