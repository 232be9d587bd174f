import { Instant } from '@js-joda/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planInput } from '../../../../schemas/planning/sites/plan.ts'
import { worstWeek } from './background.ts'
import { planSite } from './plan.ts'
import { profileWeekKw, weekPrices } from './tariff.ts'

const scenarios = ['unmanaged', 'least-peak', 'profile', 'least-cost'] as const

const groups = fc.array(
  fc.record({
    count: fc.integer({ min: 1, max: 3 }),
    usableKwh: fc.integer({ min: 30, max: 80 }),
    days: fc.subarray([0, 1, 2, 3, 4, 5, 6]),
    leaves: fc.constantFrom('00:10', '05:00', '07:15', '13:30', '22:00', '23:50'),
    returns: fc.constantFrom('04:30', '06:00', '16:45', '18:00', '23:30', '23:55'),
    milesPerDay: fc.integer({ min: 0, max: 80 }),
  }),
  { minLength: 1, maxLength: 3 },
)

const inputOf = (given: object) =>
  planInput.parse({
    scenario: 'unmanaged',
    backgroundKw: Array.from({ length: 336 }, (_, t) => 10 + (t % 48)),
    groups: [],
    chargePoints: [{ name: 'post', kw: 7.4, count: 2 }],
    tariff: { pencePerKwh: 20 },
    profile: { weekday: [{ from: '00:00', limitW: 60_000 }], weekend: [{ from: '00:00', limitW: 60_000 }] },
    ...given,
  })

