import { expect, test } from 'vitest'
import { reliabilityOf } from './reliability-rules.ts'

test('D12 reliability is delivered over instructed energy, so a small instruction counts for little', () => {
  // 10,000 Wh delivered whole, 1,000 Wh not at all: 10,000 ÷ 11,000.
  const events = [
    { instructedW: 40_000, deliveryRatio: 1 },
    { instructedW: 4_000, deliveryRatio: 0 },
  ]
  expect(reliabilityOf(events)).toEqual({ instructedWh: 11_000, deliveredWh: 10_000, ratio: 0.9091 })
})

test('D12 without a settled instruction there is none', () => {
  expect(reliabilityOf([])).toEqual({ instructedWh: 0, deliveredWh: 0, ratio: null })
})
