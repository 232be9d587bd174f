import { describe, expect, it } from 'vitest'
import { sumGbp } from '../../../../schemas/money.ts'
import { statement } from '../../../testing/fixtures.ts'
import { arithmeticOf } from './arithmetic.ts'
import { byUnit } from './by-unit.ts'

const given = statement()
const [first] = given.lines
if (!first) throw new Error('the fixture has no lines')

describe('a statement line', () => {
  it('redone from its inputs comes to the same amount, on every line', () => {
    expect(given.lines.length).toBeGreaterThan(500)
    expect(given.lines.filter((line) => arithmeticOf(line, given.scheme).amountGbp !== line.amountGbp)).toEqual([])
  })
  it('is paid by the worked example: 90 % delivered costs 15 % of pay', () => {
    const line = {
      ...first,
      ...{ contractedW: 40_000, instructedW: 40_000, baselineWh: 20_000, meteredWh: 11_000, deliveredWh: 9_000 },
      ...{ deliveryRatio: 0.9, availabilityGbpPerMwH: '10', utilisationGbpPerMwh: '300', flags: [] },
    }
    const { steps, amountGbp } = arithmeticOf(line, given.scheme)
    // availability £10 × 0.04 MW × ¼ h = £0.10; utilisation £300 × 0.009 MWh = £2.70; factor 1 − 3 × (0.95 − 0.9) = 0.85
    expect(amountGbp).toBe('2.38')
    expect(steps.map((s) => s.result)).toEqual([
      '10,000.0 Wh',
      '9,000.0 Wh',
      '9,000.0 Wh',
      '0.9',
      '0.85',
      '£0.10',
      '£2.70',
      '£2.38',
    ])
    expect(steps[4]?.formula).toBe('1 − 3 × (0.95 − 0.9)')
  })
  it('is unpaid and says so when data are missing', () => {
    const line = { ...first, instructedW: 40_000, meteredWh: null, deliveredWh: 0, flags: ['no-meter-data' as const] }
    const { steps, amountGbp } = arithmeticOf(line, given.scheme)
    expect(amountGbp).toBe('0.00')
    expect(steps[0]?.formula).toBe('cannot be told, see the flags')
  })
})

describe('sums by FU', () => {
  it('are the largest first and add up to the statement', () => {
    const units = byUnit(given.lines)
    expect(units[0]?.fuName).toBe('Mount Pleasant depot')
    expect(sumGbp(units.map((unit) => unit.amountGbp))).toBe(given.totalGbp)
    expect(units.reduce((lines, unit) => lines + unit.lines, 0)).toBe(given.lines.length)
  })
})
