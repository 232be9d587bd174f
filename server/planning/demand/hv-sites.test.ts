import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { networkRunForm, tripRunForm } from '../../../schemas/planning/demand-runs.ts'
import { computeNetwork, type NetworkInputs, type NetworkResult } from './compute-network.ts'
import { computeTrips } from './compute-trips.ts'
import { hvLinks } from './mapping/hv-sites.ts'
import { splitVehicles } from './outlook/hv-vehicles.ts'
import { archetypes } from './outlook/profiles.ts'
import { engineVersion } from './records.ts'

const id = '0b0e9ed1-57b2-4b6c-9a52-1d4be1a9a001'
const record = {
  ...networkRunForm.parse({ title: 'x', areas: id, growth: id, fromYear: 2026, toYear: 2027 }),
  engineVersion,
  network: null,
  seasonFactors: { winter: 1, summer: 1 },
}
const node = (nodeId: string, kind: 'gsp' | 'primary' | 'secondary', parentId: string | null, eastingM: number) => ({
  nodeId,
  name: nodeId,
  kind,
  parentId,
  eastingM,
  northingM: 0,
  capacityW: 1e6,
  reserved: false,
  headroomW: [null, null, null, null],
})
const network = [
  node('gsp', 'gsp', null, 0),
  node('west', 'primary', 'gsp', 0),
  node('east', 'primary', 'gsp', 10_000),
  node('sec', 'secondary', 'west', 0),
  node('far', 'secondary', 'east', 10_000),
] as NetworkInputs['network']
const area = (code: string, eastingM: number, cars: number, depotVehicles = 0) => ({
  code,
  borough: 'b',
  polygons: null,
  eastingM,
  northingM: 0,
  cars,
  depotVehicles,
  isExcludedAsHome: false,
})
const site = (change: Partial<NetworkInputs['hvSites'][number]> = {}) => ({
  id: 'hub',
  name: 'Hub',
  area: 'a',
  archetype: 'public' as const,
  vehicles: 400,
  nodeId: null,
  eastingM: null,
  northingM: null,
  ...change,
})
const inputsOf = (change: Partial<NetworkInputs> = {}): NetworkInputs => ({
  record,
  areas: [area('a', 0, 1_000, 50)],
  growth: [{ area: 'a', years: [2026, 2027], shares: [0.1, 0.5] }],
  offStreet: [],
  feedingAreas: [],
  connectivity: [],
  profiles: [],
  network,
  hvSites: [],
  hvChargePoints: [],
  fleet: [],
  ...change,
})
/** Vehicles of a node in the last year, by archetype. */
function vehiclesAt({ nodes }: NetworkResult, nodeId: string): number[] {
  const found = nodes.find(({ place }) => network[place]?.nodeId === nodeId)
  return found ? [...found.demand.vehicles.slice(-archetypes.length)] : []
}

