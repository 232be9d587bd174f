import { expect, test } from 'vitest'
import { newTender } from './tenders.ts'

type Window = { weekdays: string[]; from: string; to: string; requiredW?: number }

/** The messages for a tender of these windows, each with the place it points at. */
function faultsOf(...windows: Window[]): string[] {
  const { error } = newTender.safeParse({
    title: 'Evenings',
    product: 'A',
    zoneNodeId: 'gsp',
    validFrom: '2026-03-01',
    validTo: '2026-06-30',
    windows: windows.map((window) => ({ requiredW: 10_000, ...window })),
    ceilingAvailabilityGbpPerMwH: '10.00',
    ceilingUtilisationGbpPerMwh: '100',
    gateClosesAt: '2026-02-20T12:00:00Z',
  })
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')} ${message}`)
}

const evening = { weekdays: ['monday', 'tuesday'], from: '17:00', to: '19:00' }

test('windows that overlap or repeat on a weekday are refused, and the message names the earlier one', () => {
  expect(faultsOf(evening, { weekdays: ['tuesday'], from: '18:45', to: '20:00' })).toEqual([
    'windows.1 overlaps window 1 on tuesday',
  ])
  expect(faultsOf(evening, { weekdays: ['friday'], from: '17:00', to: '19:00' }, evening)).toEqual([
    'windows.2 overlaps window 1 on monday',
  ])
  expect(faultsOf({ ...evening, to: '24:00' }, { weekdays: ['monday'], from: '23:45', to: '24:00' })).toEqual([
    'windows.1 overlaps window 1 on monday',
  ])
  expect(faultsOf(evening, { ...evening, requiredW: 5_000 })).toEqual(['windows.1 overlaps window 1 on monday'])
})

test('a weekday that a window names twice is refused', () => {
  expect(faultsOf({ ...evening, weekdays: ['monday', 'monday'] })).toEqual(['windows.0.weekdays names a weekday twice'])
})

test('windows that only touch, or are on other weekdays, are taken', () => {
  const after = { weekdays: ['monday'], from: '19:00', to: '20:00' }
  const friday = { weekdays: ['friday'], from: '17:00', to: '19:00' }
  expect(faultsOf(evening, after, friday)).toEqual([])
})
