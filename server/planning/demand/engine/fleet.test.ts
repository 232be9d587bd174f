import { Instant } from '@js-joda/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { errorAgainst, estimateFleet, type FleetTerms, type FleetTrip } from './fleet.ts'
import { monthsOf } from './months.ts'

const at = (text: string) => Instant.parse(text).toEpochMilli()
const terms: FleetTerms = {
  usableKwh: 40,
  kwhPerKm: 0.25,
  winterFactor: 1.2,
  depotKw: 10,
  homeKw: 5,
  leastStopMinutes: 30,
  chargerEfficiency: 0.9,
}
const trip = (start: string, end: string, km: number, endsAt: FleetTrip['endsAt'], routeType = 'urban'): FleetTrip => ({
  vehicle: 'v',
  routeType,
  startMs: at(start),
  endMs: at(end),
  km,
  endsAt,
})

test('a fleet charges at its depots and homes what its journeys take, by season and route type', () => {
  const found = estimateFleet(
    [
      trip('2026-01-14T08:00:00Z', '2026-01-14T10:00:00Z', 40, 'other'),
      trip('2026-01-14T12:00:00Z', '2026-01-14T14:00:00Z', 40, 'depot'),
      trip('2026-01-14T14:20:00Z', '2026-01-14T16:00:00Z', 20, 'depot', 'rural'),
      trip('2026-01-14T17:00:00Z', '2026-01-14T18:00:00Z', 10, 'home'),
    ],
    terms,
  )
  // By hand: 12 and 12 kWh; 20 min at the depot are too short; 6 kWh more, then 10 kW for an hour of the 30 missing; 3 kWh home, 23 at 5 kW.
  expect(found.events).toEqual([
    { area: 'depot', startMs: at('2026-01-14T16:00:00Z'), kw: 10, kwh: 10 },
    { area: 'home', startMs: at('2026-01-14T18:00:00Z'), kw: 5, kwh: 23 },
  ])
  expect(found).toMatchObject({ drivenKwh: 33, unmetKwh: 0, missingKwh: 0 })
  expect(found.routes).toEqual([
    {
      routeType: 'rural',
      season: 'winter',
      vehicleDays: 1,
      kmPerDay: 20,
      kwhPerDay: 6,
      longestDayKm: 20,
      daysBeyondRange: 0,
    },
    {
      routeType: 'urban',
      season: 'winter',
      vehicleDays: 1,
      kmPerDay: 90,
      kwhPerDay: 27,
      longestDayKm: 90,
      daysBeyondRange: 0,
    },
  ])
})

test('a day that one battery does not cover is named, and summer takes less', () => {
  const summer = trip('2026-07-14T08:00:00Z', '2026-07-14T16:00:00Z', 150, 'depot')
  expect(estimateFleet([summer], terms)).toMatchObject({
    unmetKwh: 0,
    routes: [{ season: 'summer', kwhPerDay: 37.5, daysBeyondRange: 0 }],
  })
  const winter = trip('2026-01-14T08:00:00Z', '2026-01-14T16:00:00Z', 150, 'depot')
  expect(estimateFleet([winter], terms)).toMatchObject({
    unmetKwh: 5,
    routes: [{ season: 'winter', kwhPerDay: 45, daysBeyondRange: 1 }],
  })
})

test('energy is neither made nor lost in a fleet', () => {
  const legs = fc.array(
    fc.record({ gapMin: fc.nat(900), km: fc.nat(200), endsAt: fc.constantFrom('depot', 'home', 'other') }),
    { minLength: 1, maxLength: 30 },
  )
  fc.assert(
    fc.property(legs, (given) => {
      let clock = at('2026-03-20T00:00:00Z')
      const trips = given.map(({ gapMin, km, endsAt }): FleetTrip => {
        const startMs = clock + gapMin * 60_000
        clock = startMs + km * 60_000
        return { vehicle: 'v', routeType: 'urban', startMs, endMs: clock, km, endsAt: endsAt as FleetTrip['endsAt'] }
      })
      const { events, drivenKwh, unmetKwh, missingKwh } = estimateFleet(trips, terms)
      const charged = events.reduce((sum, { kwh }) => sum + kwh, 0)
      expect(charged + unmetKwh + missingKwh).toBeCloseTo(drivenKwh, 6)
    }),
  )
})

test('an estimate is held against the half-hours that a depot was measured in', () => {
  const estimated = new Map([
    [0, 1_000],
    [1_800_000, 500],
  ])
  const measured = new Map([
    [0, 1_500],
    [1_800_000, 1_500],
    [3_600_000, 200],
  ])
  // By hand: |2,000 − 1,500|, |1,000 − 1,500| and |0 − 200|.
  expect(errorAgainst(estimated, measured, { fromMs: 0, toMs: 5_400_000 })).toEqual({
    halfHours: 3,
    estimatedKwh: 1.5,
    measuredKwh: 1.6,
    maeW: 400,
  })
  expect(errorAgainst(estimated, measured, { fromMs: 9e9, toMs: 9e9 + 1 })).toBeNull()
})

test('months of London time show how many trips there were, how long, and what was charged', () => {
  const trips = [
    { vehicle: 'v', from: 'a', to: 'b', startMs: at('2026-03-31T22:30:00Z'), endMs: at('2026-03-31T22:40:00Z'), km: 4 },
    { vehicle: 'v', from: 'a', to: 'b', startMs: at('2026-03-31T23:30:00Z'), endMs: at('2026-03-31T23:40:00Z'), km: 6 },
  ]
  const charge = { vehicle: 'v', startMs: at('2026-04-01T10:00:00Z'), kw: 7, kwh: 9, area: 'a', place: 'home' as const }
  expect(monthsOf(trips, [charge])).toEqual([
    { month: '2026-03', trips: 1, meanKm: 4, charges: 0, chargedKwh: 0 },
    { month: '2026-04', trips: 1, meanKm: 6, charges: 1, chargedKwh: 9 },
  ])
})
