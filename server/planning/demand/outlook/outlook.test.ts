import { LocalDate } from '@js-joda/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cells, dayKinds, daysOfKinds, slots } from '../engine/demand.ts'
import { sideBySide } from './compare.ts'
import { type NodeDemand, type OutlookTerms, outlookOf } from './exceedance.ts'
import { peakPercentiles } from './few-vehicles.ts'
import { fleetFactors, type GrowthArea, growthOf } from './growth.ts'
import { archetypes, usualProfiles, weatherFactors } from './profiles.ts'
import { byUrgency } from './ranking.ts'
import { costsOf, neededWindows } from './requirement.ts'
import { demandUpwards, ownDemand, sharesByNode } from './tree.ts'

const years = [2026, 2027, 2028]
const flat = (w: number) => new Float64Array(cells).fill(w)
/** 1 kW each from 18:00 to 19:00 on winter weekdays, and nothing else. */
const evening = Float64Array.from({ length: cells }, (_, c) => (c === 36 || c === 37 ? 1_000 : 0))
const none = { meanW: new Float64Array(cells), chargingW: 1_000 }
const terms: OutlookTerms = {
  years,
  profiles: [{ meanW: evening, chargingW: 4_000 }, none, none],
  fleetFactors: Float64Array.of(1, 1, 2),
  daysOfKinds: years.map(() => [100, 50, 150, 65]),
}
/** So many vehicles of homes in each year. */
const homes = (...counts: number[]): NodeDemand => ({
  vehicles: Float64Array.from(counts.flatMap((count) => [count, 0, 0])),
  fleetW: null,
})

describe('EVD04 the outlook of a node', () => {
  test('has the first year in which demand exceeds headroom, the hours over and what is left', () => {
    // By hand: 10, 20 and 30 kW in two half-hours of 100 winter weekdays, against 20 kW.
    const found = outlookOf(homes(10, 20, 30), flat(20_000), terms)
    expect(found).toMatchObject({ firstYear: 2028, greatestExcessW: 10_000, peakCell: 36 })
    expect([...found.peakW]).toEqual([10_000, 20_000, 30_000])
    expect([...(found.leastHeadroomW ?? [])]).toEqual([10_000, 0, -10_000])
    expect([...(found.hoursOver ?? [])]).toEqual([0, 0, 100])
  })
  test('counts a fleet with the factor of the year', () => {
    const found = outlookOf({ vehicles: new Float64Array(9), fleetW: flat(6_000) }, flat(10_000), terms)
    // By hand: 6, 6 and 12 kW all year of 365 days.
    expect([...(found.hoursOver ?? [])]).toEqual([0, 0, 365 * 24])
    expect(found.firstYear).toBe(2028)
  })
  test('says nothing of a node whose headroom is unknown, and lists it last', () => {
    const unknown = outlookOf(homes(10, 20, 30), null, terms)
    expect(unknown).toMatchObject({ firstYear: null, hoursOver: null, leastHeadroomW: null })
    const ranked = [
      { nodeId: 'unknown', outlook: unknown },
      { nodeId: 'never', outlook: outlookOf(homes(1, 1, 1), flat(20_000), terms) },
      { nodeId: 'late', outlook: outlookOf(homes(10, 20, 30), flat(20_000), terms) },
      { nodeId: 'worse', outlook: outlookOf(homes(10, 20, 40), flat(20_000), terms) },
      { nodeId: 'soon', outlook: outlookOf(homes(30, 10, 10), flat(20_000), terms) },
    ].sort(byUrgency)
    expect(ranked.map(({ nodeId }) => nodeId)).toEqual(['soon', 'worse', 'late', 'never', 'unknown'])
  })
  test('counts the days of a year by its bank holidays', () => {
    // 2026: 31 + 28 + 31 days of January to March, 30 + 31 of November and December; weekends and bank holidays of England.
    const counts = daysOfKinds(LocalDate.of(2026, 1, 1), LocalDate.of(2026, 12, 31))
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(365)
    // By hand: 107 weekdays in those 151 days, less New Year's Day, Christmas Day and the Monday in place of Boxing Day.
    expect(counts.slice(0, 2)).toEqual([105, 46])
  })
})

