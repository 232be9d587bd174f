import type { LayoutNode, NetworkLayout } from '../../../schemas/grid/layouts.ts'

/** Values of a node, apart from its identifier. */
export const nodeFields = [
  'name',
  'kind',
  'parentId',
  'licenceArea',
  'ratingWinterKva',
  'ratingSummerKva',
  'firmCapacityKva',
  'maxDemandWinterKva',
  'maxDemandSummerKva',
  'maxDemandWinterOn',
  'maxDemandSummerOn',
  'maxDemandWinterMethod',
  'maxDemandSummerMethod',
  'maxDemandWinterConfidence',
  'maxDemandSummerConfidence',
  'reverseCapacityKva',
  'easting',
  'northing',
  'reserved',
  'reservedFor',
  'reservedKva',
] as const
export type NodeField = (typeof nodeFields)[number]

/** Columns of Ringmain's own layout, in which the network is also exported: each value under its own name. */
export const ownColumns = ['nodeId', ...nodeFields] as const

const own: NetworkLayout = {
  title: 'Ringmain’s own',
  source: 'The export of the network',
  recognisedBy: ['nodeId', 'name', 'kind', 'parentId', 'licenceArea'],
  emptyCells: 'clear',
  nodes: [Object.fromEntries(ownColumns.map((column) => [column, { columns: [column] }])) as LayoutNode],
}

/** Licence areas as UK Power Networks' lists write them. */
const ukpnAreas = {
  'London Power Networks (LPN)': 'LPN',
  'South Eastern Power Networks (SPN)': 'SPN',
  'Eastern Power Networks (EPN)': 'EPN',
  LPN: 'LPN',
  SPN: 'SPN',
  EPN: 'EPN',
}

/**
 * Its ratings are MVA per transformer (`"24, 24"`), its demands MVA per part of a site. The rating of a site is their sum, its firm
 * capacity the sum without the largest. It does not name parents.
 */
const ukpnSites: NetworkLayout = {
  title: 'UK Power Networks: grid and primary sites',
  source: 'UK Power Networks’ open data, “Grid and Primary Sites”',
  recognisedBy: [
    'SiteFunctionalLocation',
    'SiteName',
    'SiteType',
    'LicenceArea',
    'transratingwinter',
    'transratingsummer',
  ],
  emptyCells: 'keep',
  nodes: [
    {
      nodeId: { columns: ['SiteFunctionalLocation'] },
      name: { columns: ['SiteName'] },
      kind: { columns: ['SiteType'], words: { 'Grid Substation': 'bsp', 'Primary Substation': 'primary' } },
      licenceArea: { columns: ['LicenceArea'], words: ukpnAreas },
      ratingWinterKva: { columns: ['transratingwinter'], unit: 'MVA', take: 'sum' },
      ratingSummerKva: { columns: ['transratingsummer'], unit: 'MVA', take: 'sum' },
      firmCapacityKva: {
        columns: ['transratingsummer', 'transratingwinter'],
        unit: 'MVA',
        take: 'sum-without-largest',
      },
      maxDemandWinterKva: { columns: ['maxdemandwinter'], unit: 'MVA', take: 'sum' },
      maxDemandSummerKva: { columns: ['maxdemandsummer'], unit: 'MVA', take: 'sum' },
      easting: { columns: ['Easting'] },
      northing: { columns: ['Northing'] },
    },
  ],
}

/** One row a secondary substation, with the rating of its transformer by natural cooling. */
const ukpnSecondaries: NetworkLayout = {
  title: 'UK Power Networks: secondary sites',
  source: 'UK Power Networks’ open data, “Secondary Sites”',
  recognisedBy: ['FunctionalLocation', 'SubstationAlias', 'LicenceArea', 'OnanRating'],
  emptyCells: 'keep',
  nodes: [
    {
      nodeId: { columns: ['FunctionalLocation'] },
      name: { columns: ['SubstationAlias', 'FunctionalLocation'] },
      kind: { fixed: 'secondary' },
      licenceArea: { columns: ['LicenceArea'], words: ukpnAreas },
      ratingWinterKva: { columns: ['OnanRating'] },
      ratingSummerKva: { columns: ['OnanRating'] },
      easting: { columns: ['Easting'] },
      northing: { columns: ['Northing'] },
    },
  ],
}

/** Each row is an LV feeder in one postcode and names the secondary and the primary above it. The upload states the licence area. */
const ssenFeeders: NetworkLayout = {
  title: 'SSEN: LV feeders with their substations',
  source: 'SSEN Distribution’s open data, “LV Feeder Lookup”',
  recognisedBy: ['dataset_id', 'primary_substation_id', 'secondary_substation_id', 'lv_feeder_id'],
  emptyCells: 'keep',
  nodes: [
    {
      nodeId: { columns: ['primary_substation_id'], prefix: 'ssen-' },
      name: { columns: ['primary_substation_name', 'primary_substation_id'] },
      kind: { fixed: 'primary' },
    },
    {
      nodeId: { columns: ['secondary_substation_id'], prefix: 'ssen-' },
      name: { columns: ['secondary_substation_name', 'secondary_substation_id'] },
      kind: { fixed: 'secondary' },
      parentId: { columns: ['primary_substation_id'], prefix: 'ssen-' },
    },
    {
      nodeId: { columns: ['dataset_id'], prefix: 'ssen-' },
      name: { columns: ['lv_feeder_name', 'lv_feeder_id'] },
      kind: { fixed: 'feeder' },
      parentId: { columns: ['secondary_substation_id'], prefix: 'ssen-' },
    },
  ],
}

/** Each row is a substation. It states neither ratings nor the licence area, so that the upload states the area. */
const ngedSubstations: NetworkLayout = {
  title: 'National Grid Electricity Distribution: distribution substations',
  source: 'National Grid Electricity Distribution’s connected data portal',
  recognisedBy: ['Substation Number', 'Substation Name', 'Substation Type'],
  emptyCells: 'keep',
  nodes: [
    {
      nodeId: { columns: ['Substation Number'], prefix: 'nged-' },
      name: { columns: ['Substation Name', 'Substation Number'] },
      kind: {
        columns: ['Substation Type'],
        words: {
          'Ground Mounted Distribution': 'secondary',
          'Pole Mounted Distribution': 'secondary',
          Distribution: 'secondary',
          Primary: 'primary',
          Bulk: 'bsp',
        },
      },
    },
  ],
}

/** The layouts that come with the program, by name. */
export const knownLayouts: ReadonlyMap<string, NetworkLayout> = new Map([
  ['ringmain', own],
  ['ukpn-sites', ukpnSites],
  ['ukpn-secondary-sites', ukpnSecondaries],
  ['ssen-lv-feeders', ssenFeeders],
  ['nged-substations', ngedSubstations],
])
