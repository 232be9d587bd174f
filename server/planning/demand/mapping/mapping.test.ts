import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toDegrees, toGrid } from '../../../../platform/geography/index.ts'
import { linksOf } from './links.ts'
import { type MapArea, type MapNode, mappingMethods } from './model.ts'
import { contains, placeOf, pointsWithin, readShape, type Shape } from './shape.ts'

const shape = (text: string): Shape => {
  const found = readShape(text, 'EPSG:27700')
  if (!found.ok) throw new Error(found.message)
  return found.value
}
/** A square of 1 km. */
const square = (x: number, y: number) =>
  shape(`POLYGON ((${x} ${y}, ${x + 1000} ${y}, ${x + 1000} ${y + 1000}, ${x} ${y + 1000}, ${x} ${y}))`)
const areaAt = (code: string, x: number, y = 180_000): MapArea => ({
  code,
  shape: square(x, y),
  eastingM: x + 500,
  northingM: y + 500,
})
const nodeAt = (nodeId: string, eastingM: number | null, more: Partial<MapNode> = {}): MapNode => ({
  nodeId,
  eastingM,
  northingM: 180_500,
  capacityW: 500_000,
  customers: 100,
  reserved: false,
  feedingArea: null,
  ...more,
})
const [west, east] = [areaAt('west', 530_000), areaAt('east', 531_000)]

describe('shapes', () => {
  test('are read from WKT and GeoJSON, with holes and in several parts', () => {
    const outer = '0 0, 100 0, 100 100, 0 100, 0 0'
    const hole = '40 40, 60 40, 60 60, 40 60, 40 40'
    const ring = shape(`POLYGON ((${outer}), (${hole}))`)
    expect(ring.areaM2).toBe(9_600)
    expect([contains(ring, 20, 50), contains(ring, 50, 50), contains(ring, 150, 50)]).toEqual([true, false, false])
    expect(contains(ring, ...placeOf(ring))).toBe(true)
    const two = shape('MULTIPOLYGON (((0 0, 10 0, 10 10, 0 0)), ((20 0, 30 0, 30 10, 20 0)))')
    expect([two.polygons.length, two.areaM2]).toEqual([2, 100])
    const json = {
      type: 'Polygon',
      coordinates: [
        [
          [0, 0],
          [10, 0],
          [10, 10],
          [0, 0],
        ],
      ],
    }
    expect(shape(JSON.stringify(json)).areaM2).toBe(50)
  })
  test.each([
    ['POLYGON ((0 0, 10 0, 10 10, 1 1))', 'closed'],
    ['POINT (0 0)', 'neither'],
    ['POLYGON ((0 0, 10 0, 10 alert(), 0 0))', 'neither'],
    ['{"type":"Polygon","coordinates":[[["a",0]]]}', 'neither'],
    ['POLYGON ((0 0, 9000000 0, 9000000 10, 0 0))', 'outside Great Britain'],
    ['POLYGON ((0 0, 10 0, 20 0, 0 0))', 'no area'],
  ])('%s is refused: %s', (text, reason) => {
    expect(readShape(text, 'EPSG:27700')).toMatchObject({ ok: false, message: expect.stringContaining(reason) })
  })
  test('are covered evenly by points', () => {
    const points = pointsWithin(square(530_000, 180_000), 100)
    expect(points.length / 2).toBe(100)
  })
  test('turn degrees into the grid and back to a few metres', () => {
    // The water tower at Caister, the example in the guide of the Ordnance Survey: TG 51409.903 13177.270.
    const [longitude, latitude] = [1 + 42 / 60 + 57.8663 / 3_600, 52 + 39 / 60 + 28.8282 / 3_600]
    const [eastingM, northingM] = toGrid(longitude, latitude)
    expect(Math.hypot(eastingM - 651_409.903, northingM - 313_177.27)).toBeLessThan(5)
    const back = toDegrees(eastingM, northingM)
    expect(back[0]).toBeCloseTo(longitude, 6)
    expect(back[1]).toBeCloseTo(latitude, 6)
    expect(toGrid(Number.NaN, 52)).toEqual([Number.NaN, Number.NaN])
  })
})

