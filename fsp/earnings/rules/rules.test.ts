import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Statement } from '../../../schemas/settlement/statements.ts'
import { statementEarnings } from './statement-earnings.ts'
import { tariffSavingPence } from './tariff-saving.ts'

const hour = 3_600_000

describe('what a tariff saved', () => {
  /** Four hours at 40 p, then cheap at 10 p. */
  const penceAt = (ms: number) => (ms < 4 * hour ? 40 : 10)
  const charge = { fromMs: 0, toMs: 12 * hour, energyWh: 14_000, mostW: 7_000 }

  test('a van that comes in the dear hours and is charged in the cheap ones saves the difference', () => {
    // At once: 14 kWh at 40 p. At night: 14 kWh at 10 p. Saved: 14 · 30 p.
    expect(tariffSavingPence([charge], new Map([[6 * hour, 14_000]]), penceAt)).toBeCloseTo(420, 6)
    // Half of it was charged in the dear hours after all.
    const both = new Map([
      [hour, 7_000],
      [6 * hour, 7_000],
    ])
    expect(tariffSavingPence([charge], both, penceAt)).toBeCloseTo(210, 6)
  })

  test('as soon as it comes saves nothing, and waiting for a dearer hour costs', () => {
    expect(tariffSavingPence([charge], new Map([[0, 14_000]]), penceAt)).toBeCloseTo(0, 6)
    const late = { ...charge, fromMs: 4 * hour }
    expect(tariffSavingPence([late], new Map([[0, 14_000]]), penceAt)).toBeCloseTo(-420, 6)
    expect(tariffSavingPence([], new Map([[0, 14_000]]), penceAt)).toBe(0)
  })

  test('one price at all times saves nothing, whenever it is charged', () => {
    const quarters = fc.array(fc.tuple(fc.integer({ min: 0, max: 47 }), fc.integer({ min: 0, max: 5_000 })), {
      minLength: 1,
      maxLength: 10,
    })
    fc.assert(
      fc.property(quarters, (all) => {
        const charged = new Map(all.map(([quarter, wh]) => [(quarter * hour) / 4, wh]))
        expect(tariffSavingPence([charge], charged, () => 25)).toBeCloseTo(0, 6)
      }),
    )
  })
})

describe('what the DNO paid', () => {
  const line = (from: string, given: object) => ({
    contractId: 'c',
    fuId: 'fu',
    fuName: 'Yard',
    from,
    availabilityGbp: '1.005',
    utilisationGbp: '2.004',
    amountGbp: '3.01',
    instructedWh: 5_000,
    deliveredWh: 4_000,
    ...given,
  })
  const statement = (delta: number, lines: object[], change: object = {}) =>
    ({ product: 'A', number: `A-${delta}`, state: 'issued', delta, lines, ...change }) as unknown as Statement

  test('lines of a unit and product add up exactly, and a delta adds its difference without counting energy twice', () => {
    const first = statement(0, [line('17:00', {}), line('17:15', {})])
    const delta = statement(1, [line('17:15', { deliveredWh: 5_000, utilisationGbp: '2.505', amountGbp: '0.50' })])
    // 1.005 + 1.005 = 2.01; 2.004 + 2.505 = 4.509; 3.01 + 3.01 + 0.50.
    expect(statementEarnings([delta, first], () => 'yard')).toEqual([
      {
        source: 'dno',
        depotId: 'yard',
        name: 'Yard',
        product: 'A',
        fuId: 'fu',
        availabilityGbp: '2.01',
        utilisationGbp: '4.51',
        amountGbp: '6.52',
        instructedWh: 10_000,
        deliveredWh: 9_000,
        statements: [
          { number: 'A-0', state: 'issued' },
          { number: 'A-1', state: 'issued' },
        ],
        isFinal: true,
      },
    ])
  })

  test('products stand apart, a draft is not final, and another’s unit is left out', () => {
    const draft = statement(0, [line('14:00', {})], { product: 'C', number: 'C-0', state: 'draft' })
    const both = statementEarnings([statement(0, [line('17:00', {})]), draft], () => 'yard')
    expect(both.map(({ product, isFinal }) => [product, isFinal])).toEqual([
      ['A', true],
      ['C', false],
    ])
    expect(statementEarnings([draft], () => null)).toEqual([])
  })
})
