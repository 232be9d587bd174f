import { Instant, LocalDate } from '@js-joda/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dayStart } from '../../../schemas/vocabulary/time.ts'
import { decide, type PluggedStay } from './decision.ts'
import { arrivalsOn, chanceAt, comparableDays, countQuantiles, quantile, type Session, statisticsOf } from './habits.ts'
import { missingWhOf, nextReadyAt } from './needs.ts'
import { homeOf, placeOf } from './nights.ts'
import { afterMinute, type Observed, outcomeOf } from './observed.ts'
import { deratedW, reliabilityOf } from './reliability.ts'

const horizon = { periods: 96, periodH: 0.25 }
const van = (change: Partial<PluggedStay> = {}): PluggedStay => ({
  key: 'a',
  arrives: 0,
  leaves: 48,
  energyWh: 14_720,
  mostW: 7_360,
  leastW: 1_380,
  costGbpPerMwh: 50,
  isUrgent: false,
  isReachable: true,
  takesTurnsAt: null,
  uncommandedW: 1_380,
  wasHeld: false,
  ...change,
})
const free = Array<number | null>(96).fill(null)
const held = (capW: number, periods = 8) => free.map((_, t) => (t < periods ? capW : null))
const total = (shares: ReadonlyMap<string, number>) => [...shares.values()].reduce((sum, w) => sum + w, 0)

describe('what a unit of homes does now', () => {
  test('without a turn-down everybody charges at once', () => {
    const { sharesW, by } = decide([van(), van({ key: 'b' })], free, horizon)
    expect([[...sharesW], by]).toEqual([
      [
        ['a', 7_360],
        ['b', 7_360],
      ],
      null,
    ])
  })

  test('L9 under a turn-down to nothing all wait, but for who asked for a charge at once and who would be late', () => {
    const stays = [van(), van({ key: 'now', isUrgent: true }), van({ key: 'late', leaves: 8 })]
    const { sharesW, by, overW } = decide(stays, held(0), horizon)
    // Two hours of charge in two hours: it cannot wait. Both charge although the cap is 0.
    expect([sharesW.get('a'), sharesW.get('now'), sharesW.get('late'), by]).toEqual([
      undefined,
      7_360,
      7_360,
      'turn-down',
    ])
    expect(overW).toBe(14_720)
  })

  test('what a charge point draws that cannot be reached is taken off what the others may', () => {
    const stays = [van(), van({ key: 'lost', isReachable: false, uncommandedW: 1_380 })]
    expect([...decide(stays, held(5_000), horizon).sharesW]).toEqual([['a', 3_620]])
  })

  test('I10 at a twin that takes one set point at a time the van with the least time left gets it, and the other counts as it stands', () => {
    const twin = { takesTurnsAt: 'twin' }
    const stays = [van({ ...twin, leaves: 90 }), van({ ...twin, key: 'soon', leaves: 20 }), van({ key: 'c' })]
    const { sharesW, leftAlone } = decide(stays, held(11_000), horizon)
    expect([...leftAlone]).toEqual(['a'])
    // 1,380 W of the 11,000 W are what the other socket draws by its standing limit.
    expect([sharesW.has('a'), total(sharesW)]).toEqual([false, 9_620])
    expect(decide(stays, free, horizon).leftAlone).toEqual(new Set(['a']))
    const lost = stays.map((each) => ({ ...each, isReachable: false }))
    expect(decide(lost, free, horizon).leftAlone).toEqual(new Set())
  })

  test('L7 after a turn-down ten vans that were held are spread to the lowest level that still serves all', () => {
    const stays = Array.from({ length: 10 }, (_, i) => van({ key: `v${i}`, wasHeld: true, energyWh: 7_360 }))
    const { sharesW, by, capW } = decide(stays, free, horizon)
    // 73.6 kWh in 12 h.
    expect([by, Math.round((capW ?? 0) / 10)]).toEqual(['spread', 613])
    expect(total(sharesW)).toBeLessThanOrEqual((capW ?? 0) + 1)
    expect(total(sharesW)).toBeGreaterThan(0)
  })

  test('LAW: reachable vans that may wait never exceed the cap, and nobody is given less than a charge point can be held at', () => {
    const stays = fc.array(
      fc.record({ energyWh: fc.integer({ min: 0, max: 40_000 }), leaves: fc.integer({ min: 1, max: 90 }) }),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(stays, fc.integer({ min: 0, max: 60_000 }), (given, capW) => {
        const all = given.map((each, i) => van({ ...each, key: `v${i}` }))
        const { sharesW, overW } = decide(all, held(capW), horizon)
        expect(total(sharesW) - overW).toBeLessThanOrEqual(capW + 1e-6)
        for (const w of sharesW.values()) expect(w).toBeGreaterThanOrEqual(1_380)
      }),
    )
  })
})

