import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { readCsv } from '../../../../platform/csv/index.ts'
import { toDegrees } from '../../../../platform/geography/index.ts'
import { linksOf } from './links.ts'
import type { MapArea, MapNode, MappingMethod } from './model.ts'
import { placeOf, readShape } from './shape.ts'

/** Real data beside the project: ONS (OGL v3) and UK Power Networks (CC BY 4.0). */
const FOLDER = join(import.meta.dirname, '../../../../../shared/data')
const isThere = existsSync(FOLDER)

async function rowsOf(name: string): Promise<Record<string, string>[]> {
  const { rows } = await readCsv(readFileSync(join(FOLDER, name), 'utf8'), { maxRows: 100_000 })
  return rows.map(({ cells }) => cells)
}

describe.skipIf(!isThere)('EVD02 the areas and primaries of London (skipped where ../shared is absent)', () => {
  let areas: MapArea[] = []
  let nodes: MapNode[] = []
  let sites: Record<string, string>[] = []
  beforeAll(async () => {
    areas = (await rowsOf('geography/london_lsoa2021_bng.csv')).map((cells) => {
      const found = readShape(cells['geometry'] ?? '', 'EPSG:27700')
      if (!found.ok) throw new Error(`${cells['LSOA21CD']} ${found.message}`)
      const [eastingM, northingM] = placeOf(found.value)
      return { code: cells['LSOA21CD'] ?? '', shape: found.value, eastingM, northingM }
    })
    const places = (await rowsOf('network/ukpn_grid_and_primary_sites.csv')).filter(
      (site) => site['SiteType'] === 'Primary Substation',
    )
    sites = places.filter(({ Easting, Longitude }) => Number(Easting) > 0 && Number(Longitude) !== 0)
    nodes = places.map((site) => ({
      nodeId: site['SiteFunctionalLocation'] ?? '',
      eastingM: Number(site['Easting']) || null,
      northingM: Number(site['Northing']) || null,
      capacityW: Number(site['transratingwinter']) * 1e6 || null,
      customers: null,
      reserved: false,
      feedingArea: null,
    }))
  })

  test('are read whole: 4,994 areas with 35 of several parts, and 1,373 primaries', () => {
    expect([areas.length, areas.filter(({ shape }) => (shape?.polygons.length ?? 0) > 1).length, nodes.length]).toEqual(
      [4_994, 35, 1_373],
    )
    // Greater London has 1,572 km² (ONS); these outlines are simplified.
    const km2 = areas.reduce((sum, { shape }) => sum + (shape?.areaM2 ?? 0), 0) / 1e6
    expect(km2).toBeGreaterThan(1_500)
    expect(km2).toBeLessThan(1_650)
  })

  test('lie where their owner says that they are, in degrees as on the grid', () => {
    const offM = sites.map((site) => {
      const [longitude, latitude] = toDegrees(Number(site['Easting']), Number(site['Northing']))
      const north = (latitude - Number(site['Latitude'])) * 111_200
      const east = (longitude - Number(site['Longitude'])) * 111_200 * Math.cos((latitude * Math.PI) / 180)
      return Math.hypot(north, east)
    })
    expect(offM.toSorted((a, b) => a - b)[Math.floor(offM.length * 0.95)]).toBeLessThan(20)
  })

  test.each(['largest-in-area', 'nearest'] satisfies MappingMethod[])('%s takes the demand of every area', (method) => {
    const links = linksOf(method, { areas, nodes, feedings: [] })
    const shares = links.reduce((sum, link) => sum + link.shares.reduce((own, share) => own + share, 0), 0)
    expect(shares).toBeCloseTo(4_994, 9)
  })
})
