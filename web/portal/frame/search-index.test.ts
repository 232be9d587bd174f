import { describe, expect, test } from 'vitest'
import { connections, flexibleUnits, fsps, hubs } from '../../test/support/fixtures.ts'
import { findIn, searchIndex } from './search-index.ts'

const index = searchIndex({ connections: connections(), hubs: hubs(), units: flexibleUnits(), fsps: fsps() })
const names = (text: string) => findIn(index, text).map(({ kind, name }) => `${kind} ${name}`)

describe('the search', () => {
  test('finds a site by part of its MPAN', () => {
    expect(names('328183')).toEqual(['Site Dartford'])
  })
  test('finds every kind by name, whatever the case and order of words', () => {
    expect(names('dartford')).toEqual(['Site Dartford', 'Hub Dartford LV monitor', 'FU Dartford depot'])
    expect(names('flex DEPOT fsp')).toEqual(['FSP Depot Flex Ltd'])
  })
  test('puts names that begin with the text first', () => {
    expect(names('depot')[0]).toBe('FSP Depot Flex Ltd')
  })
  test('finds nothing for what is not there', () => {
    expect(names('zzz')).toEqual([])
  })
})
