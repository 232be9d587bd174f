import { LocalDate } from '@js-joda/core'
import { describe, expect, test } from 'vitest'
import type { BaselineMethod } from '../../../../schemas/settlement/baselines.ts'
import type { BaselineComparison, StatementLine } from '../../../../schemas/settlement/statements.ts'
import { sumGbp } from '../../../../schemas/vocabulary/money.ts'
import { periodStarts } from '../../../../schemas/vocabulary/time.ts'
import { baselineInWords, baselineSeries, chosenOf, dayEnergy, moreThanInForce } from './baselines.ts'
import { byUnit } from './by-unit.ts'
import { isUnpaid, schemeInWords } from './words.ts'

const scheme = { name: 'grace-and-multiplier' as const, graceRatio: 0.95, slope: 3, floorRatio: 0.63 }
const lines = [
  ['Islington depot', '0.10'],
  ['Mount Pleasant depot', '0.45'],
  ['Islington depot', '0.11'],
  ['Mount Pleasant depot', '0.46'],
].map(([fuName = '', amountGbp = '']) => ({
  fuId: fuName,
  fuName,
  instructedW: 38_000,
  deliveredWh: 9_000,
  amountGbp,
  flags: [],
})) as unknown as StatementLine[]

/** A day with a turn-down from 17:00 to 19:00 that is over until 17:45, by five methods. */
function comparison(): BaselineComparison {
  const starts = periodStarts(LocalDate.parse('2026-01-15'), 'PT15M')
  const methodOf = (method: BaselineMethod, amountGbp: string, inDayAdjustment = false) => ({
    method,
    inDayAdjustment,
    isInForce: method === 'recent-history',
    amountGbp,
    isOutturn: false,
    days: [],
    energyWh: starts.map(() => 20_000),
    deliveredWh: 24_000,
  })
  return {
    fuId: 'fu',
    tradingDay: '2026-01-15',
    contracts: [],
    periods: starts.map((from, i) => ({
      from: from.toString(),
      to: from.plusSeconds(900).toString(),
      meteredWh: i < 71 ? 15_000 : null,
      instructedW: i >= 68 && i < 76 ? 38_000 : null,
    })),
    methods: [
      methodOf('recent-history', '4.20'),
      methodOf('mid-8-in-10', '4.05'),
      methodOf('bl01', '4.31'),
      methodOf('bl01', '4.40', true),
      methodOf('nominated', '3.10'),
    ],
  }
}
const nbsp = (text: string) => text.replaceAll('\u00a0', ' ')

describe('sums by FU', () => {
  test('are the largest first and add up to the statement', () => {
    const units = byUnit(lines)
    expect(units[0]?.fuName).toBe('Mount Pleasant depot')
    expect(sumGbp(units.map((unit) => unit.amountGbp))).toBe(sumGbp(lines.map((line) => line.amountGbp)))
    expect(units.map((unit) => [unit.lines, unit.amountGbp])).toEqual([
      [2, '0.91'],
      [2, '0.21'],
    ])
  })
  test('count a line as unpaid for want of data, not for being estimated or capped', () => {
    expect(isUnpaid({ flags: ['no-meter-data'] })).toBe(true)
    expect(isUnpaid({ flags: ['estimated-meter-data', 'profile-limit', 'few-days'] })).toBe(false)
  })
})

describe('a payment scheme', () => {
  test('is said in words, whichever it is', () => {
    expect(schemeInWords(scheme)).toBe(
      'full pay from a delivery ratio of 0.95; 3 points less for each point below; nothing at 0.63',
    )
    expect(schemeInWords({ name: 'sliding-scale', fromRatio: 0.5, toRatio: 1 })).toContain('straight between')
    expect(schemeInWords({ name: 'usef', penaltyGbpPerMwh: '200.00' })).toContain('less £200.00 per MWh')
  })
})

describe('baselines side by side', () => {
  const day = comparison()
  const [own, , , adjusted] = day.methods
  test('draw what was metered, the chosen method with what was asked below it, and the others thin behind', () => {
    const series = baselineSeries(day, own)
    expect(series.map((line) => [line.label, line.width]).slice(0, 4)).toEqual([
      ['Metered', 1.6],
      ['Baseline: recent history', 1.8],
      ['Baseline less turn-down instructed', 1.8],
      ['Baseline: mid 8 in 10', 1],
    ])
    // 10 kWh in a quarter-hour are 40 kW, of which 38 kW were to be turned down.
    const one = { ...day, periods: day.periods.map((period) => ({ ...period, meteredWh: 10_000 })) }
    expect(baselineSeries(one, own)[0]?.points[0]?.y).toBe(40)
    expect(series[2]?.points[68]?.y).toBeCloseTo(((own?.energyWh[68] ?? 0) * 4) / 1_000 - 38)
  })
  test('begin with the contract’s method, and tell what each pays beside it', () => {
    expect(chosenOf(day, undefined)).toBe(own)
    expect(chosenOf(day, 'bl01-adjusted')).toBe(adjusted)
    expect(own && moreThanInForce(day, own)).toBeNull()
    expect(adjusted && moreThanInForce(day, adjusted)).toBe('0.20')
  })
  test('are told in a line, also when there is none', () => {
    expect(nbsp(baselineInWords(day, own))).toMatch(
      /^Baseline of [\d.,]+ MWh by recent history; metered [\d.,]+ MWh; pays £4\.20\.$/,
    )
    expect(baselineInWords(day, undefined)).toBe('This method has too few comparable days for a baseline.')
    expect(dayEnergy([null])).toBeNull()
  })
})
