import { describe, expect, test } from 'vitest'
import { type MappedNode, nodeCollection, tiledNode, tileOf } from './map-files.ts'

const node = (nodeId: string, eastingM: number | null): MappedNode => ({
  nodeId,
  name: `Substation ${nodeId}`,
  kind: 'secondary',
  eastingM,
  northingM: 180_000,
  rank: 1,
  firstYear: 2031,
  leastHeadroomW: null,
  peakW: 1_000,
  confidence: 'low',
})
/** The tile around a longitude and latitude (Web Mercator). */
function tileAt(longitude: number, latitude: number, z: number): [number, number, number] {
  const radians = (latitude * Math.PI) / 180
  const [x, y] = [(longitude + 180) / 360, (1 - Math.asinh(Math.tan(radians)) / Math.PI) / 2]
  return [z, Math.floor(x * 2 ** z), Math.floor(y * 2 ** z)]
}

describe('EVD04 nodes on a map', () => {
  const nodes = [node('here', 530_000), node('nowhere', null)]
  const { features } = nodeCollection(nodes)
  test('are points in degrees, without those that have no place', () => {
    expect(features).toHaveLength(1)
    // Westminster lies a little north of 51.5 N and west of 0.1 W.
    expect(features[0]?.geometry.coordinates.map((each) => Math.round(each * 100) / 100)).toEqual([-0.13, 51.5])
    expect(features[0]?.properties).toMatchObject({ nodeId: 'here', firstYear: 2031, leastHeadroomW: null })
  })
  test('are in the vector tile around them, and in no other', () => {
    const tiled = nodes.map((each) => tiledNode(each, [1_000], null))
    const tile = (z: number, x: number, y: number) => tileOf(tiled, -1, { z, x, y })
    const [longitude = 0, latitude = 0] = features[0]?.geometry.coordinates ?? []
    const [z, x, y] = tileAt(longitude, latitude, 12)
    const text = Buffer.from(tile(z, x, y)).toString('latin1')
    expect([text.includes('nodes'), text.includes('Substation here')]).toEqual([true, true])
    expect(tile(z, x + 2, y)).toHaveLength(0)
    expect(tile(0, 0, 0).length).toBeGreaterThan(0)
  })
})
