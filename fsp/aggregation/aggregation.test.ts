import fc from 'fast-check'
import type { Highs } from 'highs'
import * as highsModule from 'highs'
import { describe, expect, test } from 'vitest'
import {
  bidsFor,
  envelopeOf,
  groupStays,
  lowestLevelW,
  mostTurnDownW,
  planCharging,
  reachableWh,
  type Stay,
  shareOut,
} from './index.ts'

// The package's types describe its CommonJS form; this imports the ES module, whose default export is the loader.
const highs = await (highsModule.default as unknown as () => Promise<Highs>)()
const horizon = { periods: 8, periodH: 0.5 }
const stay = (over: Partial<Stay>): Stay => ({
  key: 'v',
  arrives: 0,
  leaves: 8,
  energyWh: 7_000,
  mostW: 7_000,
  leastW: 1_380,
  costGbpPerMwh: 100,
  isUrgent: false,
  ...over,
})
const flat = (w: number) => new Float64Array(horizon.periods).fill(w)

/** Small fleets with limits and prices by period. */
const instances = fc.record({
  stays: fc
    .array(
      fc.record({
        arrives: fc.integer({ min: 0, max: 6 }),
        stays: fc.integer({ min: 1, max: 8 }),
        energyWh: fc.integer({ min: 0, max: 20_000 }),
        mostW: fc.constantFrom(3_000, 3_680, 7_000, 7_400, 11_000),
        isUrgent: fc.constant(false),
      }),
      { minLength: 1, maxLength: 6 },
    )
    .map((given) =>
      given.map(({ stays, ...each }, i) => stay({ ...each, key: `v${i}`, leaves: Math.min(8, each.arrives + stays) })),
    ),
  mostW: fc.array(fc.integer({ min: 0, max: 25_000 }), { minLength: 8, maxLength: 8 }).map((w) => Float64Array.from(w)),
  price: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 8, maxLength: 8 }).map((p) => Float64Array.from(p)),
})

interface Program {
  objective: string
  rows?: string[]
  bounds?: string[]
}

/** Solves a linear program over the energies `x{stay}_{period}`, Wh, with the rows that every way of charging keeps. */
function solve(stays: readonly Stay[], mostW: Float64Array, { objective, rows = [], bounds = [] }: Program): number {
  const { periods, periodH } = horizon
  const names: string[][] = Array.from({ length: periods }, () => [])
  const own = stays.map(({ arrives, leaves, mostW: w }, s) =>
    Array.from({ length: leaves - arrives }, (_, i) => {
      const name = `x${s}_${arrives + i}`
      names[arrives + i]?.push(name)
      bounds.push(`0 <= ${name} <= ${w * periodH}`)
      return name
    }),
  )
  const needs = own.map((each, s) => ` s${s}: ${each.join(' + ')} <= ${stays[s]?.energyWh}`)
  const limits = names.flatMap((each, t) =>
    each.length > 0 ? [` t${t}: ${each.join(' + ')} <= ${(mostW[t] ?? 0) * periodH}`] : [],
  )
  const model = `${objective}\nSubject To\n${[...needs, ...limits, ...rows].join('\n')}\nBounds\n${bounds.join('\n')}\nEnd`
  const { Status, ObjectiveValue } = highs.solve(model)
  if (Status !== 'Optimal') throw new Error(`${Status}\n${model}`)
  return ObjectiveValue
}

function allEnergies(stays: readonly Stay[], factor: (period: number) => number): string {
  return stays
    .flatMap(({ arrives, leaves }, s) =>
      Array.from({ length: leaves - arrives }, (_, i) => `${factor(arrives + i)} x${s}_${arrives + i}`),
    )
    .join(' + ')
}

const servedWh = (stays: readonly Stay[], mostW: Float64Array) =>
  solve(stays, mostW, { objective: `Maximize\n obj: ${allEnergies(stays, () => 1)}` })

const possibleWh = (stays: readonly Stay[]) => stays.reduce((sum, each) => sum + reachableWh(each, horizon), 0)

