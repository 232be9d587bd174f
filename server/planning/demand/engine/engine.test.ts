import { Instant, LocalDate } from '@js-joda/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chargePointFaults, lookAlikes, TripChecks } from './checks.ts'
import { cells, dayKinds, demandOf, slots, typicalDays } from './demand.ts'
import { homeSpanOf, homesOf } from './homes.ts'
import { type Area, type ChargingEvent, type EvSpecification, type Trip, usualTripParameters } from './model.ts'
import { modelTrips } from './model-trips.ts'
import { roadsOf } from './roads.ts'
import { shiftsOf } from './shifts.ts'
import { syntheticTrips } from './synthetic.ts'
import { walk } from './walk.ts'

const at = (text: string) => Instant.parse(text).toEpochMilli()
const area = (code: string, eastingM: number, more: Partial<Area> = {}): Area => ({
  code,
  borough: 'Camden',
  eastingM,
  northingM: 180_000,
  isExcludedAsHome: false,
  offStreetShare: 1,
  ...more,
})
/** A middle of town where nobody lives, and homes 10 km to the east of it on the road. */
const areas = new Map(
  [area('middle', 530_000, { isExcludedAsHome: true }), area('home', 540_000, { offStreetShare: 1 })].map((each) => [
    each.code,
    each,
  ]),
)
const car: EvSpecification = { model: 'car', usableKwh: 50, kwhPerKm: 0.2, acKw: 10, dcKw: 40 }
const parameters = { ...usualTripParameters, roadFactor: 1, targetShare: 1, homeKw: 10, chargerEfficiency: 1 }
const trip = (from: string, to: string, start: string, end: string, km: number): Trip => ({
  vehicle: 'v',
  from,
  to,
  startMs: at(start),
  endMs: at(end),
  km,
})

describe('EVD01 shifts', () => {
  const first = trip('home', 'middle', '2026-01-14T06:00:00Z', '2026-01-14T07:00:00Z', 10)
  test('go on after a gap of exactly four hours, and end with a longer one', () => {
    const atFour = trip('middle', 'home', '2026-01-14T11:00:00Z', '2026-01-14T12:00:00Z', 10)
    const later = trip('middle', 'home', '2026-01-14T11:00:01Z', '2026-01-14T12:00:00Z', 10)
    expect(shiftsOf([first, atFour], 4)).toHaveLength(1)
    expect(shiftsOf([first, later], 4)).toHaveLength(2)
  })
  test('count a gap from the latest end so far, where trips overlap', () => {
    const long = trip('home', 'middle', '2026-01-14T05:00:00Z', '2026-01-14T09:00:00Z', 10)
    const short = trip('home', 'middle', '2026-01-14T06:00:00Z', '2026-01-14T06:10:00Z', 1)
    const next = trip('middle', 'home', '2026-01-14T12:30:00Z', '2026-01-14T13:00:00Z', 10)
    expect(shiftsOf([long, short, next], 4)).toHaveLength(1)
  })
})

describe('EVD01 homes', () => {
  test('are where most shifts begin and end in three months, excluded areas left out', () => {
    const shifts = shiftsOf(
      [
        trip('middle', 'middle', '2026-01-14T06:00:00Z', '2026-01-14T07:00:00Z', 5),
        trip('middle', 'home', '2026-01-15T06:00:00Z', '2026-01-15T07:00:00Z', 5),
        trip('middle', 'middle', '2026-04-14T06:00:00Z', '2026-04-14T07:00:00Z', 5),
      ],
      4,
    )
    const homes = homesOf(shifts, areas, 3)
    expect(homes.get(homeSpanOf(at('2026-03-31T22:00:00Z'), 3))).toBe('home')
    // 23:30 UTC on 31 March is the first of April in London: another span, in which only the middle was seen.
    expect(homes.get(homeSpanOf(at('2026-03-31T23:30:00Z'), 3))).toBeUndefined()
  })
})

const roads = roadsOf(areas, [{ id: 'rapid', area: 'middle', kw: 50, isDc: true }], parameters)
const homeAt = () => ({ area: 'home', hasDrive: true })