describe('plans of sites', () => {
  test('SPT01 the base scenario is the site without vehicles', async () => {
    const van = { name: 'van', usableKwh: 50, kwhPerMile: 0.5, acKw: 10, purchaseGbp: '30000' }
    const group = { name: 'vans', count: 4, ev: van, chargePoint: 'post', days: [0], leaves: '07:00', returns: '16:00' }
    const plan = await planSite(inputOf({ scenario: 'base', groups: [{ ...group, milesPerDay: 20 }], ascKva: 70 }))
    expect(plan.siteKw).toEqual(plan.backgroundKw)
    // The most of the background is 10 + 47 kW, at 23:30; by 0.95 that is 60 kVA.
    expect(plan).toMatchObject({
      peakKw: 57,
      peakDay: 0,
      peakFrom: '23:30',
      capacityKva: 60,
      extraKva: 0,
      chargedKwh: 0,
    })
    expect(plan.money).toMatchObject({ chargingGbpPerWeek: '0.00', capital: { totalGbp: '0.00' } })
  })

  test('a plan says how far it is by its steps, a search by the ways that it has tried', async () => {
    const van = { name: 'van', usableKwh: 50, kwhPerMile: 0.5, acKw: 10, purchaseGbp: '30000' }
    const group = { name: 'vans', count: 2, ev: van, chargePoint: 'post', days: [0], leaves: '07:00', returns: '16:00' }
    const posts = ['post', 'other'].map((name) => ({ name, kw: 7.4, count: 2 }))
    const heard = async (more: object) => {
      const said: number[] = []
      const given = inputOf({ groups: [{ ...group, milesPerDay: 20 }], chargePoints: posts, ...more })
      await planSite(given, (progress) => said.push(progress))
      return said
    }
    expect(await heard({})).toEqual([0.1, 0.9])
    // One group, two types: two ways.
    expect(await heard({ search: 'fewest-kva' })).toEqual([0, 0.5])
  })

  test('SPT02 SPT03 SPT04 every group charges what it drives, whatever the scenario; so at one price all of them cost the same', async () => {
    await fc.assert(
      fc.asyncProperty(groups, fc.boolean(), async (given, taper) => {
        const fleet = given.map(({ usableKwh, ...each }, i) => ({
          ...each,
          name: `group ${i}`,
          ev: { name: 'van', usableKwh, kwhPerMile: 0.4, acKw: 11 },
          chargePoint: 'post',
        }))
        const costs = new Set<string>()
        for (const scenario of scenarios) {
          const plan = await planSite(inputOf({ scenario, groups: fleet, options: { taper } }))
          costs.add(plan.money.chargingGbpPerWeek)
          const driven = plan.groups.reduce((sum, group) => sum + group.drivenKwh, 0)
          expect(plan.chargedKwh + plan.missingAtEndKwh).toBeCloseTo(driven, 1)
          if (plan.missingAtEndKwh === 0)
            for (const group of plan.groups) expect(group.chargedKwh).toBeCloseTo(group.drivenKwh, 1)
        }
        const pence = [...costs].map((gbp) => Math.round(Number(gbp) * 100))
        expect(Math.max(...pence) - Math.min(...pence)).toBeLessThanOrEqual(1)
      }),
      { numRuns: 15 },
    )
  })

  test('SPT03 no scenario has a lower peak than the least peak, and SPT04 none within the profile costs less than the constrained one', async () => {
    await fc.assert(
      fc.asyncProperty(groups, async (given) => {
        const fleet = given.map(({ usableKwh, ...each }, i) => ({
          ...each,
          name: `group ${i}`,
          ev: { name: 'van', usableKwh, kwhPerMile: 0.4, acKw: 11 },
          chargePoint: 'post',
        }))
        const tariff = {
          pencePerKwh: 30,
          bands: [{ days: [0, 1, 2, 3, 4, 5, 6], from: '00:30', to: '04:30', pencePerKwh: 8 }],
        }
        const battery = { usableKwh: 10, powerKw: 5 }
        const ask = async (scenario: string) =>
          planSite(inputOf({ scenario, groups: fleet, tariff, options: { battery } }))
        const [unmanaged, least, profile, cheapest] = [
          await ask('unmanaged'),
          await ask('least-peak'),
          await ask('profile'),
          await ask('least-cost'),
        ]
        for (const other of [unmanaged, profile, cheapest])
          expect(least.peakKw).toBeLessThanOrEqual(other.peakKw + 0.002)
        if (profile.excessKw === 0) expect(profile.peakKw).toBeLessThanOrEqual(60.002)
        const costOf = (plan: typeof least) => Number(plan.money.chargingGbpPerWeek)
        if (least.peakKw <= 60) expect(costOf(profile)).toBeLessThanOrEqual(costOf(least) + 0.011)
        for (const other of [unmanaged, least, profile])
          expect(costOf(cheapest)).toBeLessThanOrEqual(costOf(other) + 0.011)
        for (const plan of [least, profile, cheapest]) expect(Math.min(...plan.siteKw)).toBeGreaterThanOrEqual(-0.002)
      }),
      { numRuns: 8 },
    )
  })

  test('SPT03 a search keeps within the space, and says where nothing fits', async () => {
    const ev = { name: 'van', usableKwh: 50, kwhPerMile: 0.5, acKw: 11 }
    const group = { name: 'vans', count: 4, ev, chargePoint: 'post', days: [1], leaves: '07:00', returns: '16:00' }
    const search = (spaceM2: number) =>
      planSite(
        inputOf({
          scenario: 'least-peak',
          search: 'fewest-kva',
          spaceM2,
          groups: [{ ...group, milesPerDay: 20 }],
          chargePoints: [
            { name: 'post', kw: 7.4, count: 0, spaceM2: 10 },
            { name: 'twin', kw: 7.4, count: 0, spaceM2: 12, socketsEach: 2 },
          ],
        }),
      )
    // A van needs nothing to leave with 40 kWh, but 10 kWh to end with them: each needs a socket on Monday or after 16:00 on Tuesday.
    const roomy = await search(100)
    expect(roomy.search?.best[0]).toMatchObject({ impossibleJourneys: 0 })
    for (const { spaceM2 } of roomy.search?.best ?? []) expect(spaceM2).toBeLessThanOrEqual(100)
    const narrow = await search(24)
    expect(narrow.search?.best.length).toBeGreaterThan(0)
    for (const { spaceM2 } of narrow.search?.best ?? []) expect(spaceM2).toBeLessThanOrEqual(24)
    expect(roomy.capacityKva).toBeLessThanOrEqual(narrow.capacityKva)
    expect((await search(5)).search).toEqual({ aim: 'fewest-kva', tried: 0, best: [] })
  })

  test('DC is off unless it is asked for, and every name is one that the plan has', () => {
    const said = (given: object) =>
      planInput.safeParse({ scenario: 'profile', backgroundKw: Array(336).fill(1), groups: [], ...given }).error?.issues
    const dc = [{ name: 'hub', kw: 50, current: 'dc', count: 1 }]
    expect(said({ chargePoints: dc })?.map(({ message }) => message)).toEqual([
      'is needed: this scenario keeps within it',
      'is DC: switch on options.dc, or choose an AC type',
    ])
  })
})