describe('the plan of a unit', () => {
  test('serves as much as the linear optimum and costs no more', () => {
    fc.assert(
      fc.property(instances, ({ stays, mostW, price }) => {
        const { powerW, shortfallWh } = planCharging(stays, { mostW, price }, horizon)
        const optimumWh = servedWh(stays, mostW)
        expect(possibleWh(stays) - shortfallWh).toBeCloseTo(optimumWh, 3)
        const cost = powerW.reduce((sum, w, t) => sum + w * horizon.periodH * (price[t] ?? 0), 0)
        const least = solve(stays, mostW, {
          objective: `Minimize\n obj: ${allEnergies(stays, (t) => price[t] ?? 0)}`,
          rows: [` all: ${allEnergies(stays, () => 1)} >= ${optimumWh - 1e-6}`],
        })
        expect(cost).toBeCloseTo(least, 1)
        for (const [t, w] of powerW.entries()) expect(w).toBeLessThanOrEqual((mostW[t] ?? 0) + 1e-6)
      }),
      { numRuns: 300 },
    )
  })

  test('moves others out of the way of one that can only charge now', () => {
    // 7 kW for an hour. The patient one could charge at any time and is listed first; the other leaves after two half-hours.
    const stays = [stay({ key: 'patient', leaves: 4 }), stay({ key: 'hurried', leaves: 2 })]
    const { powerW, shortfallWh } = planCharging(stays, { mostW: flat(7_000), price: flat(1) }, horizon)
    expect(shortfallWh).toBe(0)
    expect([...powerW]).toEqual([7_000, 7_000, 7_000, 7_000, 0, 0, 0, 0])
  })

  test('charges a vehicle at once whose driver asked for it, whatever the limit and the price', () => {
    const stays = [stay({ key: 'urgent', isUrgent: true, energyWh: 5_250 }), stay({ key: 'other' })]
    const price = Float64Array.from([9, 9, 1, 1, 1, 1, 1, 1])
    const { powerW, shortfallWh } = planCharging(stays, { mostW: flat(5_000), price }, horizon)
    // 5,250 Wh at 7 kW: a half-hour in full and one at half, 3.5 kW. Then the other has 5 kW, and its 7 kWh take 2.8 half-hours.
    expect([...powerW]).toEqual([7_000, 3_500, 5_000, 5_000, 4_000, 0, 0, 0])
    expect(shortfallWh).toBe(0)
  })
})

describe('the flexibility of a unit', () => {
  test('HOM01 vehicles that need two of eight half-hours can stay away from a window of two, and from one of seven only in part', () => {
    const stays = [stay({ key: 'a' }), stay({ key: 'b' })]
    const baselineW = envelopeOf(stays, horizon).soonestW
    expect([...baselineW]).toEqual([14_000, 14_000, 0, 0, 0, 0, 0, 0])
    expect(mostTurnDownW(stays, baselineW, { from: 0, to: 2 }, flat(14_000), horizon)).toBe(14_000)
    // After a window of seven half-hours one is left, in which each takes 3.5 of its 7 kWh. Baseline is 0 from the third on.
    expect(mostTurnDownW(stays, baselineW, { from: 0, to: 7 }, flat(14_000), horizon)).toBe(0)
    // Of 10 kWh due within three half-hours one half-hour after the window takes 3.5 kWh; 6.5 kWh in an hour are 6.5 of 7 kW.
    const hurried = [stay({ leaves: 3, energyWh: 10_000 })]
    const own = envelopeOf(hurried, horizon).soonestW
    expect(mostTurnDownW(hurried, own, { from: 0, to: 2 }, flat(14_000), horizon)).toBeCloseTo(500, -1)
  })

  test('what can be turned down equals the linear optimum', () => {
    fc.assert(
      fc.property(
        instances,
        fc.integer({ min: 0, max: 6 }),
        fc.integer({ min: 1, max: 4 }),
        ({ stays, mostW }, from, length) => {
          const window = { from, to: Math.min(8, from + length) }
          const baselineW = envelopeOf(stays, horizon).soonestW
          const found = mostTurnDownW(stays, baselineW, window, mostW, horizon)
          let highestW = Number.POSITIVE_INFINITY
          for (let t = window.from; t < window.to; t++) highestW = Math.min(highestW, baselineW[t] ?? 0)
          const atBaselineW = mostW.map((w, t) =>
            t < window.from || t >= window.to ? w : Math.min(w, baselineW[t] ?? 0),
          )
          const rows = [` all: ${allEnergies(stays, () => 1)} >= ${servedWh(stays, atBaselineW) - 1e-3}`]
          for (let t = window.from; t < window.to; t++) {
            const own = stays.flatMap(({ arrives, leaves }, s) => (arrives <= t && t < leaves ? [`x${s}_${t}`] : []))
            rows.push(
              ` w${t}: ${[...own, `${horizon.periodH} d`].join(' + ')} <= ${(baselineW[t] ?? 0) * horizon.periodH}`,
            )
          }
          const most = solve(stays, atBaselineW, {
            objective: 'Maximize\n obj: d',
            rows,
            bounds: [`0 <= d <= ${highestW}`],
          })
          expect(Math.abs(found - most)).toBeLessThanOrEqual(1.1)
        },
      ),
      { numRuns: 200 },
    )
  })

  test('the level below which everything fits equals the linear optimum', () => {
    fc.assert(
      fc.property(instances, ({ stays, mostW }) => {
        const rows = [` all: ${allEnergies(stays, () => 1)} >= ${servedWh(stays, mostW) - 1e-3}`]
        for (let t = 0; t < horizon.periods; t++) {
          const own = stays.flatMap(({ arrives, leaves }, s) => (arrives <= t && t < leaves ? [`x${s}_${t}`] : []))
          if (own.length > 0) rows.push(` p${t}: ${own.join(' + ')} - ${horizon.periodH} level <= 0`)
        }
        const least = solve(stays, mostW, {
          objective: 'Minimize\n obj: level',
          rows,
          bounds: ['0 <= level <= 1000000'],
        })
        expect(Math.abs(lowestLevelW(stays, mostW, horizon) - least)).toBeLessThanOrEqual(1.1)
      }),
      { numRuns: 200 },
    )
  })

  test('every plan lies in the envelope, whose curves are those of charging first thing and last thing', () => {
    fc.assert(
      fc.property(instances, ({ stays, price }) => {
        const { mostWh, leastWh, mostW } = envelopeOf(stays, horizon)
        const cumulative = (powerW: Float64Array) => {
          let sum = 0
          return powerW.map((w) => (sum += w * horizon.periodH))
        }
        const own = cumulative(planCharging(stays, { mostW: flat(1e6), price }, horizon).powerW)
        const soonest = cumulative(planCharging(stays, { mostW: flat(1e6), price: flat(1) }, horizon).powerW)
        const falling = Float64Array.from({ length: 8 }, (_, t) => 8 - t)
        const latest = cumulative(planCharging(stays, { mostW: flat(1e6), price: falling }, horizon).powerW)
        for (let t = 0; t < horizon.periods; t++) {
          expect(own[t] ?? 0).toBeLessThanOrEqual((mostWh[t] ?? 0) + 1e-6)
          expect(own[t] ?? 0).toBeGreaterThanOrEqual((leastWh[t] ?? 0) - 1e-6)
          expect(soonest[t]).toBeCloseTo(mostWh[t] ?? 0, 3)
          expect(latest[t]).toBeCloseTo(leastWh[t] ?? 0, 3)
          expect((own[t] ?? 0) - (own[t - 1] ?? 0)).toBeLessThanOrEqual((mostW[t] ?? 0) * horizon.periodH + 1e-6)
        }
      }),
      { numRuns: 200 },
    )
  })

  test('bids grow with the price: a dearer one holds back whoever a cheaper one does, and more', () => {
    const stays = [10, 20, 30].map((costGbpPerMwh, i) => stay({ key: `v${i}`, costGbpPerMwh }))
    stays.push(stay({ key: 'boost', isUrgent: true, costGbpPerMwh: 0 }))
    const bids = bidsFor(stays, [25, 5, 15, 100], { from: 0, to: 2 }, flat(50_000), horizon)
    expect(bids).toEqual([
      { costGbpPerMwh: 5, turnDownW: 0 },
      { costGbpPerMwh: 15, turnDownW: 7_000 },
      { costGbpPerMwh: 25, turnDownW: 14_000 },
      { costGbpPerMwh: 100, turnDownW: 21_000 },
    ])
  })
})