describe('EVD01 the walk of the battery', () => {
  test('charges off shift at home what the shift and the way home took', () => {
    // By hand: 50 km and 10 km home at 0.2 kWh/km take 12 kWh; at 20 km/h the way home takes half an hour.
    const shifts = shiftsOf([trip('home', 'middle', '2026-01-14T06:00:00Z', '2026-01-14T07:30:00Z', 50)], 4)
    const found = walk(shifts, { vehicle: car, roads, parameters, homeAt })
    const event = { vehicle: 'v', kw: 10, kwh: 12, area: 'home', place: 'home', startMs: at('2026-01-14T08:00:00Z') }
    expect(found.events).toEqual([event])
    expect(found).toMatchObject({ shifts: 1, shiftsWithCharge: 0, drivenKwh: 12, unmetKwh: 0, endKwh: 50 })
  })

  test('charges on shift in a gap that is long enough, with little in the battery', () => {
    // By hand: 180 km leave 14 of 50 kWh, below 35 %; at 40 kW half an hour gives 20 kWh.
    const shift = [
      trip('home', 'middle', '2026-01-14T06:00:00Z', '2026-01-14T12:00:00Z', 180),
      trip('middle', 'home', '2026-01-14T12:30:00Z', '2026-01-14T13:00:00Z', 10),
    ]
    const found = walk(shiftsOf(shift, 4), { vehicle: car, roads, parameters, homeAt })
    expect(found.events[0]).toMatchObject({ place: 'on-shift', kw: 40, kwh: 20, startMs: at('2026-01-14T12:00:00Z') })
    expect(found.shiftsWithCharge).toBe(1)
  })

  test.each([
    ['the gap is too short', '2026-01-14T12:14:00Z', 180],
    ['enough is left', '2026-01-14T12:30:00Z', 160],
  ])('does not charge on shift when %s', (_, next, km) => {
    const shift = [
      trip('home', 'middle', '2026-01-14T06:00:00Z', '2026-01-14T12:00:00Z', km),
      trip('middle', 'home', next, '2026-01-14T13:00:00Z', 10),
    ]
    const found = walk(shiftsOf(shift, 4), { vehicle: car, roads, parameters, homeAt })
    expect(found.events.map(({ place }) => place)).toEqual(['home'])
  })

  test('charges in public near home without off-street parking, and says when a shift is too long for the battery', () => {
    const shifts = shiftsOf([trip('middle', 'middle', '2026-01-14T06:00:00Z', '2026-01-14T14:00:00Z', 300)], 4)
    const inPublic = walk(shifts, {
      vehicle: car,
      roads,
      parameters,
      homeAt: () => ({ area: 'middle', hasDrive: false }),
    })
    // By hand: 60 kWh from 50: 10 are missing; then 50 kWh at 40 kW, where it stands.
    expect(inPublic).toMatchObject({ shiftsTooLong: 1, unmetKwh: 10, endKwh: 50 })
    expect(inPublic.events).toMatchObject([{ place: 'public-near-home', kw: 40, kwh: 50, area: 'middle' }])
  })

  test('neither makes nor loses energy, whatever the trips', () => {
    const legs = fc.array(
      fc.record({ gapMin: fc.integer({ min: 0, max: 900 }), km: fc.integer({ min: 0, max: 120 }), far: fc.boolean() }),
      { minLength: 1, maxLength: 40 },
    )
    fc.assert(
      fc.property(legs, fc.boolean(), (given, hasDrive) => {
        let [clock, place] = [at('2026-03-28T00:00:00Z'), 'home']
        const trips = given.map(({ gapMin, km, far }): Trip => {
          const startMs = clock + gapMin * 60_000
          clock = startMs + km * 180_000
          const from = place
          place = far ? 'middle' : 'home'
          return { vehicle: 'v', startMs, endMs: clock, from, to: place, km }
        })
        const found = walk(shiftsOf(trips, 4), {
          vehicle: car,
          roads,
          parameters,
          homeAt: () => ({ area: 'home', hasDrive }),
        })
        const charged = found.events.reduce((sum, { kwh }) => sum + kwh, 0)
        expect(found.startKwh + charged + found.unmetKwh).toBeCloseTo(found.drivenKwh + found.endKwh, 6)
        expect(found.events.every(({ kwh }) => kwh > 0 && kwh <= car.usableKwh)).toBe(true)
      }),
    )
  })
})

