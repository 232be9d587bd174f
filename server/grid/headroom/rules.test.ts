import { Instant, LocalDate } from '@js-joda/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { halfHourStarts, type ProfileLimits } from '../../../schemas/grid/profiles.ts'
import { dayEnd, dayStart } from '../../../schemas/vocabulary/time.ts'
import { type ConnectionTerms, limitAt, limitSteps, localMoment } from '../connections/index.ts'
import { agreedOn } from './agreed.ts'
import { assessCell, capacityW, headroomW, type LoadConnection, type LoadNode, nodeLoads } from './rules.ts'
import { type DayVector, flat, halfHours, stepsOf, vectorOf } from './vectors.ts'

const watts = fc.integer({ min: 0, max: 500_000 })
const vector: fc.Arbitrary<DayVector> = fc.array(watts, { minLength: halfHours, maxLength: halfHours })
const steps = vector.map(stepsOf)
const limits: fc.Arbitrary<ProfileLimits> = fc.record({ weekday: steps, weekend: steps })
const days = fc.integer({ min: 0, max: 800 }).map((n) => LocalDate.parse('2025-06-01').plusDays(n))

/** A random tree of three levels with connections on any of its nodes. */
const trees = fc
  .record({
    parents: fc.array(fc.nat(), { minLength: 0, maxLength: 12 }),
    ratings: fc.array(fc.option(fc.integer({ min: 50, max: 2_000 }), { nil: null }), { minLength: 13, maxLength: 13 }),
    connections: fc.array(fc.tuple(fc.nat(), vector, fc.option(vector, { nil: null })), { maxLength: 6 }),
    history: fc.array(fc.tuple(fc.nat(), vector), { maxLength: 3 }),
  })
  .map(({ parents, ratings, connections, history }) => {
    const nodes: LoadNode[] = [null, ...parents].map((pick, n) => ({
      nodeId: `n${n}`,
      name: `Node ${n}`,
      kind: n === 0 ? 'gsp' : 'secondary',
      parentId: pick === null ? null : `n${pick % n}`,
      ratingWinterKva: ratings[n] ?? null,
      ratingSummerKva: ratings[n] ?? null,
      firmCapacityKva: null,
      maxDemandWinterKva: null,
      maxDemandSummerKva: null,
      powerFactor: 0.95,
      diversity: 1,
      reserved: false,
      reservedFor: null,
      reservedKva: null,
    }))
    const at = (pick: number) => `n${pick % nodes.length}`
    return {
      nodes,
      connections: connections.map(
        ([pick, agreedW, measuredW], n): LoadConnection => ({
          connectionId: `c${n}`,
          nodeId: at(pick),
          agreedW,
          measuredW,
        }),
      ),
      history: new Map(history.map(([pick, v]) => [at(pick), v])),
    }
  })

type Tree = typeof trees extends fc.Arbitrary<infer T> ? T : never

