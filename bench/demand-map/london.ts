import { existsSync, readFileSync } from 'node:fs'
import { readCsv } from '../../platform/csv/index.ts'
import type { LoadNode } from '../../server/grid/index.ts'
import type { MapArea, MapNode } from '../../server/planning/demand/mapping/model.ts'
import { placeOf, pointsWithin, readShape, shapeOf } from '../../server/planning/demand/mapping/shape.ts'
import type { GrowthArea } from '../../server/planning/demand/outlook/growth.ts'
import { createRandom } from '../support/random.ts'

/** Areas, primaries and made-up secondaries below them. */
export interface London {
  /** Whether areas and primaries are the real ones, from the data beside the project; otherwise squares and made-up places. */
  isReal: boolean
  areas: MapArea[]
  growthAreas: GrowthArea[]
  /** Share of cars that are electric in each of 30 years, by area. */
  shares: Map<string, number[]>
  /** Primaries and secondaries. */
  nodes: LoadNode[]
  /** The secondaries, as demand is mapped to them. */
  mapNodes: MapNode[]
}

const folder = new URL('../../../shared/data/', import.meta.url)
const [areaCount, primaryCount] = [4_994, 1_373]

/** London with some number of secondaries, spread over its areas. */
export async function createLondon(secondaries: number): Promise<London> {
  const random = createRandom(11)
  const isReal = existsSync(new URL('geography/london_lsoa2021_bng.csv', folder))
  const areas = isReal ? await realAreas() : squareAreas()
  const primaries = isReal ? await realPrimaries() : madeUpPrimaries(random)
  const nodes: LoadNode[] = primaries.map(({ nodeId }) => loadNode(nodeId, null, 'primary', 30_000, 22_000))
  const mapNodes: MapNode[] = []
  const spread = areas.map(({ shape }) => shape && pointsWithin(shape, 30))
  for (let i = 0; i < secondaries; i++) {
    const area = areas[i % areas.length] as MapArea
    const points = spread[i % areas.length] ?? Float64Array.of(area.eastingM, area.northingM)
    const at = 2 * Math.floor((random() * points.length) / 2)
    const kva = 300 + Math.round(random() * 700)
    const nodeId = `s${i}`
    const parent = primaries[Math.floor(random() * primaries.length)]?.nodeId ?? ''
    nodes.push(loadNode(nodeId, parent, 'secondary', kva, kva * (0.3 + 0.6 * random())))
    mapNodes.push({
      nodeId,
      eastingM: points[at] ?? 0,
      northingM: points[at + 1] ?? 0,
      capacityW: kva * 950,
      customers: 20 + Math.round(random() * 150),
      reserved: random() < 0.03,
      feedingArea: null,
    })
  }
  const growthAreas = areas.map(({ code }) => ({ code, borough: '', cars: 700, offStreetShare: 0.4, depotVehicles: 5 }))
  const shares = new Map(
    areas.map(({ code }) => [code, Array.from({ length: 30 }, (_, y) => 0.05 + (y / 30) * (0.5 + 0.4 * random()))]),
  )
  return { isReal, areas, growthAreas, shares, nodes, mapNodes }
}

async function rowsOf(name: string): Promise<Record<string, string>[]> {
  const { rows } = await readCsv(readFileSync(new URL(name, folder), 'utf8'), { maxRows: 100_000 })
  return rows.map(({ cells }) => cells)
}

async function realAreas(): Promise<MapArea[]> {
  return (await rowsOf('geography/london_lsoa2021_bng.csv')).map((cells) => {
    const shape = readShape(cells['geometry'] ?? '', 'EPSG:27700')
    if (!shape.ok) throw new Error(`${cells['LSOA21CD']} ${shape.message}`)
    const [eastingM, northingM] = placeOf(shape.value)
    return { code: cells['LSOA21CD'] ?? '', shape: shape.value, eastingM, northingM }
  })
}

async function realPrimaries(): Promise<{ nodeId: string }[]> {
  const sites = await rowsOf('network/ukpn_grid_and_primary_sites.csv')
  return sites
    .filter((site) => site['SiteType'] === 'Primary Substation')
    .map((site) => ({ nodeId: site['SiteFunctionalLocation'] ?? '' }))
}

function squareAreas(): MapArea[] {
  return Array.from({ length: areaCount }, (_, i) => {
    const [x, y] = [505_000 + (i % 71) * 800, 155_000 + Math.floor(i / 71) * 800]
    const shape = shapeOf([[Float64Array.of(x, y, x + 800, y, x + 800, y + 800, x, y + 800, x, y)]])
    return { code: `a${i}`, shape, eastingM: x + 400, northingM: y + 400 }
  })
}

function madeUpPrimaries(random: () => number): { nodeId: string }[] {
  return Array.from({ length: primaryCount }, (_, i) => ({ nodeId: `p${i}-${Math.floor(random() * 1e6)}` }))
}

function loadNode(
  nodeId: string,
  parentId: string | null,
  kind: LoadNode['kind'],
  kva: number,
  maximumKva: number,
): LoadNode {
  const undated = { maxDemandWinterOn: null, maxDemandSummerOn: null } as const
  const unknown = {
    maxDemandWinterMethod: 'unknown',
    maxDemandSummerMethod: 'unknown',
    maxDemandWinterConfidence: 'unknown',
    maxDemandSummerConfidence: 'unknown',
  } as const
  return {
    nodeId,
    name: nodeId,
    kind,
    parentId,
    ratingWinterKva: kva,
    ratingSummerKva: kva * 0.9,
    firmCapacityKva: null,
    maxDemandWinterKva: maximumKva,
    maxDemandSummerKva: maximumKva * 0.8,
    ...undated,
    ...unknown,
    reserved: false,
    reservedFor: null,
    reservedKva: null,
    powerFactor: 0.95,
    diversity: 1,
  }
}
