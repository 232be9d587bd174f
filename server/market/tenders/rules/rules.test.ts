import { DayOfWeek, Instant, LocalDate } from '@js-joda/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { TenderState } from '../../../../schemas/market/tenders.ts'
import { isInWindow, type TenderWindow } from '../../../../schemas/market/windows.ts'
import { costPerHour, evaluateOffers, type RankedOffer } from './evaluation.ts'
import { cheapestCover } from './selection.ts'
import { type TenderEvent, tenderStates } from './states.ts'
import { contractedPeriods, firstSharedDay, isContracted, releaseFault } from './terms.ts'

const ceilings = { availability: '20', utilisation: '300' }

function offer(fuName: string, turnDownW: number, utilisation: string, change: Partial<RankedOffer> = {}): RankedOffer {
  const rest = {
    offerId: fuName,
    fspId: 'f',
    availability: '10',
    servesOthers: false,
    insideZone: true,
    isContracted: false,
    reliability: 1,
  }
  return { fuName, turnDownW, utilisation, ...rest, ...change }
}

function selected(offers: RankedOffer[], ...required: number[]): Record<string, number[]> {
  const { outcomes } = evaluateOffers(
    offers,
    required.map((requiredW) => ({ requiredW })),
    ceilings,
    1,
  )
  const chosen = [...outcomes].filter(([, o]) => o.outcome === 'selected')
  return Object.fromEntries(chosen.map(([id, o]) => [id, o.selectedWindows]))
}

describe('evaluation', () => {
  test('takes the cheapest set of whole offers, which need not be the cheapest offers', () => {
    const offers = [offer('nine', 9_000, '90'), offer('ten', 10_000, '95'), offer('two', 2_000, '99')]
    expect(selected(offers, 10_000)).toEqual({ ten: [0] })
    expect(selected(offers, 11_000)).toEqual({ nine: [0], two: [0] })
  })

  test('selects for each window only what that window needs', () => {
    const offers = [offer('a', 10_000, '50'), offer('b', 10_000, '60'), offer('c', 10_000, '70')]
    expect(selected(offers, 30_000, 10_000, 0)).toEqual({ a: [0, 1], b: [0], c: [0] })
  })

  test('breaks ties by size and then by name', () => {
    expect(selected([offer('b', 10_000, '50'), offer('a', 10_000, '50')], 10_000)).toEqual({ a: [0] })
    expect(selected([offer('b', 5_000, '50'), offer('c', 5_000, '50'), offer('a', 10_000, '50')], 10_000)).toEqual({
      a: [0],
    })
  })

  test('takes all there is and states the shortfall when that is too little', () => {
    const result = evaluateOffers([offer('a', 10_000, '50')], [{ requiredW: 25_000.5 }], ceilings, 1)
    expect(result).toMatchObject({ shortfallW: [15_000.5], isSingleProvider: true, isLeastCost: true })
  })

  test('ranks by availability in full and utilisation at the expected share of the window', () => {
    // At 30 %: 10 + 0.3 × 100 = 40 against 40 + 0.3 × 30 = 49 £/MW/h. In full: 110 against 70.
    const offers = [
      offer('idle cheap', 10_000, '100', { availability: '10' }),
      offer('busy cheap', 10_000, '30', { availability: '40' }),
    ]
    const chosen = (share: number) => {
      const { outcomes } = evaluateOffers(
        offers,
        [{ requiredW: 10_000 }],
        { availability: '50', utilisation: '300' },
        share,
      )
      return [...outcomes].flatMap(([id, { outcome }]) => (outcome === 'selected' ? [id] : []))
    }
    expect(chosen(0.3)).toEqual(['idle cheap'])
    expect(chosen(1)).toEqual(['busy cheap'])
    // 10 + 0.43 × 100 = 53 against 40 + 0.43 × 30 = 52.9 £/MW/h.
    expect(chosen(0.43)).toEqual(['busy cheap'])
  })

  test('prices exactly', () => {
    const offered = { turnDownW: 333_333, availability: '0.1', utilisation: '0.2' }
    expect(costPerHour(offered, 1).toString()).toBe('0.0999999')
    // 0.333333 × (0.1 + 0.3 × 0.2)
    expect(costPerHour(offered, 0.3).toString()).toBe('0.05333328')
  })

  test('counts the turn-down that may be relied on, at the cost of all of it', () => {
    // 10 kW of which 80 % may be relied on meet 8 kW, at (10 + 50) ÷ 0.8 = £75 for each reliable MW and hour.
    const doubtful = offer('doubtful', 10_000, '50', { reliability: 0.8 })
    expect(selected([doubtful], 8_000)).toEqual({ doubtful: [0] })
    expect(evaluateOffers([doubtful], [{ requiredW: 10_000 }], ceilings, 1).shortfallW).toEqual([2_000])
    expect(selected([doubtful, offer('sure', 8_000, '64')], 8_000)).toEqual({ sure: [0] })
    expect(selected([doubtful, offer('sure', 8_000, '66')], 8_000)).toEqual({ doubtful: [0] })
  })

  test('takes nothing of an FU that has delivered nothing', () => {
    const { outcomes } = evaluateOffers(
      [offer('idle', 10_000, '50', { reliability: 0 })],
      [{ requiredW: 1 }],
      ceilings,
      1,
    )
    expect(outcomes.get('idle')).toMatchObject({ outcome: 'rejected', rejection: 'not-reliable' })
  })

  test('agrees with trying every subset', () => {
    const candidates = fc.array(
      fc.record({ power: fc.integer({ min: 1, max: 30 }), price: fc.integer({ min: 0, max: 9 }) }),
      {
        maxLength: 9,
      },
    )
    fc.assert(
      fc.property(candidates, fc.integer({ min: 0, max: 120 }), (given, required) => {
        const ranked = given
          .map((c, i) => ({ id: String(i), power: BigInt(c.power), price: BigInt(c.price) }))
          .sort((a, b) => Number(a.price - b.price))
        const { ids, shortfall, isLeastCost } = cheapestCover(ranked, BigInt(required))
        const chosen = ranked.filter((c) => ids.has(c.id))
        const [power, cost] = [sum(chosen.map((c) => c.power)), sum(chosen.map((c) => c.power * c.price))]
        expect(isLeastCost).toBe(true)
        expect(power + shortfall >= BigInt(required)).toBe(true)
        if (shortfall > 0n) expect(ids.size).toBe(ranked.length)
        else expect(cost).toBe(cheapestByTrial(ranked, BigInt(required)))
      }),
      { numRuns: 300 },
    )
  })
})

