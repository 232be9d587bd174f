import { expect, test } from 'vitest'
import type { ChoicePeriod } from '../../../schemas/dispatch/choices.ts'
import { choiceSpans } from './choice-spans.ts'

const at = (time: string) => `2026-01-15T${time}:00Z`
const period = (time: string, change: Partial<ChoicePeriod> = {}): ChoicePeriod => ({
  from: at(time),
  direction: 'turn-down',
  offeredW: 20_000,
  chosenW: 5_000,
  priceGbpPerMwh: '225.00',
  because: 'price',
  marginalPriceGbpPerMwh: null,
  ...change,
})
const times = (periods: readonly ChoicePeriod[]) =>
  choiceSpans(periods).map(({ fromMs, toMs }) => [fromMs, toMs].map((ms) => new Date(ms).toISOString().slice(11, 16)))

test('neighbours that agree are one span, whatever their order; a gap or another reason ends it', () => {
  expect(times([period('17:15'), period('17:00'), period('17:45')])).toEqual([
    ['17:00', '17:30'],
    ['17:45', '18:00'],
  ])
  for (const change of [{ chosenW: 0 }, { because: null }, { priceGbpPerMwh: null }, { marginalPriceGbpPerMwh: 90 }])
    expect(times([period('17:00'), period('17:15', change)])).toHaveLength(2)
})
