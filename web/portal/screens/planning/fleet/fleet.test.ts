import { expect, test } from 'vitest'
import { firstFleetDraft, readFleetDraft } from './fleet-draft.ts'
import { dayRows, daySeries, errorInWords, type FleetEstimate, peakInWords, unmetInWords } from './fleet-words.ts'

const day = (place: 'depot' | 'home', kind: FleetEstimate['days'][number]['kind'], at: number, w: number) => ({
  place,
  kind,
  meanW: Array.from({ length: 48 }, (_, slot) => (slot === at ? w : 0)),
})

const estimate: FleetEstimate = {
  vehicles: 2,
  journeys: 2,
  drivenKwh: 95,
  unmetKwh: 0,
  routes: [],
  days: [
    day('depot', 'winter weekday', 35, 20_000),
    day('depot', 'summer weekend', 3, 5_000),
    day('home', 'winter weekday', 0, 0),
  ],
  error: null,
}

test('figures are read with their bounds, and efficiency as a share', () => {
  expect(readFleetDraft(firstFleetDraft).given).toMatchObject({ usableKwh: 60, chargerEfficiency: 0.9, columns: '' })
  expect(readFleetDraft({ ...firstFleetDraft, chargerEfficiency: '40', kwhPerKm: 'some' })).toMatchObject({
    given: null,
    faults: { chargerEfficiency: 'Enter a number from 50 to 100 (%).', kwhPerKm: expect.stringContaining('kWh/km') },
  })
})

test('a place has its greatest mean half-hour told, or that nothing is charged there', () => {
  expect(peakInWords(estimate, 'depot')).toBe(
    'The mean of the depot is greatest at 17:30 of a winter weekday: 20.0\u00a0kW.',
  )
  expect(peakInWords(estimate, 'home')).toBe('Nothing is charged at homes.')
})

test('the chart and the table have the same half-hours', () => {
  const [line] = daySeries(estimate, 'depot')
  const rows = dayRows(estimate, 'depot')
  expect(rows.map(({ kw }) => kw[0])).toEqual(line?.points.slice(0, 48).map(({ y }) => y))
  expect(rows[3]?.kw).toEqual([0, 5])
})

test('what is beyond the range is told with its days, and nothing where there is none', () => {
  expect(unmetInWords(estimate)).toBeNull()
  const routes = [
    {
      routeType: 'rural',
      season: 'winter' as const,
      vehicleDays: 1,
      kmPerDay: 300,
      kwhPerDay: 75,
      longestDayKm: 300,
      daysBeyondRange: 1,
    },
  ]
  expect(unmetInWords({ ...estimate, unmetKwh: 15, routes })).toMatch(
    /^15 of 95\u00a0kWh would be driven on an empty battery, on 1 day of a vehicle beyond the range/,
  )
})

test('an estimate is compared with the meter, or it is told that there is nothing to compare with', () => {
  expect(errorInWords(estimate)).toMatch(/^Nothing was measured/)
  const error = { halfHours: 96, estimatedKwh: 110, measuredKwh: 100, maeW: 2_500 }
  expect(errorInWords({ ...estimate, error })).toBe(
    'Over 96 half-hours that were measured the estimate is 110 and the meter 100\u00a0kWh (10.0\u00a0%); a half-hour is off by 2.5\u00a0kW on average.',
  )
})
