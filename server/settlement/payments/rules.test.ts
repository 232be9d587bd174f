import { LocalDate } from '@js-joda/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isWorkingDay } from '../../../platform/calendar/index.ts'
import type { PaymentScheme, PriceRule } from '../../../schemas/settlement/statements.ts'
import type { Country } from '../../../schemas/vocabulary/country.ts'
import { Money } from '../../../schemas/vocabulary/money.ts'
import {
  correctionDeadline,
  defaultScheme,
  estimatedWh,
  type PeriodInputs,
  performanceFactor,
  scheduleAccuracy,
  settlePeriod,
  utilisationPrice,
} from './index.ts'

const factor = (ratio: number, scheme: PaymentScheme = defaultScheme) =>
  performanceFactor(scheme, new Money(ratio)).toNumber()

const given: PeriodInputs = {
  availableW: 40_000,
  instructedWh: 10_000,
  acceptedWh: 10_000,
  baselineWh: 12_000,
  meteredWh: 2_000,
  elsewhereWh: 0,
  inService: true,
  isUnreachable: false,
  limitWh: null,
  accuracyFactor: 1,
  availability: '10.00',
  utilisation: '100.00',
  toleranceWh: 50,
  isOverdue: false,
}
const idle = { instructedWh: null, acceptedWh: 0 }
const settle = (change: Partial<PeriodInputs> = {}, scheme: PaymentScheme = defaultScheme) => {
  const { amountGbp, deliveredWh, ratio, flags, factor: performance } = settlePeriod(scheme, { ...given, ...change })
  return [amountGbp.toFixed(2), deliveredWh.toNumber(), ratio?.toNumber() ?? null, performance.toNumber(), flags]
}

describe('performance factor', () => {
  test('grace and multiplier: 1 from 95 %, 0.55 at 80 %, 0 at 63 % and under', () => {
    expect([1, 0.95, 0.94, 0.8, 0.64, 0.63, 0].map((p) => factor(p))).toEqual([1, 1, 0.97, 0.55, 0.07, 0, 0])
  })

  test('a steep slope stops at 0', () => {
    expect(factor(0.7, { ...defaultScheme, slope: 10 })).toBe(0)
  })

  test('sliding scale from 50 to 100 %', () => {
    const scheme = { name: 'sliding-scale' as const, fromRatio: 0.5, toRatio: 1 }
    expect([0.4, 0.5, 0.75, 1, 1.2].map((p) => factor(p, scheme))).toEqual([0, 0, 0.5, 1, 1])
  })

  test('never falls as delivery rises, and stays from 0 to 1', () => {
    const ratio = fc.integer({ min: 0, max: 1_000 }).map((n) => n / 1_000)
    fc.assert(
      fc.property(ratio, ratio, (a, b) => {
        const [low, high] = [factor(Math.min(a, b)), factor(Math.max(a, b))]
        expect(low).toBeLessThanOrEqual(high)
        expect(low).toBeGreaterThanOrEqual(0)
        expect(high).toBeLessThanOrEqual(1)
      }),
    )
  })
})

