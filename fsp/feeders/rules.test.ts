import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type CableFacts,
  type Channel,
  type ChannelReading,
  derivedPowerW,
  loadsByFeeder,
  otherLoadOf,
  siteLoadW,
} from './rules.ts'

const channel = (name: string, feeder: number, sign: 1 | 0 | -1): Channel => ({
  channel: name,
  depotId: 'yard',
  feeder,
  use: 'building',
  sign,
  voltageV: 230,
  phases: 1,
  powerFactor: 0.95,
  factor: 1,
})
const reading = (name: string, powerW: number, atMs = 0): ChannelReading => ({
  channel: name,
  atMs,
  currentA: null,
  powerW,
  isDerived: false,
})

/** Neither supplies nor charge points are known. */
const unknown = { mpanOf: () => null, chargePointsW: () => null }

describe('power from a current', () => {
  test.each([
    // phases · U · I · cos φ
    [10, { phases: 1, voltageV: 230, powerFactor: 0.95 }, 2_185],
    [10, { phases: 3, voltageV: 230, powerFactor: 0.95 }, 6_555],
    [2, { phases: 3, voltageV: 6_351, powerFactor: 0.9 }, 34_295.4],
    [0, { phases: 3, voltageV: 230, powerFactor: 1 }, 0],
  ] as const)('J3 %d A of %o is %d W', (currentA, given, wantedW) => {
    expect(derivedPowerW(currentA, given)).toBeCloseTo(wantedW, 6)
  })
})

describe('the site load', () => {
  test('J4 adds what is drawn, takes off what is generated, and passes over what another channel has counted', () => {
    const channels = [channel('a', 1, 1), channel('tenant', 2, 0), channel('sun', 3, -1)]
    const powers = new Map([
      ['a', 50_000],
      ['tenant', 20_000],
      ['sun', 60_000],
    ])
    expect(siteLoadW(channels, powers)).toBe(-10_000)
    powers.delete('tenant')
    expect(siteLoadW(channels, powers)).toBe(-10_000)
    powers.delete('sun')
    expect(siteLoadW(channels, powers)).toBeNull()
    expect(siteLoadW([channel('tenant', 2, 0)], new Map([['tenant', 1]]))).toBeNull()
  })

  test('J4 is the sum of what its supplies count, however channels are spread over feeders', () => {
    const some = fc.record({
      feeder: fc.integer({ min: 1, max: 8 }),
      sign: fc.constantFrom(1, 0, -1) as fc.Arbitrary<1 | 0 | -1>,
      powerW: fc.integer({ min: 0, max: 500_000 }),
    })
    fc.assert(
      fc.property(fc.array(some, { minLength: 1, maxLength: 20 }), (all) => {
        const channels = all.map(({ feeder, sign }, i) => channel(String(i), feeder, sign))
        const newest = new Map(all.map(({ powerW }, i) => [String(i), reading(String(i), powerW)]))
        const loads = loadsByFeeder(channels, newest, unknown)
        const sumW = loads.reduce((sum, { countedW }) => sum + countedW, 0)
        const powers = new Map(all.map(({ powerW }, i) => [String(i), powerW]))
        expect(sumW).toBe(siteLoadW(channels, powers) ?? 0)
      }),
    )
  })

  test('J4 a feeder whose channels have not all been heard has no load, and is as old as the oldest of them', () => {
    const channels = [channel('r', 1, 1), channel('y', 1, 1), channel('b', 2, 1)]
    const newest = new Map([
      ['r', reading('r', 1_000, 60_000)],
      ['y', reading('y', 2_000, 120_000)],
    ])
    expect(loadsByFeeder(channels, newest, { ...unknown, mpanOf: (feeder) => `mpan ${feeder}` })).toEqual([
      {
        feeder: 1,
        mpan: 'mpan 1',
        loadW: 3_000,
        countedW: 3_000,
        otherW: 3_000,
        uses: ['building'],
        atMs: 60_000,
        isDerived: false,
      },
    ])
  })
})

