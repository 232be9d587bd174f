import { describe, expect, test } from 'vitest'
import { findIn, searchIndex } from './search-index.ts'

const sites = [
  { name: 'Islington', mpans: ['1200000112345'] },
  { name: 'Dartford', mpans: ['1200000328183'] },
  { name: 'Victoria', mpans: ['1200000975697'] },
]
type Lists = Required<Parameters<typeof searchIndex>[0]>

/** All that the index reads of each. */
const index = searchIndex({
  connections: sites.map((site) => ({ ...site, connectionId: site.name, nodeName: `${site.name} 415 V` })),
  hubs: sites.map(({ name }) => ({ hubId: name, name: `${name} LV monitor` })),
  units: sites.map(({ name }) => ({ fuId: name, name: `${name} depot` })),
  fsps: [{ fspId: 'depot-flex', companyName: 'Depot Flex Ltd', contactName: 'Fay Fleet' }],
} as unknown as Lists)
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