describe('tariffs and profiles', () => {
  test('a band over midnight on Sunday reaches into Monday, and a later band replaces an earlier one', () => {
    const prices = weekPrices({
      pencePerKwh: 20,
      capacityPencePerKvaDay: 0,
      bands: [
        { days: [6], from: '23:00', to: '01:00', pencePerKwh: 8 },
        { days: [0], from: '00:30', to: '24:00', pencePerKwh: 30 },
      ],
    })
    expect([prices[333], prices[334], prices[335], prices[0], prices[1], prices[47], prices[48]]).toEqual([
      20, 8, 8, 8, 30, 30, 20,
    ])
  })

  test('a limit that changes within a half-hour is the lower one for all of it', () => {
    const weekday = [
      { from: '00:00', limitW: 9_000 },
      { from: '10:15', limitW: 4_000 },
      { from: '11:15', limitW: 7_000 },
    ]
    const limits = profileWeekKw({ weekday, weekend: [{ from: '00:00', limitW: 2_000 }] })
    expect([...limits.subarray(19, 25)]).toEqual([9, 4, 4, 4, 7, 7])
    expect([limits[4 * 48], limits[5 * 48]]).toEqual([9, 2])
  })
})

describe('background load', () => {
  test('SPT01 the worst of the history counts for each half-hour of the week', () => {
    // Two weeks from Monday 5 January 2026: 1 kWh, but 3 kWh on the second Tuesday at 09:00.
    const kwh = Array.from({ length: 672 }, (_, i) => (i === 336 + 48 + 18 ? 3 : 1))
    const found = worstWeek({ from: Instant.parse('2026-01-05T00:00:00Z'), kwh })
    expect([found?.weekKw[48 + 18], found?.weekKw[18]]).toEqual([6, 2])
    expect(found).toMatchObject({ gaps: [], filled: [], knownHalfHours: 672 })
  })

  test('of the hour that the clock shows twice both half-hours count; the hour that it leaves out is no gap', () => {
    // Sunday 25 October 2026: 00:00 UTC is 01:00 BST, 01:00 UTC is 01:00 GMT. Local midnight is 23:00 UTC.
    const back = worstWeek({ from: Instant.parse('2026-10-24T23:00:00Z'), kwh: [1, 1, 2, 2, 5, 1, 1] })
    const sunday = 6 * 48
    expect([...(back?.weekKw.subarray(sunday, sunday + 5) ?? [])]).toEqual([2, 2, 10, 4, 2])
    // Sunday 29 March 2026: 01:00 UTC is 02:00 BST. Nothing is recorded for 01:00 and 01:30, so that the most of all stands in.
    const forward = worstWeek({ from: Instant.parse('2026-03-29T00:00:00Z'), kwh: [1, 1, 4, 1] })
    expect([...(forward?.weekKw.subarray(sunday, sunday + 6) ?? [])]).toEqual([2, 2, 8, 8, 8, 2])
    expect(forward?.gaps).toEqual([])
    expect(forward?.filled).toHaveLength(332)
  })

  test('gaps are named, and like days stand in for what was never recorded', () => {
    // Monday and Tuesday: nothing from 08:00 to 09:00 on Monday, 2 kWh at 08:00 on Tuesday.
    const kwh = Array.from({ length: 96 }, (_, i) => (i === 16 || i === 17 ? null : i === 48 + 16 ? 2 : 1))
    const found = worstWeek({ from: Instant.parse('2026-01-05T00:00:00Z'), kwh })
    expect(found?.gaps).toEqual([
      { from: Instant.parse('2026-01-05T08:00:00Z'), to: Instant.parse('2026-01-05T09:00:00Z'), halfHours: 2 },
    ])
    expect([found?.weekKw[16], found?.weekKw[17], found?.weekKw[4 * 48 + 16]]).toEqual([4, 2, 4])
    expect(worstWeek({ from: Instant.parse('2026-01-05T00:00:00Z'), kwh: [null] })).toBeNull()
  })
})