describe('loads of a tree agree with a naive re-computation', () => {
  const isBelow = (nodes: readonly LoadNode[], id: string, top: string): boolean => {
    for (let at: string | null = id; at !== null; at = nodes.find((n) => n.nodeId === at)?.parentId ?? null)
      if (at === top) return true
    return false
  }

  test('agreements of a node are the sum over all connections below it', () => {
    fc.assert(
      fc.property(trees, ({ nodes, connections, history }) => {
        const loads = nodeLoads(nodes, connections, history, 'winter')
        for (const { nodeId } of nodes) {
          const below = connections.filter((c) => isBelow(nodes, c.nodeId, nodeId))
          const naive = halfHourStarts.map((_, n) => below.reduce((sum, c) => sum + (c.agreedW[n] ?? 0), 0))
          expect(loads.get(nodeId)?.agreedW).toEqual(naive)
        }
      }),
    )
  })

  /** `null` if unknown. */
  const naiveBackgroundW = ({ nodes, connections, history }: Tree, id: string, n: number): number | null => {
    const known = history.get(id)
    if (!known) {
      const below = nodes
        .filter((c) => c.parentId === id)
        .map((c) => naiveBackgroundW({ nodes, connections, history }, c.nodeId, n))
      return below.reduce((a, b) => (a === null || b === null ? null : a + b), below.length > 0 ? 0 : null)
    }
    const measured = connections
      .filter((c) => isBelow(nodes, c.nodeId, id))
      .reduce((sum, c) => sum + (c.measuredW?.[n] ?? 0), 0)
    return Math.max(0, (known[n] ?? 0) - measured)
  }

  test('background is the history less the measured import of its connections, otherwise the sum of the nodes below if all are known', () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const loads = nodeLoads(tree.nodes, tree.connections, tree.history, 'winter')
        for (const { nodeId } of tree.nodes)
          for (const n of [0, 17, 47]) {
            const found = loads.get(nodeId)?.backgroundW
            const naive = naiveBackgroundW(tree, nodeId, n)
            if (naive === null) expect(found).toBeNull()
            else expect(found?.[n]).toBeCloseTo(naive, 6)
          }
      }),
    )
  })

  test('an assessment leaves the least headroom on the way up on any of its days, and never admits more', () => {
    fc.assert(
      fc.property(trees, vector, fc.array(vector, { minLength: 6, maxLength: 6 }), (tree, requestedW, otherDay) => {
        const { nodes, connections, history } = tree
        const asOtherwise = connections.map((c, i) => ({ ...c, agreedW: otherDay[i] ?? flat(0) }))
        const loads = [connections, asOtherwise].map((each) => nodeLoads(nodes, each, history, 'summer'))
        const path = nodes.filter((n) => isBelow(nodes, nodes.at(-1)?.nodeId ?? '', n.nodeId))
        const cell = {
          season: 'summer',
          dayType: 'weekday',
          day: null,
          profileSeason: null,
          requestedW,
          presentW: flat(0),
        } as const
        for (const [n, period] of assessCell({ ...cell, days: [] }, path, loads).entries()) {
          const rooms = [connections, asOtherwise].flatMap((each) =>
            path.map((node) => {
              const capacity = capacityW(node, 'summer')
              const backgroundW = naiveBackgroundW(tree, node.nodeId, n)
              const below = each.filter((c) => isBelow(nodes, c.nodeId, node.nodeId))
              const agreedW = below.reduce((sum, c) => sum + (c.agreedW[n] ?? 0), 0)
              return capacity === null || backgroundW === null ? null : capacity - backgroundW - agreedW
            }),
          )
          const known = rooms.filter((room) => room !== null)
          if (known.length < rooms.length) expect(period.availableW).toBeNull()
          else expect(period.availableW).toBeCloseTo(Math.min(...known), 6)
          expect(period.excessW).toBeCloseTo(Math.max(0, ...known.map((room) => (requestedW[n] ?? 0) - room)), 6)
        }
      }),
    )
  })

  test('capacity is the firm capacity where known, but never more than the rating of the season', () => {
    const node = {
      nodeId: 'n',
      name: 'N',
      kind: 'primary',
      parentId: null,
      maxDemandWinterKva: 500,
      maxDemandSummerKva: null,
      powerFactor: 0.95,
      diversity: 1,
      reserved: false,
      reservedFor: null,
      reservedKva: null,
    } as const
    const rated = { ...node, ratingWinterKva: 48_000, ratingSummerKva: 36_000, firmCapacityKva: 24_000 }
    expect(capacityW(rated, 'winter')).toBe(24_000 * 950)
    expect(capacityW({ ...rated, firmCapacityKva: null }, 'summer')).toBe(36_000 * 950)
    expect(capacityW({ ...rated, firmCapacityKva: null, ratingWinterKva: null }, 'winter')).toBeNull()
    const load = nodeLoads([rated], [], new Map(), 'winter').get('n')
    expect(load).toMatchObject({ basis: 'highest-demand', backgroundW: flat(475_000) })
    expect(load && headroomW(rated, load, 'winter')).toEqual(flat(24_000 * 950 - 475_000))
  })
})

