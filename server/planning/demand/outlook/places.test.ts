import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CountedArea, mostFirst, placeMap, placesBy } from './places.ts'

const square = (x: number) => [[[x, 184_000, x + 1_000, 184_000, x + 1_000, 185_000, x, 185_000, x, 184_000]]]
const area = (
  code: string,
  borough: string,
  homes: number,
  trips: number,
  x: number | null = 530_000,
): CountedArea => ({
  code,
  borough,
  homes,
  trips,
  polygons: x === null ? null : square(x),
})
const areas = [area('a', 'Islington', 6, 10), area('b', 'Islington', 3, 0, 531_000), area('c', 'Camden', 0, 7, null)]

describe('R24 homes and trips', () => {
  test('are of areas, or add up by borough', () => {
    expect(mostFirst(placesBy('borough', areas, true), 'trips')).toEqual([
      { place: 'Islington', borough: null, homes: 9, trips: 10, hasShape: true },
      { place: 'Camden', borough: null, homes: 0, trips: 7, hasShape: false },
    ])
    expect(mostFirst(placesBy('area', areas, false), 'homes').map(({ place, homes }) => [place, homes])).toEqual([
      ['a', 6],
      ['b', 3],
      ['c', 0],
    ])
  })

  test('do not tell of fewer than five real drivers how many live in a place, and never take them for none', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 }), (homes) => {
        const [place] = placesBy('area', [area('x', 'X', homes, 0)], true)
        expect(place?.homes).toBe(homes > 0 && homes < 5 ? null : homes)
      }),
    )
    const order = mostFirst(placesBy('area', areas, true), 'homes').map(({ place, homes }) => [place, homes])
    expect(order).toEqual([
      ['a', 6],
      ['b', null],
      ['c', 0],
    ])
  })

  test('are in the tile around their area, without those whose shape is not on record', () => {
    const { tile, bounds } = placeMap('area', areas, placesBy('area', areas, false))
    const text = Buffer.from(tile({ z: 10, x: 511, y: 340 })).toString('latin1')
    expect([text.includes('areas'), text.includes('Islington'), text.includes('Camden')]).toEqual([true, true, false])
    expect(tile({ z: 10, x: 500, y: 340 })).toHaveLength(0)
    expect(bounds?.map((each) => Math.round(each * 100) / 100)).toEqual([-0.13, 51.54, -0.1, 51.55])
  })
})