function sum(values: bigint[]): bigint {
  return values.reduce((a, b) => a + b, 0n)
}

function cheapestByTrial(all: { power: bigint; price: bigint }[], required: bigint): bigint {
  let best: bigint | null = null
  for (let mask = 0; mask < 2 ** all.length; mask++) {
    const chosen = all.filter((_, i) => (mask >> i) & 1)
    const cost = sum(chosen.map((c) => c.power * c.price))
    if (sum(chosen.map((c) => c.power)) >= required && (best === null || cost < best)) best = cost
  }
  return best ?? -1n
}

describe('tender life cycle', () => {
  const events: TenderEvent[] = ['publish', 'respond', 'evaluate', 'award', 'withdraw']
  const table: Record<TenderState, (TenderState | null)[]> = {
    draft: ['open', null, null, null, 'withdrawn'],
    open: [null, 'open', 'evaluated', null, 'withdrawn'],
    evaluated: [null, null, 'evaluated', 'awarded', 'withdrawn'],
    awarded: [null, null, null, null, null],
    withdrawn: [null, null, null, null, null],
  }
  test.each(Object.entries(table))('%s', (state, row) => {
    expect(events.map((event) => tenderStates[state as TenderState][event])).toEqual(row)
  })
})

describe('windows', () => {
  const sunday: TenderWindow[] = [{ weekdays: ['sunday'], from: '00:30', to: '02:30', requiredW: 1 }]
  const term = { validFrom: LocalDate.parse('2026-01-01'), validTo: LocalDate.parse('2026-12-31'), windows: sunday }

  test('FM02 over the missing hour a window is shorter, over the repeated hour longer, by that hour', () => {
    expect(contractedPeriods(term, LocalDate.parse('2026-03-22'))).toHaveLength(8)
    expect(contractedPeriods(term, LocalDate.parse('2026-03-29'))).toHaveLength(4)
    expect(contractedPeriods(term, LocalDate.parse('2026-10-25'))).toHaveLength(12)
  })

  test('end at their end, also at midnight', () => {
    const late: TenderWindow[] = [{ weekdays: ['monday'], from: '23:00', to: '24:00', requiredW: 1 }]
    expect(isInWindow(late, Instant.parse('2026-01-05T23:59:00Z'))).toBe(true)
    expect(isInWindow(late, Instant.parse('2026-01-06T00:00:00Z'))).toBe(false)
  })

  test('a day that was given back has no contracted period; only whole days that have not begun can be given back', () => {
    const day = LocalDate.parse('2026-10-25')
    const released = { ...term, releasedDays: ['2026-10-25'] }
    expect(contractedPeriods(released, day)).toEqual([])
    expect(isContracted(released, Instant.parse('2026-10-25T01:30:00Z'))).toBe(false)
    expect(isContracted(term, Instant.parse('2026-10-25T01:30:00Z'))).toBe(true)
    expect(releaseFault(term, day, Instant.parse('2026-10-24T22:59:59Z'))).toBeNull()
    expect(releaseFault(term, day, Instant.parse('2026-10-24T23:00:00Z'))).toBe('begun')
    expect(releaseFault(term, LocalDate.parse('2026-10-26'), Instant.parse('2026-10-01T00:00:00Z'))).toBe(
      'not-contracted',
    )
  })

  test('two terms meet only where dates, days and times do', () => {
    const other = (change: Partial<TenderWindow>, from = '2026-06-01') => ({
      validFrom: LocalDate.parse(from),
      validTo: LocalDate.parse('2027-06-01'),
      windows: [{ weekdays: ['sunday' as const], from: '02:00', to: '04:00', ...change }],
    })
    expect(firstSharedDay(term, other({}))?.dayOfWeek()).toBe(DayOfWeek.SUNDAY)
    expect(firstSharedDay(term, other({ from: '02:30' }))).toBeNull()
    expect(firstSharedDay(term, other({ weekdays: ['monday'] }))).toBeNull()
    expect(firstSharedDay(term, other({}, '2027-01-01'))).toBeNull()
  })
})
