import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { laterCost } from './later-cost.ts'
import { offeredW, type PricePolicy, priceOffer } from './pricing.ts'
import { costMoved, powerMoved, revisionOf } from './revision.ts'
import { type Claim, claimOrder, stack } from './stacking.ts'

describe('K2 the cost of charging later', () => {
  test('what is put off is bought in the cheapest quarter-hours that have room', () => {
    // 6 kWh at 10 p instead of 30 p, 4 kWh at 35 p: 6 · −20 + 4 · 5 = −100 p, which is no cost.
    const later = [
      { freeWh: 4_000, pencePerKwh: 35 },
      { freeWh: 6_000, pencePerKwh: 10 },
    ]
    expect(laterCost(10_000, 30, later, 1_000)).toEqual({ gbpPerMwh: 0, shortWh: 0 })
    // From 5 p: 6 · 5 + 4 · 30 = 150 p for 10 kWh, 15 p/kWh, £150/MWh.
    expect(laterCost(10_000, 5, later, 1_000)).toEqual({ gbpPerMwh: 150, shortWh: 0 })
  })

  test('what has no room before the vehicles leave costs what a van costs that is not full', () => {
    // Half of it is short at £1,000/MWh, the other half costs 10 p more: (0.5 · 100) + (0.5 · 1000).
    expect(laterCost(10_000, 20, [{ freeWh: 5_000, pencePerKwh: 30 }], 1_000)).toEqual({
      gbpPerMwh: 550,
      shortWh: 5_000,
    })
    expect(laterCost(0, 20, [], 1_000)).toEqual({ gbpPerMwh: 0, shortWh: 0 })
  })

  test('more room never costs more', () => {
    const slots = fc.array(
      fc.record({ freeWh: fc.integer({ min: 0, max: 9_000 }), pencePerKwh: fc.integer({ min: 0, max: 100 }) }),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(slots, fc.integer({ min: 1, max: 40_000 }), fc.integer({ min: 0, max: 100 }), (later, wh, now) => {
        const wider = later.map((slot) => ({ ...slot, freeWh: slot.freeWh + 500 }))
        // A van that is not full costs more than any hour.
        expect(laterCost(wh, now, wider, 2_000).gbpPerMwh).toBeLessThanOrEqual(
          laterCost(wh, now, later, 2_000).gbpPerMwh + 1e-6,
        )
      }),
    )
  })
})

describe('K2 an offer', () => {
  const policy: PricePolicy = {
    offerQuantile: 0.2,
    leastW: 1_000,
    roundToW: 500,
    handlingGbpPerMwh: 200,
    standbyGbpPerMwH: 10,
    shortGbpPerMwh: 1_000,
    marginShare: 0.1,
  }
  const basis = {
    samplesW: [10_000, 20_000, 20_000, 20_000],
    promisedW: 20_000,
    heldW: 0,
    reliability: 1,
    mostW: 50_000,
    laterGbpPerMwh: 50,
  }

  test('carries its costs by what is delivered', () => {
    // Of 20 kW an eighth is missing on average: (50 + 200) · 1.1 / (7/8) = 314.2857, and 10 · 1.1 / (7/8) = 12.5714.
    expect(priceOffer(basis, policy)).toMatchObject({
      turnDownW: 20_000,
      utilisationGbpPerMwh: '314.29',
      availabilityGbpPerMwH: '12.58',
      working: { shortShare: 0.125, laterGbpPerMwh: 50, samples: 4 },
    })
  })

  test('is less by what others hold, and by what the unit failed to deliver before', () => {
    // (20 − 4) kW · 0.75 = 12 kW.
    expect(offeredW({ ...basis, heldW: 4_000, reliability: 0.75 }, policy)).toBe(12_000)
    expect(offeredW({ ...basis, mostW: 7_800 }, policy)).toBe(7_500)
    expect(priceOffer({ ...basis, heldW: 19_500 }, policy)).toBeNull()
  })
})

describe('L16 services that stand beside each other', () => {
  test('the DNO’s contract holds first, then what others were promised, then the tariff, and the rest is free', () => {
    const claims: Claim[] = [
      { holder: 'tariff', name: 'plan', powerW: 30_000 },
      { holder: 'others', name: 'DFS', powerW: 25_000 },
      { holder: 'dno', name: 'A', powerW: 40_000 },
    ]
    expect(stack(100_000, claims)).toEqual({
      held: [
        { holder: 'dno', name: 'A', powerW: 40_000, heldW: 40_000 },
        { holder: 'others', name: 'DFS', powerW: 25_000, heldW: 25_000 },
        { holder: 'tariff', name: 'plan', powerW: 30_000, heldW: 30_000 },
      ],
      freeW: 5_000,
    })
    expect(stack(50_000, claims)).toMatchObject({
      held: [{ heldW: 40_000 }, { heldW: 10_000 }, { heldW: 0 }],
      freeW: 0,
    })
  })

  test('no watt is held twice, and what ranks lower takes nothing from what ranks higher', () => {
    const claim = fc.record({
      holder: fc.constantFrom(...claimOrder),
      name: fc.constantFrom('a', 'b'),
      powerW: fc.integer({ min: 0, max: 50_000 }),
    })
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000 }), fc.array(claim, { maxLength: 6 }), (potentialW, claims) => {
        const { held, freeW } = stack(potentialW, claims)
        expect(held.reduce((sum, { heldW }) => sum + heldW, freeW)).toBe(potentialW)
        const firm = claims.filter(({ holder }) => holder !== 'tariff')
        expect(held.filter(({ holder }) => holder !== 'tariff')).toEqual(stack(potentialW, firm).held)
      }),
    )
  })
})

describe('K4 revisions', () => {
  const day = { startsMs: [0, 900_000, 1_800_000], nowMs: 100, moved: powerMoved }

  test('the first goes at once; a later one only when it has moved far enough', () => {
    expect(revisionOf({ ...day, fresh: [1, 2, 3], sent: null, gates: [] })).toEqual({
      values: [1, 2, 3],
      reason: 'the first of its day',
    })
    expect(revisionOf({ ...day, fresh: [20_900, 0, 0], sent: [20_000, 0, 0], gates: [] })).toBeNull()
    expect(revisionOf({ ...day, fresh: [21_000, 0, 5_000], sent: [20_000, 0, 0], gates: [] })).toEqual({
      values: [21_000, 0, 5_000],
      reason: 'the forecast moved: 20000 W became 21000 W, and 1 more',
    })
    expect(costMoved('100.00', '101.99')).toBeNull()
    expect(costMoved('100.00', '102.00')).toBe('£100.00 became £102.00')
  })

  test('a quarter-hour whose gate has closed keeps what was sent, and nothing goes once all have', () => {
    const gates = [
      { closesMs: 50, fromMs: 0, toMs: 900_000 },
      { closesMs: 500, fromMs: 900_000, toMs: 2_700_000 },
    ]
    const wish = { ...day, fresh: [9_000, 9_000, 9_000], sent: [0, 0, 0], gates }
    expect(revisionOf(wish)?.values).toEqual([0, 9_000, 9_000])
    expect(revisionOf({ ...wish, nowMs: 500 })).toBeNull()
    expect(revisionOf({ ...wish, fresh: [9_000, 0, 0] })).toBeNull()
  })
})
