import { Instant } from '@js-joda/core'
import { describe, expect, test } from 'vitest'
import type { InstructionSummary } from '../../../../schemas/dispatch/instructions.ts'
import type { NodeResult } from '../../../../schemas/dispatch/optimisation.ts'
import { nodeNeeds, priceInWords, shortInWords } from './needs.ts'
import { endedBy, stopInWords } from './stopping.ts'

const now = Date.parse('2026-01-15T17:52:20Z')
const starts = ['17:00', '17:15', '17:30', '17:45', '18:00', '18:15'].map((time) =>
  Instant.parse(`2026-01-15T${time}:00Z`),
)

/** Quarter-hours of five FUs of one FSP; of the last one the answer at 18:00 is unknown, and the one at 18:15 less. */
const given = [38_000, 51_000, 35_000, 82_000, 13_000].flatMap((turnDownW, fu) =>
  starts.map((from, i) => {
    const [isLast, to] = [fu === 4, from.plusSeconds(900).toString()]
    const interval = { from: from.toString(), to, turnDownW: isLast && i === 5 ? 6_000 : turnDownW }
    return { fspId: 'depot-flex', state: isLast && i === 4 ? 'unknown' : 'acknowledged', intervals: [interval] }
  }),
) as InstructionSummary[]

describe('an emergency stop', () => {
  test('ends what holds now or later, and counts the most that would be lost at one time', () => {
    // Five FUs with 17:45, 18:00 and 18:15 left, the most at 17:45.
    expect(endedBy(given, null, now)).toEqual({ turnDowns: 15, fsps: 1, mostW: 219_000 })
    expect(stopInWords(endedBy(given, 'depot-flex', now)).replaceAll('\u00a0', ' ')).toBe(
      'Ends 15 turn-downs, up to 219.0 kW at a time, at 1 FSP. None will start until the stop is lifted.',
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
  test('say where the price that is paid at most is why a need stays unmet', () => {
    const period = { from: '2026-01-15T17:45:00Z', needW: 30_000, shortfallW: 12_000, marginalPriceGbpPerMwh: null }
    const stopped = { ...period, stoppedByPrice: { ceilingGbpPerMwh: '600.00', shortfallW: 12_000 } }
    const wordsOf = (of: typeof period) =>
      nodeNeeds([{ nodeId: 'a', name: 'A', periods: [of] }]).map((need) => shortInWords(need).replaceAll('\u00a0', ' '))
    expect(wordsOf(period)).toEqual(['12.0 kW short at 17:45'])
    expect(wordsOf(stopped)).toEqual(['12.0 kW short at 17:45, available only above £600.00 per MWh'])
    const [need] = nodeNeeds([{ nodeId: 'a', name: 'A', periods: [period] }])
    expect(need && priceInWords(need)).toBe('no price: shortfall')
  })
  test('have the worst shortfall first', () => {
    const nodeOf = (name: string, needW: number, shortfallW: number): NodeResult => ({
      nodeId: name,
      name,
      periods: ['16:00', '17:45'].map((time) => ({
        from: `2026-01-15T${time}:00Z`,
        needW,
        shortfallW: time === '17:45' ? shortfallW : 0,
        marginalPriceGbpPerMwh: 320,
      })),
    })
    const nodes = [nodeOf('City Road BSP', 320_000, 0), nodeOf('Dartford 415 V', 48_000, 12_000)]
    expect(nodeNeeds(nodes).map((need) => [need.name, need.mostShortW, need.shortAt])).toEqual([
      ['Dartford 415 V', 12_000, '2026-01-15T17:45:00Z'],
      ['City Road BSP', 0, '2026-01-15T16:00:00Z'],
    ])
  })
})