describe('what a van needs', () => {
  const given = {
    soc: null,
    usableBatteryWh: 50_000,
    takenWh: 2_000,
    typicalWh: 9_000,
    targetShare: 1,
    chargeEfficiency: 0.9,
    isSatisfied: false,
  }
  test('up to its target by what it reported, else what it usually takes less what it has taken', () => {
    expect(missingWhOf({ ...given, soc: { share: 0.55, isReported: true } })).toBeCloseTo(25_000)
    expect(missingWhOf({ ...given, soc: { share: 0.55, isReported: true }, targetShare: 0.5 })).toBe(0)
    expect(missingWhOf({ ...given, soc: { share: 0.1, isReported: false } })).toBe(7_000)
    expect(missingWhOf({ ...given, typicalWh: null })).toBe(10_000)
    expect(missingWhOf({ ...given, isSatisfied: true })).toBe(0)
  })

  test('it is ready at the next time of the day, also over the change of the clocks', () => {
    expect(`${nextReadyAt('07:00', Instant.parse('2026-01-15T06:59:00Z'))}`).toBe('2026-01-15T07:00:00Z')
    expect(`${nextReadyAt('07:00', Instant.parse('2026-01-15T07:00:00Z'))}`).toBe('2026-01-16T07:00:00Z')
    expect(`${nextReadyAt('07:00', Instant.parse('2026-03-28T20:00:00Z'))}`).toBe('2026-03-29T06:00:00Z')
  })
})

describe('L9 reliability', () => {
  const minute = { missingWh: 1_000, mostW: 6_000, shareW: 0, drawnW: 0, isOverridden: false, isReachable: true }
  const played = (minutes: readonly object[]) =>
    minutes.reduce<Observed | null>((before, change) => afterMinute(before, { ...minute, ...change }), null)

  test('a van is asked to leave what it would have drawn, until it would have been full', () => {
    // 1 kWh at 6 kW is ten minutes; the five after that ask nothing.
    const observed = played(Array(15).fill({}))
    expect([Math.round(observed?.expectedWh ?? 0), observed?.drawnWh, outcomeOf(observed)]).toEqual([
      1_000,
      0,
      'paused',
    ])
  })

  test.each([
    ['overridden', [{}, {}, { isOverridden: true, shareW: 6_000, drawnW: 6_000 }]],
    [
      'unreachable',
      [
        { isReachable: false, drawnW: 1_380 },
        { isReachable: false, drawnW: 1_380 },
      ],
    ],
    ['drew-on', [{ drawnW: 6_000 }, { drawnW: 6_000 }]],
    ['full', [{ missingWh: 0 }]],
  ] as const)('a charge point counts as %s', (outcome, minutes) => {
    expect(outcomeOf(played(minutes))).toBe(outcome)
  })

  test('begins at three quarters, moves with what was held back, and derates in whole steps', () => {
    expect(reliabilityOf([]).share).toBe(0.75)
    const responses = [
      { windowFromMs: 1, outcome: 'paused' as const, expectedWh: 60_000, drawnWh: 0 },
      { windowFromMs: 1, outcome: 'overridden' as const, expectedWh: 20_000, drawnWh: 20_000 },
    ]
    // (60 + 15) of (80 + 20) kWh.
    expect(reliabilityOf(responses)).toMatchObject({ share: 0.75, windows: 1, heldBackWh: 60_000 })
    expect(deratedW(10_050, 0.75, 100)).toBe(7_500)
  })
})

