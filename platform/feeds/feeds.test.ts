import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { driftOf, freshnessOf, trialThresholds } from './index.ts'

describe('freshness', () => {
  test.each([
    ['chargePointMessages', 60, 'green'],
    ['chargePointMessages', 61, 'red'],
    ['telematics', 180, 'green'],
    ['telematics', 181, 'amber'],
    ['telematics', 301, 'red'],
    ['siteLoad', 420, 'green'],
    ['siteLoad', 421, 'amber'],
    ['siteLoad', 601, 'red'],
  ] as const)('%s silent for %i s is %s', (feed, silentS, wanted) => {
    expect(freshnessOf(0, 0, silentS * 1000, trialThresholds[feed])).toBe(wanted)
  })

  test('the silence of a feed that never delivered counts from its registration', () => {
    expect(freshnessOf(null, 0, 30_000, trialThresholds.siteLoad)).toBe('never')
    expect(freshnessOf(null, 0, 601_000, trialThresholds.siteLoad)).toBe('red')
  })
})

describe('drift', () => {
  const fields = { id: 'string', kw: ['number', 'null'] } as const

  test('a record of the agreed form has none; for any other the fields are named', () => {
    expect(driftOf({ id: 'a', kw: null }, fields)).toEqual([])
    expect(driftOf({ id: 7, power: 1 }, fields)).toEqual([
      { field: 'id', expected: 'string', found: 'number' },
      { field: 'kw', expected: 'number or null', found: 'missing' },
      { field: 'power', expected: null, found: 'number' },
    ])
    expect(driftOf('text', fields)).toEqual([{ field: '', expected: 'object', found: 'string' }])
  })

  test('any value is assessed without an error', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (record) => {
        expect(Array.isArray(driftOf(record, fields))).toBe(true)
      }),
    )
  })
})
