import { Instant, LocalDate } from '@js-joda/core'
import { describe, expect, test } from 'vitest'
import { intervalsWanted, type UnitSituation, wanted } from './wanted.ts'

const day = LocalDate.parse('2026-01-15')
const at = (time: string) => Instant.parse(`${day}T${time}:00Z`)
const five = at('17:00')

const term = {
  validFrom: LocalDate.parse('2026-01-01'),
  validTo: LocalDate.parse('2026-03-31'),
  windows: [{ weekdays: ['thursday' as const], from: '17:00', to: '19:00' }],
}
const asks = (turnDownW: number | null) => ({
  resolution: 'PT15M' as const,
  values: Array.from({ length: 96 }, (_, i) => (i === 68 ? turnDownW : null)),
})
const unit: UnitSituation = {
  contracts: [{ term, direction: 'turn-down', turnDownW: 40_000 }],
  schedule: asks(30_000),
  isStopped: false,
  service: [],
}
const direction = 'turn-down' as const
const released = [{ term: { ...term, releasedDays: [day.toString()] }, direction, turnDownW: 40_000 }]
const up = [{ term, direction: 'turn-up' as const, turnDownW: 40_000 }]
const declared = (...given: [string, boolean][]) =>
  given.map(([from, inService]) => ({ effectiveFrom: at(from), inService }))

/** What is so of the FU, and what is wanted of it from 17:00. */
const table: [string, Partial<UnitSituation>, number | string][] = [
  ['all is well', {}, 30_000],
  ['the schedule asks for the end of a turn-down', { schedule: asks(0) }, 0],
  ['the schedule asks for more than is contracted', { schedule: asks(50_000) }, 40_000],
  ['the schedule asks for turn-up under a contract for turn-down', { schedule: asks(-30_000) }, 'not-contracted'],
  ['the contract is for turn-up', { contracts: up, schedule: asks(-30_000) }, -30_000],
  ['the schedule asks for more turn-up than is contracted', { contracts: up, schedule: asks(-50_000) }, -40_000],
  ['the schedule asks for turn-down under a contract for turn-up', { contracts: up }, 'not-contracted'],
  ['the schedule asks for the end of a turn-up', { contracts: up, schedule: asks(0) }, 0],
  ['the schedule asks for nothing', { schedule: asks(null) }, 'not-asked'],
  ['no schedule is selected', { schedule: null }, 'no-schedule'],
  ['there is no contract', { contracts: [] }, 'not-contracted'],
  ['the day was given back', { contracts: released }, 'released'],
  ['an emergency stop covers it', { isStopped: true }, 'stopped'],
  ['it is out of service from then on', { service: declared(['17:00', false]) }, 'out-of-service'],
  ['it goes out of service later', { service: declared(['17:15', false]) }, 30_000],
  ['it was out of service before', { service: declared(['12:00', false], ['17:00', true]) }, 30_000],
  [
    'it was declared out after it was declared in',
    { service: declared(['12:00', true], ['12:00', false]) },
    'out-of-service',
  ],
  ['it is stopped and out of service', { isStopped: true, service: declared(['12:00', false]) }, 'stopped'],
]

describe('of an FU', () => {
  test.each(table)('of which %s', (_, change, expected) => {
    const [period] = wanted({ ...unit, ...change }, [five])
    expect(period?.turnDownW ?? (period && 'because' in period ? period.because : null)).toBe(expected)
  })
})

test('outside the contracted windows nothing is wanted', () => {
  expect(wanted(unit, [at('16:45'), at('19:00')]).map((p) => 'because' in p && p.because)).toEqual([
    'not-contracted',
    'not-contracted',
  ])
})

test('what is wanted becomes intervals of a quarter-hour; 0 W is wanted, nothing is not', () => {
  const periods = wanted({ ...unit, schedule: asks(0) }, [five, at('17:15')])
  expect(intervalsWanted(periods)).toEqual([{ from: five, to: at('17:15'), turnDownW: 0 }])
})