describe('EVD02 the demand of a tree', () => {
  const links = [
    { code: 'a', nodes: [1, 2], shares: [0.25, 0.75], basis: 'customer-share' as const, confidence: 'medium' as const },
    { code: 'b', nodes: [2], shares: [1], basis: 'nearest' as const, confidence: 'low' as const },
  ]
  const nodes = [
    { nodeId: 'primary', parentId: null },
    { nodeId: 's1', parentId: 'primary' },
    { nodeId: 's2', parentId: 'primary' },
    { nodeId: 'idle', parentId: 'primary' },
  ]
  test('reaches the levels above, and nothing is counted twice', () => {
    const loads = { vehicles: [Float64Array.of(4, 0, 0), Float64Array.of(10, 2, 0)], fleetW: [flat(8), null], years: 1 }
    const shares = sharesByNode(links, nodes.length)
    const own = (place: number) => (shares[place]?.length ? ownDemand(shares[place], loads) : null)
    const found = new Map([...demandUpwards(nodes, own, 1)].map(({ place, demand }) => [nodes[place]?.nodeId, demand]))
    expect([...found.keys()].sort()).toEqual(['primary', 's1', 's2'])
    expect([...(found.get('s2')?.vehicles ?? [])]).toEqual([13, 2, 0])
    expect([...(found.get('primary')?.vehicles ?? [])]).toEqual([14, 2, 0])
    expect([found.get('s1')?.fleetW?.[0], found.get('primary')?.fleetW?.[0]]).toEqual([2, 8])
  })
  test('keeps the total to 1e-9 in trees of any form', () => {
    const tree = fc.array(fc.nat(), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(
        tree,
        fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 30, maxLength: 30 }),
        (parents, counts) => {
          const all = parents.map((parent, i) => ({ nodeId: `n${i}`, parentId: i === 0 ? null : `n${parent % i}` }))
          const own = (place: number) => ({ vehicles: Float64Array.of(counts[place] ?? 0, 0, 0), fleetW: null })
          const found = [...demandUpwards(all, own, 1)]
          expect(found).toHaveLength(all.length)
          const top = found.find(({ place }) => place === 0)?.demand.vehicles[0] ?? 0
          const total = counts.slice(0, all.length).reduce((sum, n) => sum + n, 0)
          expect(Math.abs(top - total)).toBeLessThanOrEqual(1e-9 * Math.max(1, total))
        },
      ),
    )
  })
})

describe('growth by year and scenario', () => {
  const area = (code: string, more: Partial<GrowthArea> = {}): GrowthArea => ({
    code,
    borough: 'Camden',
    cars: 1_000,
    offStreetShare: 0.4,
    depotVehicles: 0,
    ...more,
  })
  const scenario = {
    name: 'LW',
    years,
    shares: new Map([
      ['a', [0.1, 0.2, 0.4]],
      ['b', [0.3, 0.4, 0.6]],
    ]),
  }
  test('charges the cars of homes with off-street parking at home, and the others in public', () => {
    const { vehicles } = growthOf([area('a', { depotVehicles: 50 })], scenario, new Map())
    expect([...(vehicles[0] ?? [])].map((n) => Math.round(n * 1e6) / 1e6)).toEqual([
      40, 60, 5, 80, 120, 10, 160, 240, 20,
    ])
  })
  test('gives an area that the scenario does not know the mean of its borough, and says so', () => {
    const areas = [
      area('a'),
      area('b'),
      area('new'),
      area('far', { borough: 'Brent', offStreetShare: null, cars: null }),
    ]
    const found = growthOf(areas, scenario, new Map([['Brent', 0.9]]))
    expect(found).toMatchObject({ byBorough: 1, byAll: 1, withoutCars: 1 })
    expect(found.vehicles[2]?.[0]).toBeCloseTo(1_000 * 0.4 * 0.2, 9)
    expect(found.meanShare[2]).toBeCloseTo(0.5, 9)
  })
  test('scales today’s fleet with the mean share since the year of its trips, up to the whole fleet', () => {
    const growth = growthOf([area('a'), area('b')], scenario, new Map())
    const rounded = (all: Float64Array) => [...all].map((n) => Math.round(n * 1e9) / 1e9)
    expect(rounded(fleetFactors(growth, 2026, null))).toEqual([1, 1.5, 2.5])
    expect(rounded(fleetFactors(growth, 2026, 2))).toEqual([1, 1.5, 2])
  })
  test('takes the energy of a day by its season, and more where the weather is known to be cold', () => {
    const factors = weatherFactors({ winter: 5, summer: null }, { referenceC: 15, perDegree: 0.02 })
    expect(factors).toEqual({ winter: 1.2, summer: 1 })
    const profiles = usualProfiles(factors)
    const kwhOf = (kind: string) => {
      const from = dayKinds.indexOf(kind as (typeof dayKinds)[number]) * slots
      return profiles.home.meanW.slice(from, from + slots).reduce((sum, w) => sum + w, 0) / 2_000
    }
    expect(kwhOf('summer weekday')).toBeCloseTo(6.5, 9)
    expect(kwhOf('winter weekday')).toBeCloseTo(7.8, 9)
    expect(archetypes.every((name) => profiles[name].meanW.every((w) => w >= 0 && w < profiles[name].chargingW))).toBe(
      true,
    )
  })
})