describe('EVD02 demand of areas to substations', () => {
  const nodes = [
    nodeAt('small', 530_200, { capacityW: 200_000, customers: 300 }),
    nodeAt('large', 530_800, { capacityW: 800_000, customers: 100 }),
    nodeAt('far', 533_500),
  ]
  const facts = {
    areas: [west, east],
    nodes,
    feedings: [
      { area: 'west', nodeId: 'far', customers: 5 },
      { area: 'west', nodeId: 'large', customers: 15 },
    ],
  }
  const of = (method: (typeof mappingMethods)[number], given = facts) =>
    linksOf(method, given).map(({ nodes: own, shares, basis }) => [
      own.map((i, n) => `${given.nodes[i]?.nodeId} ${shares[n]}`).join(', '),
      basis,
    ])

  test.each([
    ['largest-in-area', 'large 1'],
    ['smallest-in-area', 'small 1'],
    ['all-in-area', 'small 0.2, large 0.8'],
    ['customer-share', 'small 0.75, large 0.25'],
    ['connectivity', 'far 0.25, large 0.75'],
    ['nearest', 'small 1'],
  ] as const)(
    'by %s give the west to %s, and the east, of which nothing is known, to the nearest',
    (method, expected) => {
      expect(of(method)).toEqual([
        [expected, method],
        ['large 1', 'nearest'],
      ])
    },
  )

  test('by feeding areas count each part by the customers to its square metre', () => {
    // By hand: the boundary is at 530,400. 40 % of the west at 400 customers/km² and 60 % at 100 give 160 to 60.
    const left = shape('POLYGON ((529400 180000, 530400 180000, 530400 181000, 529400 181000, 529400 180000))')
    const right = shape('POLYGON ((530400 180000, 532400 180000, 532400 181000, 530400 181000, 530400 180000))')
    const fed = [
      nodeAt('a', null, { feedingArea: left, customers: 400 }),
      nodeAt('b', null, { feedingArea: right, customers: 200 }),
    ]
    const [first, second] = linksOf('feeding-area', { areas: [west, east], nodes: fed, feedings: [] })
    expect(first?.shares[0]).toBeCloseTo(160 / 220, 1)
    expect(second).toMatchObject({ nodes: [1], shares: [1], confidence: 'medium' })
    const unknown = fed.map((node) => ({ ...node, customers: null }))
    const [bySize] = linksOf('feeding-area', { areas: [west], nodes: unknown, feedings: [] })
    expect(bySize?.shares[0]).toBeCloseTo(0.4, 1)
  })

  test('EVD03 never reach a substation that is reserved, by any method', () => {
    const reserved = nodes.map((node) => (node.nodeId === 'large' ? { ...node, reserved: true } : node))
    for (const method of mappingMethods)
      for (const link of linksOf(method, { ...facts, nodes: reserved }))
        expect(link.nodes.map((i) => reserved[i]?.nodeId)).not.toContain('large')
    expect(of('largest-in-area', { ...facts, nodes: reserved })[0]).toEqual(['small 1', 'largest-in-area'])
    expect(of('connectivity', { ...facts, nodes: reserved })[0]).toEqual(['far 1', 'connectivity'])
  })

  test('keep the total to 1e-9 by every method, and say what no substation can take', () => {
    const place = fc.integer({ min: 529_000, max: 536_000 })
    const anyNode = fc.record({
      eastingM: fc.option(place),
      capacityW: fc.option(fc.integer({ min: 0, max: 1_000_000 })),
      customers: fc.option(fc.integer({ min: 0, max: 500 })),
      reserved: fc.boolean(),
      fed: fc.option(place),
    })
    const areas = Array.from({ length: 6 }, (_, i) => areaAt(`a${i}`, 529_000 + i * 1_000))
    fc.assert(
      fc.property(
        fc.array(anyNode, { maxLength: 12 }),
        fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 6, maxLength: 6 }),
        (given, demandW) => {
          const all = given.map(({ fed, ...more }, i) =>
            nodeAt(`n${i}`, more.eastingM, { ...more, feedingArea: fed === null ? null : square(fed, 180_000) }),
          )
          const feedings = all.map(({ nodeId, customers }, i) => ({
            area: `a${i % 6}`,
            nodeId,
            customers: customers ?? 0,
          }))
          for (const method of mappingMethods) {
            const links = linksOf(method, { areas, nodes: all, feedings })
            const given = links.reduce(
              (sum, { shares }, i) => sum + shares.reduce((own, share) => own + share * (demandW[i] ?? 0), 0),
              0,
            )
            const lost = links.reduce((sum, { shares }, i) => sum + (shares.length === 0 ? (demandW[i] ?? 0) : 0), 0)
            const total = demandW.reduce((sum, w) => sum + w, 0)
            expect(Math.abs(given + lost - total)).toBeLessThanOrEqual(1e-9 * Math.max(1, total))
          }
        },
      ),
      { numRuns: 60 },
    )
  })
})
