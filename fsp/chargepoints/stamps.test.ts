import { readFileSync } from 'node:fs'
import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { believedInstant } from './stamps.ts'

const noon = Instant.parse('2026-01-15T12:01:00Z')
const read = (text: unknown, received = noon) => {
  const { at, fault } = believedInstant(text, received)
  return [at.toString(), fault === null]
}

test('time stamps of odd forms are read; those that are no time near receipt become the time of receipt, and are noted', () => {
  const stamps = JSON.parse(
    readFileSync(new URL('../../test/cases/field/ocpp-O11-time-stamps.json', import.meta.url), 'utf8'),
  ) as string[]
  expect(stamps.map((stamp) => [stamp, ...read(stamp)])).toEqual([
    ['2026-01-15T13:00:00+01', '2026-01-15T12:00:00Z', true],
    ['2026-01-15T12:01:00', '2026-01-15T12:01:00Z', true],
    ['2026-01-15 12:00:00Z', '2026-01-15T12:00:00Z', true],
    ['2026-01-15T12:00:00.1234567890Z', '2026-01-15T12:00:00.123456789Z', true],
    ['0001-01-01T00:00:00Z', '2026-01-15T12:01:00Z', false],
    ['2026-01-15T24:00:00Z', '2026-01-15T12:01:00Z', false],
  ])
})

test('a day that ends at 24:00 is read as the next midnight when that is now', () => {
  expect(read('2026-01-15T24:00:00Z', Instant.parse('2026-01-16T00:00:10Z'))).toEqual(['2026-01-16T00:00:00Z', true])
})

test('a stamp is believed from 24 hours behind receipt to 2 minutes ahead', () => {
  expect(read('2026-01-15T12:03:00Z')).toEqual(['2026-01-15T12:03:00Z', true])
  expect(read('2026-01-15T12:03:01Z')).toEqual(['2026-01-15T12:01:00Z', false])
  expect(read('2026-01-14T12:01:00Z')).toEqual(['2026-01-14T12:01:00Z', true])
  expect(read('2026-01-14T12:00:59Z')).toEqual(['2026-01-15T12:01:00Z', false])
})

test('local summer time marked Z is an hour ahead, and becomes the time of receipt', () => {
  expect(read('2026-07-15T13:00:00Z', Instant.parse('2026-07-15T12:00:00Z'))).toEqual(['2026-07-15T12:00:00Z', false])
})

test('what is no stamp, or a date that does not exist, becomes the time of receipt', () => {
  for (const text of [null, undefined, '', 'yesterday', 5, '2026-02-30T12:00:00Z', '2026-01-15T12:61:00Z'])
    expect([text, ...read(text)]).toEqual([text, '2026-01-15T12:01:00Z', false])
})