describe('few vehicles', () => {
  test('have peaks with a spread, the same for the same seed', () => {
    const chance = { seed: 3, draws: 400 }
    const found = peakPercentiles('n', homes(4, 4, 4), 0, 0, terms, chance)
    // By hand: about 4 vehicles with a chance of a quarter each to draw 4 kW in either half-hour: a mean of 4 kW, peaks of 0, 4, 8 …
    expect(found.meanW).toBe(4_000)
    expect(found.p10W).toBeLessThan(found.p90W)
    expect(found.p90W % 4_000).toBe(0)
    expect(peakPercentiles('n', homes(4, 4, 4), 0, 0, terms, chance)).toEqual(found)
    expect(peakPercentiles('n', homes(0, 0, 0), 0, 0, terms, chance)).toMatchObject({ p10W: 0, p90W: 0 })
  })
})

describe('EVD04 two methods side by side', () => {
  test('name first where they disagree most', () => {
    const one = [
      { nodeId: 'a', firstYear: 2030, peakW: 100 },
      { nodeId: 'b', firstYear: null, peakW: 50 },
    ]
    const other = [
      { nodeId: 'b', firstYear: null, peakW: 40 },
      { nodeId: 'c', firstYear: 2027, peakW: 700 },
    ]
    const found = sideBySide(one, other)
    expect(found.map(({ nodeId, differenceW }) => [nodeId, differenceW])).toEqual([
      ['c', 700],
      ['a', 100],
      ['b', 10],
    ])
    expect(found[0]).toMatchObject({ one: null, other: { firstYear: 2027 } })
  })
})

describe('a requirement from an outlook', () => {
  const demand = Float64Array.from({ length: cells }, (_, c) => (c >= 34 && c < 38 ? 120_300 : c === 40 ? 101_000 : 0))
  const windows = neededWindows(demand, flat(100_000))
  test('has the unbroken half-hours over the headroom, W rounded up to a whole kW', () => {
    expect(windows).toEqual([
      { days: 'weekday', season: 'winter', from: 34, to: 38, requiredW: 21_000, energyWh: 40_600 },
      { days: 'weekday', season: 'winter', from: 40, to: 41, requiredW: 1_000, energyWh: 500 },
    ])
  })
  test('is set against reinforcement by the year', () => {
    // By hand: availability 0.021 MW × 2 h × 100 and 0.001 × 0.5 × 100 = 4.25 MWh at £10; utilisation 0.0411 MWh × 100 at £200;
    // £100,000 over 20 years without interest.
    const terms = {
      availabilityPencePerMwH: 1_000,
      utilisationPencePerMwh: 20_000,
      reinforcementPence: 10_000_000,
      lifeYears: 20,
      discountRate: 0,
    }
    expect(costsOf(windows, [100, 50, 150, 65], terms)).toEqual({
      availabilityPence: 4_250,
      utilisationPence: 82_200,
      flexibilityPence: 86_450,
      reinforcementPence: 500_000,
    })
    // 5 % over 20 years: 0.0802426 of the sum each year (annuity tables).
    expect(costsOf([], [], { ...terms, discountRate: 0.05 }).reinforcementPence).toBe(802_426)
  })
})
