import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newProduct, type ProductSettings } from '../../../../../schemas/market/products.ts'
import { baselineMethod } from '../../../../../schemas/settlement/baselines.ts'
import { priceRule } from '../../../../../schemas/settlement/statements.ts'
import { type ProductDraft, productDraft, readProduct } from './draft.ts'

const { settings: example } = newProduct.parse(newProduct.meta()?.['example'])

const percentage = fc.integer({ min: 0, max: 99 })
const scheme: fc.Arbitrary<ProductSettings['paymentScheme']> = fc.oneof(
  fc.record({
    name: fc.constant('grace-and-multiplier' as const),
    graceRatio: percentage.map((n) => n / 100),
    slope: fc.integer({ min: 0, max: 100 }),
    floorRatio: percentage.map((n) => n / 100),
  }),
  percentage.map((n) => ({ name: 'sliding-scale' as const, fromRatio: n / 100, toRatio: 1 })),
  fc.constant({ name: 'usef' as const, penaltyGbpPerMwh: '12.50' }),
)
const settings: fc.Arbitrary<ProductSettings> = fc.record({
  name: fc.stringMatching(/^[A-Z][a-z]{2,20}$/),
  paysAvailability: fc.boolean(),
  paysUtilisation: fc.constant(true),
  priceRule: fc.constantFrom(...priceRule.options),
  paymentScheme: scheme,
  baselineMethods: fc
    .shuffledSubarray([...baselineMethod.options], { minLength: 1 })
    .filter(([first]) => first !== 'fixed-reference'),
  noticeMinutes: fc.integer({ min: 0, max: 10_080 }),
})

test('a form gives back the rules that it was filled in with', () => {
  fc.assert(
    fc.property(settings, (given) => {
      expect(readProduct(productDraft(given)).settings).toEqual(given)
    }),
  )
})

test.each([
  ['a name of two letters', { name: 'PR' }, 'name', /3 to 100 characters/],
  ['no notice', { noticeMinutes: '' }, 'noticeMinutes', /whole minutes/],
  ['half a minute', { noticeMinutes: '1.5' }, 'noticeMinutes', /whole minutes/],
  ['nothing that is paid', { paysUtilisation: false }, 'paysUtilisation', /has to pay utilisation/],
  ['a fixed reference as the usual method', { usualMethod: 'fixed-reference' }, 'baselineMethods', /choose another/],
  ['a share over 100 %', { gracePercent: '120' }, 'gracePercent', /from 0 to 100/],
] as [string, Partial<ProductDraft>, string, RegExp][])('%s is refused at its field', (_, change, field, words) => {
  const { settings: read, faults } = readProduct({ ...productDraft(example), ...change })
  expect(read).toBeNull()
  expect([...faults]).toEqual([[field, expect.stringMatching(words)]])
})
