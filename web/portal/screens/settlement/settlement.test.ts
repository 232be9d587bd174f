import { describe, expect, test } from 'vitest'
import { sumGbp } from '../../../../schemas/vocabulary/money.ts'
import { statement } from '../../../test/support/fixtures.ts'
import { comparisonOf } from '../../../test/support/settlement-fixtures.ts'
import { baselineInWords, baselineSeries, chosenOf, dayEnergy, moreThanInForce } from './baselines.ts'
import { byUnit } from './by-unit.ts'
import { isUnpaid, schemeInWords } from './words.ts'

const given = statement()
const nbsp = (text: string) => text.replaceAll('\u00a0', ' ')

describe('sums by FU', () => {
  test('are the largest first and add up to the statement', () => {
    const units = byUnit(given.lines)
    expect(units[0]?.fuName).toBe('Mount Pleasant depot')
    expect(sumGbp(units.map((unit) => unit.amountGbp))).toBe(given.totalGbp)
    expect(units.reduce((lines, unit) => lines + unit.lines, 0)).toBe(given.lines.length)
  })
  test('count a line as unpaid for want of data, not for being estimated or capped', () => {
    expect(isUnpaid({ flags: ['no-meter-data'] })).toBe(true)
    expect(isUnpaid({ flags: ['estimated-meter-data', 'profile-limit', 'few-days'] })).toBe(false)
  })
})

describe('a payment scheme', () => {
  test('is said in words, whichever it is', () => {
    expect(schemeInWords(given.scheme)).toBe(
      'full pay from a delivery ratio of 0.95; 3 points less for each point below; nothing at 0.63',
    )
    expect(schemeInWords({ name: 'sliding-scale', fromRatio: 0.5, toRatio: 1 })).toContain('straight between')
    expect(schemeInWords({ name: 'usef', penaltyGbpPerMwh: '200.00' })).toContain('less £200.00 per MWh')
  })
})

describe('baselines side by side', () => {
  const day = comparisonOf('any', '2026-01-15')
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