describe('L8 habits', () => {
  const at = (day: string, hour: number) => dayStart(LocalDate.parse(day)).toEpochMilli() + hour * 3_600_000
  const session = (vehicleId: string, day: string, from: number, to: number | null, energyWh = 8_000): Session => ({
    vehicleId,
    startMs: at(day, from),
    endMs: to === null ? null : at(day, to),
    energyWh,
  })

  test('working days compare with working days, from the first that was observed on', () => {
    const days = comparableDays(LocalDate.parse('2026-01-14'), LocalDate.parse('2026-01-08'), 10, 'ENG')
    expect(days.map(String)).toEqual(['2026-01-13', '2026-01-12', '2026-01-09', '2026-01-08'])
  })

  test('a van is expected at its median arrival with its median energy, on the share of days on which it came', () => {
    const days = ['2026-01-13', '2026-01-12'].map((day) => LocalDate.parse(day))
    const sessions = [
      session('V1', '2026-01-12', 17, 31, 6_000),
      session('V1', '2026-01-13', 18, 31),
      session('V2', '2026-01-13', 16, 31),
    ]
    expect(arrivalsOn(sessions, days)).toEqual([
      { vehicleId: 'V1', offsetMs: 17.5 * 3_600_000, energyWh: 7_000, probability: 1 },
      { vehicleId: 'V2', offsetMs: 16 * 3_600_000, energyWh: 8_000, probability: 0.5 },
    ])
    expect([17, 17.5, 18].map((hour) => chanceAt(sessions.slice(0, 2), days, hour * 3_600_000))).toEqual([0.5, 0.5, 1])
  })

  test('how many vans are there is the exact distribution of their sum', () => {
    // Two coins: none 1/4, one 1/2, two 1/4.
    expect(countQuantiles([0.5, 0.5])).toEqual({ low: 0, middle: 1, high: 2 })
    expect(countQuantiles([1, 1, 0])).toEqual({ low: 2, middle: 2, high: 2 })
    expect(countQuantiles([])).toEqual({ low: 0, middle: 0, high: 0 })
    expect([quantile([], 0.5), quantile([1, 2, 4], 0.5), quantile([1, 2], 0.25)]).toEqual([null, 2, 1.25])
  })

  test('a session of fourteen hours that takes 7.36 kWh at 7.36 kW could have been put off for thirteen', () => {
    const found = statisticsOf(
      [session('V1', '2026-01-14', 17, 31, 7_360), session('V1', '2026-01-15', 17, null)],
      () => 7_360,
    )
    expect([found.sessions, found.flexibleHours.p50, found.energyKwh.mean, found.pluggedHours.p90]).toEqual([
      1, 13, 7.36, 14,
    ])
    const [wednesday, thursday] = found.byWeekday.filter(
      ({ weekday }) => weekday === 'wednesday' || weekday === 'thursday',
    )
    expect([wednesday?.arrivals[17], wednesday?.medianArrival, wednesday?.medianDeparture]).toEqual([1, 17, null])
    expect([thursday?.arrivals[17], thursday?.departures[7], thursday?.medianDeparture]).toEqual([1, 1, 7])
  })
})

describe('L12 where a home is', () => {
  const area = {
    name: 'A',
    localAuthority: 'Islington',
    areaClass: 'urban' as const,
    latitude: 51.55,
    longitude: -0.11,
  }
  const areas = new Map([
    ['E1', area],
    ['E2', { ...area, latitude: 51.57 }],
  ])
  const excluded = new Map([
    ['works', { name: 'Works', kind: 'maintenance-depot' as const, latitude: 51.552, longitude: -0.11, radiusM: 100 }],
  ])

  test('a position counts for the nearest area, at a maintenance depot for that, and far away for nothing', () => {
    expect(placeOf({ latitude: 51.558, longitude: -0.11 }, areas, excluded)).toEqual({ place: 'E1', isExcluded: false })
    // 0.0005° of latitude are 56 m.
    expect(placeOf({ latitude: 51.5525, longitude: -0.11 }, areas, excluded)).toEqual({
      place: 'works',
      isExcluded: true,
    })
    expect(placeOf({ latitude: 53.5, longitude: -0.11 }, areas, excluded)).toBeNull()
  })

  const nights = (place: string, from: number, count: number, isExcluded = false) =>
    Array.from({ length: count }, (_, i) => ({
      night: `2026-01-${String(from + i).padStart(2, '0')}`,
      place,
      isExcluded,
      readings: 3,
    }))

  test('is the area with the most nights; nights at excluded places are left out, and few nights say nothing', () => {
    const many = [...nights('E1', 1, 16), ...nights('E2', 17, 4), ...nights('works', 21, 5, true)]
    expect(homeOf(many)).toEqual({ lsoa: 'E1', nights: 16, nightsSeen: 20, nightsExcluded: 5, confidence: 'high' })
    expect(homeOf([...nights('E1', 1, 6), ...nights('E2', 7, 5)]).confidence).toBe('low')
    expect(homeOf([...nights('E1', 1, 4), ...nights('works', 5, 20, true)])).toMatchObject({
      lsoa: null,
      confidence: 'none',
    })
  })

  test('a night counts for the place where the van was seen most', () => {
    const passing = { night: '2026-01-01', place: 'E2', isExcluded: false, readings: 1 }
    expect(homeOf([...nights('E1', 1, 8), passing])).toMatchObject({ lsoa: 'E1', nights: 8, nightsSeen: 8 })
  })
})
