import type { MapLayer } from '../../../../schemas/grid/network-map.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'

/** The scheme of the addresses by which the map asks for tiles: they are fetched as every other answer of the server is. */
export const tileScheme = 'ringmain'

/** Addresses of the tiles of a layer. @param version changes when what was fetched is old. */
export function layerTiles(layer: MapLayer, version: number): string {
  return `${tileScheme}://layer/${layer}/{z}/{x}/{y}?${version}`
}

/** Addresses of the tiles of a run in a year. */
export function runTiles(runId: string, year: number, version: number): string {
  return `${tileScheme}://run/${runId}/${year}/{z}/{x}/{y}?${version}`
}

/** What the places of a run are: areas, or boroughs. */
export type PlacesBy = 'area' | 'borough'

/** Addresses of the tiles of the areas of a run over trips. */
export function placeTiles(runId: string, by: PlacesBy, version: number): string {
  return `${tileScheme}://places/${runId}/${by}/{z}/{x}/{y}?${version}`
}

/** Fetches a tile by its address. Throws an `ApiProblem` where the server refuses or does not answer. */
export async function loadTile(address: string, signal: AbortSignal): Promise<Uint8Array> {
  const [what, ...parts] = (address.split('://')[1] ?? '').replace(/\?.*$/, '').split('/')
  const [z, x, y] = parts.slice(-3).map(Number)
  const tile = { z, x, y }
  const [first = '', second] = parts
  if (what === 'layer')
    return api.call(operations.readMapTile, { params: { layer: first as MapLayer, ...tile } }, { signal })
  if (what === 'places')
    return api.call(operations.readRunPlaceTile, { params: { id: first, by: second as PlacesBy, ...tile } }, { signal })
  return api.call(
    operations.readRunTile,
    { params: { id: first, ...tile }, query: { year: Number(second) } },
    { signal },
  )
}
