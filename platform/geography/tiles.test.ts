import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeTile, nearestZoom, pointLayer, shapeLayers, worldOf } from './tiles.ts'

const points = fc.array(
  fc.record({
    longitude: fc.double({ min: -3, max: 1, noNaN: true }),
    latitude: fc.double({ min: 50, max: 53, noNaN: true }),
  }),
  { minLength: 1, maxLength: 40 },
)
const placed = (given: readonly { longitude: number; latitude: number }[]) =>
  given.map(({ longitude, latitude }, n) => ({ n, place: worldOf(longitude, latitude) }))

/** The tiles of a zoom in which something lies. */
function tilesWith(given: ReturnType<typeof placed>, z: number) {
  const keys = new Set(given.map(({ place }) => `${Math.floor(place.x * 2 ** z)} ${Math.floor(place.y * 2 ** z)}`))
  return [...keys].map((key) => {
    const [x = 0, y = 0] = key.split(' ').map(Number)
    return { z, x, y }
  })
}
const marksOf = (given: ReturnType<typeof placed>, z: number) =>
  tilesWith(given, z).flatMap((tile) => pointLayer(given, tile, ({ n }) => ({ n }))?.features ?? [])

describe('points of vector tiles', () => {
  test('are each either shown or counted as hidden, at every zoom', () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 0, max: nearestZoom }), (given, z) => {
        const shown = marksOf(placed(given), z)
        const told = shown.reduce((sum, { tags }) => sum + 1 + Number(tags?.['others'] ?? 0), 0)
        expect(told).toBe(given.length)
      }),
    )
  })

  test('show the first that is given of those that would cover each other', () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 0, max: nearestZoom }), (given, z) => {
        expect(marksOf(placed(given), z).some(({ tags }) => tags?.['n'] === 0)).toBe(true)
      }),
    )
  })

  test('hide nothing at the nearest zoom, even at the same place', () => {
    const given = placed(Array.from({ length: 5 }, () => ({ longitude: -0.1, latitude: 51.5 })))
    expect(marksOf(given, nearestZoom)).toHaveLength(5)
    expect(marksOf(given, 10).map(({ tags }) => tags)).toEqual([{ n: 0, others: 4 }])
  })

  test('stand where they are: Greenwich on the meridian is in the middle of the world from west to east', () => {
    const { x, y } = worldOf(0, 51.4779)
    expect(x).toBe(0.5)
    // The row of the tile at zoom 10 that covers Greenwich.
    expect(Math.floor(y * 2 ** 10)).toBe(340)
  })

  test('are left out where their place is not known', () => {
    expect(pointLayer([{ place: null }], { z: 0, x: 0, y: 0 }, () => ({}))).toBeNull()
    expect(encodeTile({ nodes: null })).toHaveLength(0)
  })
})

test('a line is in every tile that it crosses, and in no other', () => {
  const layer = shapeLayers([
    {
      geometry: {
        type: 'LineString',
        coordinates: [
          [-1, 51.5],
          [1, 51.5],
        ],
      },
      tags: { kind: 'bsp' },
    },
  ])
  const [west, east, north] = [511, 512, 339].map((x, i) => layer({ z: 10, x, y: i < 2 ? 340 : x }))
  expect([west?.features[0]?.tags, east?.features[0]?.tags]).toEqual([{ kind: 'bsp' }, { kind: 'bsp' }])
  expect(north?.features ?? []).toEqual([])
})
