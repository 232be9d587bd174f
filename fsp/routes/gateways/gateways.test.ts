import { expect, test } from 'vitest'
import { gatewaysFor } from './gateways.ts'

const unit = { depotId: 'yard', backOffice: 'e.connect', identity: 'yard-01' }

test('I4 a site’s charge points are split evenly between its two controllers, and each has the other behind its own', () => {
  const of = (n: number) =>
    gatewaysFor({ ...unit, route: 'site-controller', identity: `yard-${String(n).padStart(2, '0')}` })
  expect(of(1)).toEqual(['yard-cpc-2', 'yard-cpc-1'])
  expect(of(2)).toEqual(['yard-cpc-1', 'yard-cpc-2'])
  const firsts = Array.from({ length: 26 }, (_, i) => of(i + 1)[0])
  expect(firsts.filter((each) => each === 'yard-cpc-1')).toHaveLength(13)
})

test('I3 a charge point over the air has its back office, one that is connected to us has none', () => {
  expect(gatewaysFor({ ...unit, route: 'over-the-air' })).toEqual(['office-e-connect'])
  expect(gatewaysFor({ ...unit, route: 'over-the-air', backOffice: null })).toEqual([])
  expect(gatewaysFor({ ...unit, route: 'direct' })).toEqual([])
})