describe('what a cable carries besides charge points', () => {
  test('J4 is what buildings and tenants draw, without what the charge points draw and the sun gives', () => {
    const channels: Channel[] = [
      channel('b', 1, 1),
      { ...channel('t', 1, 0), use: 'tenant' },
      { ...channel('ev', 1, 1), use: 'ev' },
      { ...channel('sun', 1, -1), use: 'solar' },
      { ...channel('own', 2, 1), use: 'ev' },
    ]
    const powers = { b: 5_000, t: 2_000, ev: 9_000, sun: 4_000, own: 8_000 }
    const newest = new Map(Object.entries(powers).map(([name, powerW]) => [name, reading(name, powerW)]))
    expect(loadsByFeeder(channels, newest, unknown).map(({ otherW }) => otherW)).toEqual([7_000, null])
  })

  test('J4 LAW: what an incomer carries besides vehicles is told from what clamps behind it, charge points and panels account for', () => {
    const watts = fc.integer({ min: 0, max: 200_000 })
    const parts = fc.record({ buildingW: watts, tenantW: watts, clampedW: watts, meteredW: watts, solarW: watts })
    fc.assert(
      fc.property(parts, ({ buildingW, tenantW, clampedW, meteredW, solarW }) => {
        const channels: Channel[] = [
          { ...channel('incomer', 1, 1), use: 'incomer' },
          { ...channel('tenant', 2, 0), use: 'tenant' },
          { ...channel('ev', 3, 0), use: 'ev' },
          { ...channel('sun', 1, 0), use: 'solar' },
          { ...channel('elsewhere', 9, 1), use: 'building' },
        ]
        const incomerW = buildingW + tenantW + clampedW + meteredW - solarW
        const powers = { incomer: incomerW, tenant: tenantW, ev: clampedW, sun: solarW, elsewhere: 7 }
        const newest = new Map(Object.entries(powers).map(([name, powerW]) => [name, reading(name, powerW, 60_000)]))
        const asked: { atMs: number; isOn: boolean[] }[] = []
        const facts: CableFacts = {
          mpanOf: (feeder) => (feeder === 9 ? 'other' : 'own'),
          chargePointsW(isOn, atMs) {
            const places = [1, 3, 4, 9].map((feeder) => ({ feeder, mpan: null }))
            asked.push({ atMs, isOn: [...places, { feeder: 4, mpan: 'other' }].map(isOn) })
            return meteredW
          },
        }
        const otherW = loadsByFeeder(channels, newest, facts).map((each) => each.otherW)
        expect(otherW).toEqual([buildingW, tenantW, null, 7])
        // Those on the cable with a clamp of its own, and those of the other supply, are not counted again.
        expect(asked).toEqual([{ atMs: 60_000, isOn: [true, false, true, false, false] }])
        expect(loadsByFeeder(channels, newest, { ...facts, chargePointsW: () => null })[0]?.otherW).toBeNull()
        newest.delete('tenant')
        expect(loadsByFeeder(channels, newest, facts)[0]?.otherW).toBeNull()
      }),
    )
  })

  test('J4 is as measured while that is fresh, then a fifth more and no less than the register says, and as the register says without', () => {
    const minute = 60_000
    const loads = [
      { otherW: 5_000, atMs: 0 },
      { otherW: 2_000, atMs: 3 * minute },
      { otherW: null, atMs: 0 },
    ]
    expect(otherLoadOf(loads, 9_000, 10 * minute)).toEqual({ otherLoadW: 7_000, basis: 'measured' })
    expect(otherLoadOf(loads, 3_000, 10 * minute + 1)).toEqual({ otherLoadW: 8_400, basis: 'stale' })
    expect(otherLoadOf(loads, 9_000, 10 * minute + 1)).toEqual({ otherLoadW: 9_000, basis: 'stale' })
    expect(otherLoadOf(loads, 3_000, null)).toEqual({ otherLoadW: 8_400, basis: 'stale' })
    expect(otherLoadOf([{ otherW: null, atMs: 0 }], 9_000, 0)).toEqual({ otherLoadW: 9_000, basis: 'register' })
  })
})