describe('a quarter-hour', () => {
  test('in full: £0.10 for availability and £1.00 for 10 kWh', () => {
    expect(settle()).toEqual(['1.10', 10_000, 1, 1, []])
  })

  test('delivery is never below 0 nor above what was instructed', () => {
    expect(settle({ meteredWh: 13_000 })).toEqual(['0.00', 0, 0, 0, []])
    expect(settle({ meteredWh: -5_000 })).toEqual(['1.10', 10_000, 1, 1, []])
  })

  test('half-even: £0.125 is 12 pence and £0.135 is 14', () => {
    expect(settle({ ...idle, availability: '12.50' })[0]).toBe('0.12')
    expect(settle({ ...idle, availability: '13.50' })[0]).toBe('0.14')
  })

  test('without an instruction, or with 0 W, availability is paid and nothing is judged', () => {
    for (const instructedWh of [null, 0])
      expect(settle({ ...idle, instructedWh, meteredWh: null, baselineWh: null })).toEqual(['0.10', 0, null, 1, []])
  })

  test('FM20 out of service, without meter data or without baseline it is unpaid and says why', () => {
    expect(settle({ inService: false })).toEqual(['0.00', 0, null, 0, ['out-of-service']])
    expect(settle({ meteredWh: null })).toEqual(['0.00', 0, null, 0, ['no-meter-data']])
    expect(settle({ baselineWh: null })).toEqual(['0.00', 0, null, 0, ['no-baseline']])
    expect(settle({ baselineWh: null, meteredWh: null })[4]).toEqual(['no-meter-data', 'no-baseline'])
  })

  test('turn-down that an agreed limit required anyway is unpaid, not undelivered', () => {
    expect(settle({ limitWh: 10_000 })).toEqual(['0.90', 8_000, 1, 1, ['profile-limit']])
    expect(settle({ limitWh: 12_000 })).toEqual(['1.10', 10_000, 1, 1, []])
    expect(settle({ limitWh: 10_000, ...idle })[4]).toEqual([])
  })

  test('instructed energy under the tolerance is not judged, at the tolerance it is', () => {
    const small = (wh: number) => settle({ instructedWh: wh, acceptedWh: wh, meteredWh: 12_000 }).slice(0, 4)
    expect(small(49.999)).toEqual(['0.10', 0, 0, 1])
    expect(small(50)).toEqual(['0.00', 0, 0, 0])
  })

  test('of what was refused nothing is delivered, whatever the meter says; the rest is judged as part of the whole', () => {
    expect(settle({ acceptedWh: 0 })).toEqual(['0.00', 0, 0, 0, ['refused']])
    expect(settle({ acceptedWh: 0, meteredWh: null, baselineWh: null })[4]).toEqual(['refused'])
    // 8,000 of 10,000 Wh: 0.8, factor 0.55 of £0.10 + £0.80.
    expect(settle({ acceptedWh: 8_000 })).toEqual(['0.50', 8_000, 0.8, 0.55, ['refused']])
  })

  test('a period in which the FSP could not be reached is unpaid; one for which it offered nothing earns no availability', () => {
    expect(settle({ ...idle, isUnreachable: true })).toEqual(['0.00', 0, null, 0, ['unreachable']])
    expect(settle({ ...idle, availableW: 0 })[0]).toBe('0.00')
    expect(settle({ availableW: 0 })[0]).toBe('1.00')
  })

  test('what another contract of the FU is paid for is not delivered again', () => {
    expect(settle({ elsewhereWh: 2_000 })).toEqual(['0.50', 8_000, 0.8, 0.55, []])
  })

  test('USEF: baseline 10, order 2, prices 7 and 11 settle allocations 7 to 11 at 14, 14, −4, −22, −33', () => {
    const scheme = { name: 'usef' as const, penaltyGbpPerMwh: '11' }
    const inMwh = { baselineWh: 10e6, instructedWh: 2e6, acceptedWh: 2e6, availability: '0', utilisation: '7' }
    const of = (allocation: number) => Number(settle({ ...inMwh, meteredWh: allocation * 1e6 }, scheme)[0])
    expect([7, 8, 9, 10, 11].map(of)).toEqual([14, 14, -4, -22, -33])
    expect(settle({ ...inMwh, meteredWh: null }, scheme)[0]).toBe('0.00')
    // No delivery at all: 2 MWh ordered at the penalty price.
    expect(settle({ ...inMwh, meteredWh: null, isOverdue: true }, scheme)).toEqual([
      ...['-22.00', 0, 0, 1, ['no-meter-data', 'counted-as-no-delivery']],
    ])
    expect(settle({ ...inMwh, acceptedWh: 0, meteredWh: 7e6 }, scheme)[0]).toBe('-22.00')
    // The penalty stands whatever the accuracy factor: 0.5 × £7 × 1 MWh − £11 × 1 MWh.
    expect(settle({ ...inMwh, meteredWh: 9e6, accuracyFactor: 0.5 }, scheme)[0]).toBe('-7.50')
  })

  test('prices: the contract’s, the bid up to it, or the dearest of the node up to it', () => {
    const price = (rule: PriceRule, bid: string | null, cleared: string | null = null) =>
      utilisationPrice({ rule, contract: '100.00', bid, cleared })
    expect([price('contract', '60.00'), price('pay-as-bid', '60.00'), price('pay-as-bid', '120.00')]).toEqual([
      ...['100.00', '60.00', '100.00'],
    ])
    expect([price('pay-as-bid', null), price('pay-as-clear', '60.00', '90.00')]).toEqual(['100.00', '90.00'])
    expect(price('pay-as-clear', '60.00', '120.00')).toBe('100.00')
  })

  test('the correction deadline is the end of the tenth working day after the trading day', () => {
    // Thursday 29 January 2026 and ten working days: Thursday 12 February. Over Easter Good Friday and Monday do not count.
    const of = (day: string, country: Country = 'ENG') =>
      correctionDeadline(LocalDate.parse(day), 10, (other) => isWorkingDay(other, country)).toString()
    expect([of('2026-01-29'), of('2026-04-01')]).toEqual(['2026-02-13T00:00:00Z', '2026-04-17T23:00:00Z'])
    // Easter Monday is a working day in Scotland, so it ends a day earlier there.
    expect(of('2026-04-01', 'SCT')).toBe('2026-04-16T23:00:00Z')
  })
})

describe('schedule accuracy', () => {
  test('is 1 − total |actual − forecast| ÷ total |actual|; without any load there is none', () => {
    const of = (...pairs: [number, number][]) =>
      scheduleAccuracy(pairs.map(([actualWh, forecastWh]) => ({ actualWh, forecastWh })))?.toNumber() ?? null
    expect(of([100, 90], [200, 220])).toBe(0.9)
    // One quarter-hour near zero does not rule the month.
    expect(of([1_000, 1_000], [0, 100])).toBe(0.9)
    expect(of([100, 400])).toBe(0)
    expect(of([-100, -90])).toBe(0.9)
    expect(of([1, 1])).toBe(1)
    expect(of([0, 5])).toBeNull()
  })
})

describe('estimates', () => {
  const q = 1_000 * 900_000
  const known = (...steps: [number, number][]) => new Map(steps.map(([step, wh]) => [q + step * 900_000, wh]))

  test('are the mean of the nearest on both sides, each within an hour', () => {
    expect(estimatedWh(known([-1, 10], [1, 21], [2, 99]), q)).toBe(15.5)
    expect(estimatedWh(known([-4, 10], [4, 20]), q)).toBe(15)
    expect(estimatedWh(known([-5, 10], [1, 20]), q)).toBeNull()
    expect(estimatedWh(known([-1, 10]), q)).toBeNull()
  })
})