describe('EVD01 demand', () => {
  const event = (startMs: number, kwh: number, kw = 10): ChargingEvent => ({
    vehicle: 'v',
    startMs,
    kw,
    kwh,
    area: 'a',
    place: 'home',
  })

  test('shares a charge among its half-hours, with the losses of the charger', () => {
    // 10 kW from 17:45 for 48 min: 2.5 kWh, 5 kWh and 0.5 kWh into the battery.
    const { energyWh } = demandOf([event(at('2026-01-14T17:45:00Z'), 8)], 0.8)
    expect([...(energyWh.get('a') ?? [])]).toEqual([
      [at('2026-01-14T17:30:00Z'), 3_125],
      [at('2026-01-14T18:00:00Z'), 6_250],
      [at('2026-01-14T18:30:00Z'), expect.closeTo(625, 6)],
    ])
  })

  test.each([
    ['the clock goes back', '2026-10-24T23:00:00Z', '2026-10-26T00:00:00Z', 50],
    ['the clock goes forward', '2026-03-29T00:00:00Z', '2026-03-29T23:00:00Z', 46],
    ['nothing happens', '2026-01-14T00:00:00Z', '2026-01-15T00:00:00Z', 48],
  ])('keeps its energy in London time on the day when %s', (_, from, to, halfHours) => {
    const starts = Array.from({ length: halfHours }, (__, n) => at(from) + n * 1_800_000)
    const demand = demandOf(
      starts.map((ms) => event(ms, 1, 2)),
      1,
    )
    const { meanW, hours } = typicalDays(demand, at(from), at(to))
    const own = meanW.get('a') ?? new Float64Array(cells)
    // A half-hour that comes twice still has the mean of 2 kW, and counts for an hour.
    expect(new Set(own)).toEqual(new Set([0, 2_000].filter((w) => w > 0 || own.includes(0))))
    expect(own.reduce((sum, w, i) => sum + w * (hours[i] ?? 0), 0)).toBeCloseTo(halfHours * 1_000, 6)
  })

  test('stands at local time in summer', () => {
    const demand = demandOf([event(at('2026-07-15T16:00:00Z'), 5)], 1)
    const { meanW } = typicalDays(demand, at('2026-07-14T23:00:00Z'), at('2026-07-15T23:00:00Z'))
    expect(meanW.get('a')?.[dayKinds.indexOf('summer weekday') * slots + 34]).toBe(10_000)
  })
})