describe('many vehicles', () => {
  test('vehicles of one kind are one group, and the plan of the groups is that of the vehicles', () => {
    fc.assert(
      fc.property(instances, fc.integer({ min: 1, max: 20 }), ({ stays, mostW, price }, copies) => {
        const many = stays.flatMap((each) =>
          Array.from({ length: copies }, (_, i) => ({ ...each, key: `${each.key}-${i}` })),
        )
        const groups = groupStays(many, horizon)
        expect(groups.length).toBeLessThanOrEqual(stays.length)
        const manyW = mostW.map((w) => w * copies)
        const exact = planCharging(many, { mostW: manyW, price }, horizon)
        const grouped = planCharging(groups, { mostW: manyW, price }, horizon)
        // Grouping may join needs that differ by less than a period of charging: it never serves less than the vehicles could.
        expect(grouped.shortfallWh).toBeLessThanOrEqual(exact.shortfallWh + 1e-3)
      }),
      { numRuns: 100 },
    )
  })

  test('what a unit draws is shared by least laxity, each nothing or at least 6 A', () => {
    const stays = [
      stay({ key: 'late', leaves: 8 }),
      stay({ key: 'soon', leaves: 2 }),
      stay({ key: 'next', leaves: 4 }),
      stay({ key: 'away', arrives: 1 }),
      stay({ key: 'boost', isUrgent: true, energyWh: 2_000 }),
    ]
    // 4 kW boost (2 kWh in a half-hour), then 7 kW for the one without spare time, then 2 kW of 7; 0.5 kW would be under the least.
    expect(shareOut(stays, 13_000, horizon)).toEqual(
      new Map([
        ['boost', 4_000],
        ['soon', 7_000],
        ['next', 2_000],
      ]),
    )
    expect(shareOut(stays, 11_500, horizon)).toEqual(
      new Map([
        ['boost', 4_000],
        ['soon', 7_000],
      ]),
    )
    expect(shareOut(stays, 0, horizon)).toEqual(new Map([['boost', 4_000]]))
    fc.assert(
      fc.property(instances, fc.integer({ min: 0, max: 40_000 }), ({ stays: some }, totalW) => {
        const shares = [...shareOut(some, totalW, horizon)]
        expect(shares.reduce((sum, [, w]) => sum + w, 0)).toBeLessThanOrEqual(totalW)
        for (const [, w] of shares) expect(w).toBeGreaterThanOrEqual(1_380)
      }),
    )
  })
})
