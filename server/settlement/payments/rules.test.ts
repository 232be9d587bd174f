import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PaymentScheme } from '../../../schemas/settlement/statements.ts'
import { Money } from '../../../schemas/vocabulary/money.ts'
import {
  defaultScheme,
  estimatedWh,
  type PeriodInputs,
  performanceFactor,
  scheduleAccuracy,
  settlePeriod,
} from './index.ts'

const factor = (ratio: number, scheme: PaymentScheme = defaultScheme) =>
  performanceFactor(scheme, new Money(ratio)).toNumber()

const given: PeriodInputs = {
  contractedW: 40_000,
  instructedW: 40_000,
  baselineWh: 12_000,
  meteredWh: 2_000,
  inService: true,
  limitWh: null,
  accuracyFactor: 1,
  availability: '10.00',
  utilisation: '100.00',
}
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
    expect(settle({ instructedW: null, availability: '12.50' })[0]).toBe('0.12')
    expect(settle({ instructedW: null, availability: '13.50' })[0]).toBe('0.14')
  })

  test('without an instruction, or with 0 W, availability is paid and nothing is judged', () => {
    for (const instructedW of [null, 0])
      expect(settle({ instructedW, meteredWh: null, baselineWh: null })).toEqual(['0.10', 0, null, 1, []])
  })

  test('FM20 out of service, without meter data or without baseline it is unpaid and says why', () => {
    expect(settle({ inService: false })).toEqual(['0.00', 0, null, 0, ['out-of-service']])
    expect(settle({ meteredWh: null })).toEqual(['0.00', 0, null, 0, ['no-meter-data']])
    expect(settle({ baselineWh: null })).toEqual(['0.00', 0, null, 0, ['no-baseline']])
    expect(settle({ baselineWh: null, meteredWh: null })[4]).toEqual(['no-meter-data', 'no-baseline'])
  })

  test('turn-down that an agreed limit required anyway is not paid', () => {
    expect(settle({ limitWh: 10_000 })).toEqual(['0.50', 8_000, 0.8, 0.55, ['profile-limit']])
    expect(settle({ limitWh: 12_000 })).toEqual(['1.10', 10_000, 1, 1, []])
    expect(settle({ limitWh: 10_000, instructedW: null })[4]).toEqual([])
  })

  test('USEF: baseline 10, order 2, prices 7 and 11 settle allocations 7 to 11 at 14, 14, −4, −22, −33', () => {
    const scheme = { name: 'usef' as const, penaltyGbpPerMwh: '11' }
    const inMwh = { baselineWh: 10e6, instructedW: 8e6, contractedW: 8e6, availability: '0', utilisation: '7' }
    const of = (allocation: number) => Number(settle({ ...inMwh, meteredWh: allocation * 1e6 }, scheme)[0])
    expect([7, 8, 9, 10, 11].map(of)).toEqual([14, 14, -4, -22, -33])
    expect(settle({ ...inMwh, meteredWh: null }, scheme)[0]).toBe('0.00')
  })
})

describe('schedule accuracy', () => {
  test('is 1 − the mean of |actual − forecast| ÷ actual; periods without load do not count', () => {
    const of = (...pairs: [number, number][]) =>
      scheduleAccuracy(pairs.map(([actualWh, forecastWh]) => ({ actualWh, forecastWh })))?.toNumber() ?? null
    expect(of([100, 90], [200, 220])).toBe(0.9)
    expect(of([100, 100], [0.5, 500])).toBe(1)
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