describe('EVD01 checks on input', () => {
  test('find look-alike models', () => {
    const others = ['Kia e-Niro', 'Kia Soul EV', 'Nissan Leaf']
    expect(lookAlikes('Kia Niro', others)).toEqual(['Kia e-Niro'])
    expect(lookAlikes('Kia eNiro', ['Kia Niro'])).toEqual(['Kia Niro'])
    expect(lookAlikes('Nissan Leaf', others)).toEqual([])
  })

  test('name journeys beyond the range, trips given twice, and models without a specification', () => {
    const trips = [
      trip('home', 'middle', '2026-01-14T06:00:00Z', '2026-01-14T12:00:00Z', 251),
      trip('home', 'middle', '2026-01-14T06:00:00Z', '2026-01-14T12:00:00Z', 251),
      { ...trip('home', 'middle', '2026-01-14T06:00:00Z', '2026-01-14T07:00:00Z', 20), vehicle: 'w' },
    ]
    const checks = new TripChecks(new Map([['car', { ...car, isVerified: true }]]), 10)
    for (const each of trips) checks.add({ ...each, model: each.vehicle === 'v' ? 'car' : 'Skoda' })
    const { named, count } = checks.found()
    expect(count).toBe(4)
    expect(named.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual([
      'unknown-model Skoda',
      'journey-beyond-range v',
      'journey-beyond-range v',
      'duplicate-trip v',
    ])
  })

  test('find the same in a batch that passes by as in one that is held, whatever its order', () => {
    const times = fc.record({
      vehicle: fc.constantFrom('v', 'w', 'x'),
      startMs: fc.integer({ min: 0, max: 20 }),
      lengthMs: fc.integer({ min: 0, max: 6 }),
    })
    fc.assert(
      fc.property(fc.array(times, { maxLength: 40 }), (given) => {
        const trips = given.map(({ vehicle, startMs, lengthMs }) => ({
          ...trip('home', 'middle', '2026-01-14T06:00:00Z', '2026-01-14T06:00:00Z', 1),
          vehicle,
          startMs,
          endMs: startMs + lengthMs,
          model: 'car',
        }))
        const checks = new TripChecks(new Map([['car', { ...car, isVerified: true }]]), 1_000)
        for (const each of trips) checks.add(each)
        const held = ['v', 'w', 'x'].flatMap((vehicle) => {
          const own = trips.filter((each) => each.vehicle === vehicle).toSorted((a, b) => a.startMs - b.startMs)
          return own.flatMap((each, i) => {
            const before = own[i - 1]
            if (!before || each.startMs >= before.endMs) return []
            const isSame = before.startMs === each.startMs && before.endMs === each.endMs
            return [`${isSame ? 'duplicate' : 'overlapping'} ${vehicle} ${new Date(each.startMs).toISOString()}`]
          })
        })
        const found = checks
          .found()
          .named.map(({ kind, subject, detail }) => `${kind.split('-')[0]} ${subject} ${/\S+Z/.exec(detail)?.[0]}`)
        expect(found).toEqual(held)
      }),
    )
  })

  test('name only so many anomalies, and count all', () => {
    const checks = new TripChecks(new Map([['car', { ...car, isVerified: true }]]), 3)
    for (let i = 0; i < 5; i++)
      checks.add({ ...trip('home', 'middle', '2026-01-14T06:00:00Z', '2026-01-14T07:00:00Z', 20), model: 'car' })
    expect(checks.found()).toMatchObject({ count: 4, named: [{}, {}, {}] })
    expect(checks.found().named).toHaveLength(3)
  })

  test('find charge points listed twice and those for taxis only', () => {
    const point = (id: string, name: string, eastingM: number, kw: number | null = 50) => ({
      id,
      name,
      eastingM,
      northingM: 180_000,
      kw,
      taxiOnly: false,
      excluded: false,
    })
    const faults = chargePointFaults([
      point('1', 'High Street', 530_000),
      point('2', 'HIGH STREET', 530_029),
      point('3', 'High Street', 530_100),
      point('4', 'Station (Taxis only)', 531_000),
      point('5', 'Park', 532_000, null),
    ])
    expect([...faults]).toEqual([
      ['2', 'duplicate'],
      ['4', 'taxi-only'],
      ['5', 'unknown-power'],
    ])
  })
})

describe('EVD01 a city', () => {
  const city = Array.from({ length: 100 }, (_, i) =>
    area(`L${String(i).padStart(3, '0')}`, 520_000 + (i % 10) * 2_000, {
      northingM: 170_000 + Math.floor(i / 10) * 2_000,
      isExcludedAsHome: i === 44 || i === 45,
      offStreetShare: 0.4,
    }),
  )
  const trips = syntheticTrips({
    seed: 7,
    vehicles: 60,
    firstDay: LocalDate.parse('2026-01-05'),
    days: 28,
    areas: city,
  })
  const small = { ...car, usableKwh: 30 }
  const facts = {
    trips,
    modelOf: new Map([...new Set(trips.map(({ vehicle }) => vehicle))].map((vehicle) => [vehicle, small])),
    areas: new Map(city.map((each) => [each.code, each])),
    chargePoints: city
      .filter((_, i) => i % 5 === 0)
      .map(({ code }) => ({ id: `cp-${code}`, area: code, kw: 50, isDc: true })),
    boroughShares: new Map<string, number>(),
  }
  const found = modelTrips(facts, usualTripParameters)

  test('says how far it is, vehicle by vehicle', () => {
    const said: number[] = []
    modelTrips(facts, usualTripParameters, (progress) => said.push(progress))
    expect(said).toEqual(Array.from({ length: 60 }, (_, n) => n / 60))
  })

  test('is the same for the same seed, and another for another', () => {
    expect(
      syntheticTrips({ seed: 7, vehicles: 60, firstDay: LocalDate.parse('2026-01-05'), days: 28, areas: city }),
    ).toEqual(trips)
    const other = syntheticTrips({
      seed: 8,
      vehicles: 60,
      firstDay: LocalDate.parse('2026-01-05'),
      days: 28,
      areas: city,
    })
    expect(other).not.toEqual(trips)
    expect(modelTrips(facts, usualTripParameters)).toEqual(found)
  })

  test('gives to the areas what the charges take from the network', () => {
    const chargedKwh = found.events.reduce((sum, { kwh }) => sum + kwh, 0)
    const { energyWh } = demandOf(found.events, usualTripParameters.chargerEfficiency)
    const givenWh = [...energyWh.values()].flatMap((own) => [...own.values()]).reduce((sum, wh) => sum + wh, 0)
    expect(givenWh / 1_000 / (chargedKwh / usualTripParameters.chargerEfficiency)).toBeCloseTo(1, 9)
  })

  test('has a calibration figure in the order of the trial’s, and drivers at home by the off-street share', () => {
    expect(found.summary.onShiftShare).toBeGreaterThan(0.05)
    expect(found.summary.onShiftShare).toBeLessThan(0.4)
    expect(found.summary.withDrive / found.summary.vehicles).toBeGreaterThan(0.2)
    expect(found.summary.withDrive / found.summary.vehicles).toBeLessThan(0.6)
    expect(found.summary.events.home).toBeGreaterThan(0)
  })
})