describe('the worked example of docs/assessment.md', () => {
  const kw = (values: Record<string, number>, otherwise: number) =>
    halfHourStarts.map((start) => (values[start] ?? otherwise) * 1000)
  const node = (
    nodeId: string,
    kind: LoadNode['kind'],
    parentId: string | null,
    winter: number,
    summer: number,
  ): LoadNode => ({
    nodeId,
    name: nodeId,
    kind,
    parentId,
    ratingWinterKva: winter,
    ratingSummerKva: summer,
    firmCapacityKva: null,
    maxDemandWinterKva: null,
    maxDemandSummerKva: null,
    powerFactor: 0.95,
    diversity: 1,
    reserved: false,
    reservedFor: null,
    reservedKva: null,
  })
  const nodes = [node('pri', 'primary', null, 30_000, 27_000), node('sec', 'secondary', 'pri', 800, 720)]
  const first = vectorOf([
    { from: '00:00', limitW: 170_000 },
    { from: '16:00', limitW: 100_000 },
    { from: '20:00', limitW: 170_000 },
  ])
  const night = ['22:00', '22:30', '23:00', '23:30']
  const measuredNode = kw({ '17:30': 310, '14:00': 290, ...Object.fromEntries(night.map((n) => [n, 170])) }, 150)
  const measuredFirst = kw({ '17:30': 60, '14:00': 40, ...Object.fromEntries(night.map((n) => [n, 20])) }, 40)
  const connections: LoadConnection[] = [
    { connectionId: 'first', nodeId: 'sec', agreedW: first, measuredW: measuredFirst },
    { connectionId: 'applicant', nodeId: 'sec', agreedW: flat(0), measuredW: null },
  ]
  const requestedW = vectorOf([
    { from: '00:00', limitW: 380_000 },
    { from: '06:00', limitW: 250_000 },
    { from: '22:00', limitW: 380_000 },
  ])
  const assessed = (season: 'winter' | 'summer') => {
    const loads = nodeLoads(nodes, connections, new Map([['sec', measuredNode]]), season)
    const cell = {
      season,
      dayType: 'weekday',
      day: null,
      profileSeason: null,
      requestedW,
      presentW: flat(228_000),
    } as const
    const periods = assessCell({ ...cell, days: [] }, nodes.toReversed(), [loads])
    return (from: string) => periods.find((p) => p.from === from)
  }

  test('in winter all fits', () => {
    const at = assessed('winter')
    expect([at('17:30'), at('14:00'), at('23:00')].map((p) => p?.availableW)).toEqual([410_000, 340_000, 440_000])
    expect([at('17:30'), at('14:00'), at('23:00')].map((p) => p?.excessW)).toEqual([0, 0, 0])
  })

  test('in summer the substation is 16 kW short at night', () => {
    const at = assessed('summer')
    for (const from of night)
      expect(at(from)).toMatchObject({ availableW: 364_000, excessW: 16_000, bindingNodeId: 'sec' })
    expect(at('21:30')?.excessW).toBe(0)
  })
})

describe('limits', () => {
  const terms = fc
    .record({ limits, fallbackLimitW: fc.option(watts, { nil: null }), from: days, length: fc.nat(400) })
    .map(
      ({ limits: given, fallbackLimitW, from, length }): ConnectionTerms => ({
        ascKva: 240,
        powerFactor: 0.95,
        agreements: [{ validFrom: from, validTo: from.plusDays(length), fallbackLimitW, limits: given }],
      }),
    )

  test('steps tile every day, of 46, 48 and 50 half-hours alike, and agree with the limit at each instant', () => {
    const clockChanges = fc.constantFrom('2026-03-29', '2026-10-25').map((d) => LocalDate.parse(d))
    fc.assert(
      fc.property(terms, fc.oneof(days, clockChanges), fc.nat(2_000), (given, day, minute) => {
        const spans = limitSteps(given, day)
        expect(spans[0]?.from.equals(dayStart(day))).toBe(true)
        expect(spans.at(-1)?.to.equals(dayEnd(day))).toBe(true)
        for (const [n, span] of spans.entries()) if (n > 0) expect(span.from.equals(spans[n - 1]?.to)).toBe(true)
        const at = dayStart(day).plusSeconds((minute % 1380) * 60)
        const span = spans.find((s) => !at.isBefore(s.from) && at.isBefore(s.to))
        expect({ limitW: span?.limitW, source: span?.source }).toEqual(limitAt(given, localMoment(at)))
      }),
    )
  })

  test('the half-hours of a day are the limits at their starts', () => {
    fc.assert(
      fc.property(terms, days, (given, day) => {
        const noon = Instant.parse(`${day}T12:30:00Z`)
        const n = localMoment(noon).minuteOfDay / 30
        expect(agreedOn(given, day)[n]).toBe(limitAt(given, localMoment(noon)).limitW)
      }),
    )
  })

  test('vectors and steps turn into each other', () => {
    fc.assert(
      fc.property(vector, (given) => {
        expect(vectorOf(stepsOf(given))).toEqual(given)
      }),
    )
  })

  test('a step within a half-hour counts at its higher side', () => {
    const given = [
      { from: '00:00', limitW: 100 },
      { from: '16:15', limitW: 50 },
      { from: '16:45', limitW: 200 },
    ]
    expect(vectorOf(given).slice(31, 35)).toEqual([100, 100, 200, 200])
  })
})
