import { expect, test } from 'vitest'
import { licenceFaults, licenceOf } from './licences.ts'
import { billOfMaterials } from './sbom.ts'

const shipped = { name: 'thing', version: '1.0.0' }
const tool = { ...shipped, properties: [{ name: 'cdx:npm:package:development', value: 'true' }] }

test('a licence that reaches beyond its own files is refused, and one that nothing states', () => {
  const faultOf = (licences: object[], base = shipped) => licenceFaults([{ ...base, licenses: licences }])
  expect(faultOf([{ license: { id: 'MIT' } }])).toEqual([])
  expect(faultOf([{ expression: 'GPL-3.0-only OR MIT' }])).toEqual([])
  expect(faultOf([{ license: { id: 'GPL-3.0-only' } }])).toEqual([
    'thing 1.0.0 has the licence GPL-3.0-only, which is not accepted here',
  ])
  expect(faultOf([{ expression: '(MIT AND AGPL-3.0-only)' }])).toHaveLength(1)
  expect(faultOf([{ license: { name: 'Our own words' } }])).toHaveLength(1)
  expect(faultOf([])).toEqual(['thing 1.0.0 states no licence: read its files, and add it to tools/licences.ts'])
})

test('a tool that is not shipped may have the Mozilla licence, a part of the product may not', () => {
  const licenses = [{ license: { id: 'MPL-2.0' } }]
  expect(licenceFaults([{ ...tool, licenses }])).toEqual([])
  expect(licenceFaults([{ ...shipped, licenses }])).toHaveLength(1)
})

test('the bill of materials names this product and every package with version, hash and licence', () => {
  const bill = billOfMaterials()
  expect(bill.metadata.component.name).toBe('ringmain')
  const hono = bill.components.find(({ name }) => name === 'hono')
  expect(hono).toMatchObject({ version: expect.stringMatching(/^\d+\.\d+\.\d+$/), hashes: [{ alg: 'SHA-512' }] })
  expect(hono && licenceOf(hono)).toBe('MIT')
  expect(licenceFaults(bill.components)).toEqual([])
})