describe('EVD03 load at high voltage', () => {
  test('goes to the primary that is stated and not to a secondary, and is taken out of its area', () => {
    // By hand: no off-street parking, so all 1,000 cars charge in public, 500 of them electric in 2027; 400 of the 1,000 at the hub.
    const found = computeNetwork(inputsOf({ hvSites: [site({ nodeId: 'east' })] }))
    expect(vehiclesAt(found, 'sec')).toEqual([0, 300, 25])
    expect(vehiclesAt(found, 'west')).toEqual([0, 300, 25])
    expect(vehiclesAt(found, 'east')).toEqual([0, 200, 0])
    expect(vehiclesAt(found, 'far')).toEqual([])
    expect(vehiclesAt(found, 'gsp')).toEqual([0, 500, 25])
    expect(found.areas.find(({ code }) => code === 'hv:hub')).toEqual({
      code: 'hv:hub',
      basis: 'connectivity',
      confidence: 'high',
      nodeIds: ['east'],
      shares: [1],
    })
    expect(found.summary).toMatchObject({ areas: 1, hvSites: 1, hvSitesByNearest: 0, hvVehiclesBeyondArea: 0 })
  })

  test('without a stated node goes to the nearest primary to its place, or to the middle of its area, with low confidence', () => {
    const nearEast = computeNetwork(inputsOf({ hvSites: [site({ eastingM: 9_000, northingM: 0 })] }))
    expect(vehiclesAt(nearEast, 'east')).toEqual([0, 200, 0])
    const inArea = computeNetwork(inputsOf({ hvSites: [site()] }))
    expect(vehiclesAt(inArea, 'west')).toEqual([0, 500, 25])
    expect(vehiclesAt(inArea, 'sec')).toEqual([0, 300, 25])
    expect(inArea.summary).toMatchObject({ hvSitesByNearest: 1 })
  })

  test('of a depot is no more than the depot vehicles of its area: what is beyond is counted and not invented', () => {
    const found = computeNetwork(inputsOf({ hvSites: [site({ archetype: 'depot', vehicles: 80, nodeId: 'west' })] }))
    expect(vehiclesAt(found, 'west')).toEqual([0, 500, 25])
    expect(vehiclesAt(found, 'sec')).toEqual([0, 500, 0])
    expect(found.summary).toMatchObject({ hvVehiclesBeyondArea: 30 })
  })

  test('is carried once where demand is mapped to primaries themselves', () => {
    const primary = { ...record, level: 'primary' as const }
    const found = computeNetwork(inputsOf({ record: primary, hvSites: [site({ nodeId: 'west' })] }))
    expect(vehiclesAt(found, 'west')).toEqual([0, 500, 25])
    expect(vehiclesAt(found, 'gsp')).toEqual([0, 500, 25])
  })

  test('of private hire reaches the primary nearest to the charge point, with the demand that its trips gave it', () => {
    const point = {
      id: 'rapid',
      name: '',
      eastingM: 9_000,
      northingM: 0,
      kw: 150,
      isDc: true,
      taxiOnly: false,
      excluded: false,
      isHv: true,
    }
    const square = [[[8_000, -500, 10_000, -500, 10_000, 500, 8_000, 500, 8_000, -500]]]
    const trips = computeTrips({
      record: { ...tripRunForm.parse({ title: 'x', trips: [id], vehicles: id, areas: id }), engineVersion },
      trips: [
        {
          vehicle: 'v',
          model: 'car',
          startMs: Date.parse('2026-01-14T08:00:00Z'),
          endMs: Date.parse('2026-01-14T09:00:00Z'),
          from: 'e',
          to: 'e',
          km: 100,
        },
      ],
      vehicles: [{ model: 'car', usableKwh: 50, kwhPerKm: 0.2, acKw: 7, dcKw: 100, isVerified: true }],
      areas: [{ ...area('e', 9_000, 0), polygons: square }],
      chargePoints: [point],
      offStreet: [],
    })
    expect(trips.areas.map((each) => each.area)).toEqual(['hv:rapid'])
    const found = computeNetwork(inputsOf({ hvChargePoints: [point], fleet: trips.areas }))
    const fleetAt = (nodeId: string) =>
      found.nodes.find(({ place }) => network[place]?.nodeId === nodeId)?.demand.fleetW
    expect([...(fleetAt('east') ?? [])]).toEqual(trips.areas[0]?.meanW)
    expect([fleetAt('sec'), fleetAt('west'), fleetAt('far')]).toEqual([null, null, undefined])
    expect(found.summary).toMatchObject({ fleetAreasUnknown: 0, hvSites: 1 })
  })

  test('a reserved primary takes only what is stated to be connected to it', () => {
    const nodes = [
      {
        nodeId: 'own',
        eastingM: 0,
        northingM: 0,
        capacityW: 1,
        customers: null,
        reserved: true,
        feedingArea: null,
        isPrimary: true,
      },
      {
        nodeId: 'open',
        eastingM: 500,
        northingM: 0,
        capacityW: 1,
        customers: null,
        reserved: false,
        feedingArea: null,
        isPrimary: true,
      },
    ]
    const at = (nodeId: string | null) => hvLinks([site({ nodeId, eastingM: 0, northingM: 0 })], nodes, () => undefined)
    expect(at('own')[0]?.nodes).toEqual([0])
    expect(at(null)[0]?.nodes).toEqual([1])
  })

  test('whatever the sites, areas and sites together have the vehicles that areas had, to 1e-9', () => {
    const count = fc.double({ min: 0, max: 1e5, noNaN: true })
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(count, count, share), { minLength: 1, maxLength: 5 }),
        fc.array(fc.record({ area: fc.integer({ min: 0, max: 6 }), isDepot: fc.boolean(), vehicles: count }), {
          maxLength: 8,
        }),
        (areas, given) => {
          const whole = areas.map(([cars, depot]) => Float64Array.of(0, cars, depot))
          const vehicles = areas.map(([cars, depot, part]) =>
            Float64Array.of(0, cars * part, depot * part, 0, cars, depot),
          )
          const sites = given.map((each) => ({
            area: String(each.area),
            archetype: each.isDepot ? ('depot' as const) : ('public' as const),
            vehicles: each.vehicles,
          }))
          const split = splitVehicles(
            { vehicles, whole },
            areas.map((_, i) => String(i)),
            sites,
          )
          const total = (all: readonly Float64Array[], i: number) => all.reduce((sum, own) => sum + (own[i] ?? 0), 0)
          for (let i = 0; i < 6; i++) {
            const before = total(vehicles, i)
            expect(Math.abs(total(split.areas, i) + total(split.sites, i) - before)).toBeLessThanOrEqual(
              1e-9 * Math.max(1, before),
            )
          }
          expect(split.areas.every((own) => own.every((n) => n >= 0))).toBe(true)
        },
      ),
    )
  })
})
