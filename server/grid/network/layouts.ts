import type { CsvRow } from '../../../platform/csv/index.ts'
import { licenceArea, nodeKind } from '../../../schemas/grid/connections.ts'
import { Row, type RowReading } from './layout-row.ts'

/** A layout of a network file, recognised by its headings. */
export interface Layout {
  name: string
  /** Required headings. */
  headings: readonly string[]
  read(row: CsvRow): RowReading
}

/** Columns of Ringmain's own layout, in which the network is also exported. */
export const ownColumns = [
  'nodeId',
  'name',
  'kind',
  'parentId',
  'licenceArea',
  'ratingWinterKva',
  'ratingSummerKva',
  'firmCapacityKva',
  'maxDemandWinterKva',
  'maxDemandSummerKva',
  'easting',
  'northing',
  'reserved',
  'reservedFor',
  'reservedKva',
] as const

const ownLayout: Layout = {
  name: 'ringmain',
  headings: ['nodeId', 'name', 'kind', 'parentId', 'licenceArea'],
  read(given) {
    const row = new Row(given)
    const kind = row.oneOf('kind', row.text('kind', 20), nodeKind.options)
    const rating = (field: string) => row.kva(field, row.number(field), kind)
    const demand = (field: string) => nonNegative(row, field, row.number(field))
    return row.done({
      nodeId: row.text('nodeId', 100),
      name: row.text('name', 200),
      kind,
      parentId: row.optional('parentId'),
      licenceArea: row.oneOf('licenceArea', row.text('licenceArea', 10), licenceArea.options),
      ratingWinterKva: rating('ratingWinterKva'),
      ratingSummerKva: rating('ratingSummerKva'),
      firmCapacityKva: rating('firmCapacityKva'),
      maxDemandWinterKva: demand('maxDemandWinterKva'),
      maxDemandSummerKva: demand('maxDemandSummerKva'),
      easting: row.number('easting'),
      northing: row.number('northing'),
      reserved: row.oneOf('reserved', row.optional('reserved') ?? 'false', ['false', 'true']) === 'true',
      reservedFor: row.optional('reservedFor'),
      reservedKva: demand('reservedKva'),
    })
  },
}

function nonNegative(row: Row, field: string, value: number | null): number | null {
  if (value !== null && value < 0) row.flaw(field, `must not be below 0, but is ${value}`)
  return value
}

/**
 * UK Power Networks' open list of grid and primary sites. Its ratings are MVA per transformer (`"24, 24"`), its demands MVA per part of
 * a site. The rating of a site is their sum, its firm capacity the sum without the largest. It does not name parents.
 */
const ukpnLayout: Layout = {
  name: 'ukpn-sites',
  headings: ['SiteFunctionalLocation', 'SiteName', 'SiteType', 'LicenceArea', 'transratingwinter', 'transratingsummer'],
  read(given) {
    const row = new Row(given)
    const siteType = row.oneOf('SiteType', row.text('SiteType', 40), ['Grid Substation', 'Primary Substation'])
    const kind = siteType === 'Grid Substation' ? 'bsp' : 'primary'
    const area = /\((LPN|SPN|EPN)\)/.exec(given.cells['LicenceArea'] ?? '')?.[1] ?? ''
    const winter = listOfMva(row, 'transratingwinter')
    const summer = listOfMva(row, 'transratingsummer')
    return row.done({
      nodeId: row.text('SiteFunctionalLocation', 100),
      name: row.text('SiteName', 200),
      kind,
      parentId: null,
      licenceArea: row.oneOf('LicenceArea', area, licenceArea.options),
      ratingWinterKva: row.kva('transratingwinter', totalKva(winter), kind),
      ratingSummerKva: row.kva('transratingsummer', totalKva(summer), kind),
      firmCapacityKva: firmKva(summer ?? winter),
      maxDemandWinterKva: nonNegative(row, 'maxdemandwinter', totalKva(listOfMva(row, 'maxdemandwinter'))),
      maxDemandSummerKva: nonNegative(row, 'maxdemandsummer', totalKva(listOfMva(row, 'maxdemandsummer'))),
      easting: row.number('Easting'),
      northing: row.number('Northing'),
      reserved: false,
      reservedFor: null,
      reservedKva: null,
    })
  },
}

function kvaOfMva(mva: number | null): number | null {
  return mva === null ? null : Math.round(mva * 1000)
}

function listOfMva(row: Row, field: string): number[] | null {
  const text = row.optional(field)
  if (text === null) return null
  const values = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '' && !/^NA$/i.test(part))
    .map(Number)
  if (values.some((value) => !Number.isFinite(value)))
    row.flaw(field, `"${text.slice(0, 40)}" is not a list of MVA such as "24, 24"`)
  return values.length > 0 ? values : null
}

function totalKva(transformersMva: number[] | null): number | null {
  return transformersMva && kvaOfMva(transformersMva.reduce((a, b) => a + b, 0))
}

/** The capacity left when the largest transformer is out; a site with one transformer has no firm capacity, so its rating counts. */
function firmKva(transformersMva: number[] | null): number | null {
  if (!transformersMva || transformersMva.length < 2) return null
  return kvaOfMva(transformersMva.reduce((a, b) => a + b, 0) - Math.max(...transformersMva))
}

/** Every layout that is accepted. */
export const layouts: readonly Layout[] = [ownLayout, ukpnLayout]

/** The layout that matches a file's headings; `null` if none does. */
export function layoutOf(headings: readonly string[]): Layout | null {
  const present = new Set(headings)
  return layouts.find((layout) => layout.headings.every((heading) => present.has(heading))) ?? null
}
