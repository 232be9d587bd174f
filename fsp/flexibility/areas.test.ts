import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { createLog } from '../../platform/log/index.ts'
import { LicenceAreas } from './areas.ts'
import type { DnoApi } from './dno.ts'

const noon = Instant.parse('2026-04-06T12:00:00Z')

/** What the DNO says of its licence areas; `null`: it does not answer. */
function areasOf(answers: (readonly [code: string, country: 'ENG' | 'SCT'][] | null)[]) {
  let asked = 0
  const call = () => {
    const answer = answers[asked++]
    const areas = answer?.map(([code, country]) => ({ code, country }))
    return Promise.resolve(
      areas ? { ok: true, value: [{ areas }] } : { ok: false, failure: { status: 503, title: 'no', detail: 'no' } },
    )
  }
  const dno = { call } as unknown as Pick<DnoApi, 'call'>
  return { areas: new LicenceAreas({ log: createLog('test', 'silent') }, dno), asked: () => asked }
}

test('a site keeps the bank holidays of its licence area’s country, and England’s where that is unknown', async () => {
  const { areas } = areasOf([
    [
      ['SPD', 'SCT'],
      ['LPN', 'ENG'],
    ],
  ])
  expect(areas.countryIn('SPD')).toBe('ENG')
  await areas.refresh(noon)
  expect([areas.countryIn('SPD'), areas.countryIn('LPN'), areas.countryIn(null)]).toEqual(['SCT', 'ENG', 'ENG'])
})

test('the DNO is asked once a day, again where it did not answer, and what was known stays', async () => {
  const { areas, asked } = areasOf([null, [['SPD', 'SCT']], null])
  await areas.refresh(noon)
  await areas.refresh(noon.plusSeconds(120))
  expect([asked(), areas.countryIn('SPD')]).toEqual([2, 'SCT'])
  await areas.refresh(noon.plusSeconds(3_600))
  expect(asked()).toBe(2)
  await areas.refresh(noon.plusSeconds(2 * 86_400))
  expect([asked(), areas.countryIn('SPD')]).toEqual([3, 'SCT'])
})
