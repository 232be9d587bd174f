import { describe, expect, test } from 'vitest'
import { instructions, optimisations } from '../../../test/support/dispatch-fixtures.ts'
import { fixtureFspId, fixtureNow } from '../../../test/support/fixtures.ts'
import { nodeNeeds } from './needs.ts'
import { endedBy, stopInWords } from './stopping.ts'

const now = Date.parse(fixtureNow)
const given = instructions('2026-01-15')

describe('an emergency stop', () => {
  test('ends what holds now or later, and counts the most that would be lost at one time', () => {
    // Five FUs with 17:45, 18:00 and 18:15 left, the most at 17:45.
    expect(endedBy(given, null, now)).toEqual({ turnDowns: 15, fsps: 1, mostW: 219_000 })
    expect(stopInWords(endedBy(given, fixtureFspId, now)).replaceAll('\u00a0', ' ')).toBe(
      'Ends 15 turn-downs, up to 219.0 kW at a time, at 1 FSP. None will begin until the stop is lifted.',
    )
  })
  test('leaves what is over, refused or at another FSP', () => {
    const later = Date.parse('2026-01-15T18:30:00Z')
    expect(endedBy(given, null, later).turnDowns).toBe(0)
    expect(endedBy(given, 'another', now).turnDowns).toBe(0)
    expect(
      endedBy(
        given.map((i) => ({ ...i, state: 'refused' as const })),
        null,
        now,
      ).mostW,
    ).toBe(0)
    expect(stopInWords(endedBy([], null, now))).toContain('No turn-down is in effect or planned today')
  })
})

describe('needs of an optimised day', () => {
  test('have the worst shortfall first', () => {
    const [run] = optimisations('2026-01-15')
    expect(nodeNeeds(run?.nodes ?? []).map((need) => [need.name, need.mostShortW, need.shortAt])).toEqual([
      ['Dartford 415 V', 12_000, '2026-01-15T17:45:00Z'],
      ['City Road BSP', 0, '2026-01-15T16:00:00Z'],
    ])
  })
})
