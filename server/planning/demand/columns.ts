import { plainHeading } from '../../../platform/csv/index.ts'
import type { EditionKind } from '../../../schemas/planning/demand-editions.ts'

/** A column of a file: the headings under which known layouts have it, and whether a file needs it. */
interface Column {
  known?: readonly string[]
  required?: true
}

const area: Column = { known: ['LSOA21CD', 'LSOA11CD'], required: true }

/** The columns of each kind of file. A growth file has a column for each year besides. */
const editionColumns: Record<EditionKind, Readonly<Record<string, Column>>> = {
  trips: {
    vehicle: { required: true },
    model: { required: true },
    startedAt: { required: true },
    endedAt: { required: true },
    fromArea: { required: true },
    toArea: { required: true },
    km: { required: true },
  },
  vehicles: {
    model: { required: true },
    usableKwh: { required: true },
    kwhPerKm: { required: true },
    acKw: { required: true },
    dcKw: { required: true },
    verified: {},
  },
  'charge-points': {
    id: { known: ['chargeDeviceID'], required: true },
    name: { required: true },
    latitude: { required: true },
    longitude: { required: true },
    kw: { known: ['connector1RatedOutputKW'] },
    current: { known: ['connector1ChargeMethod'] },
    taxiOnly: {},
    excluded: {},
    highVoltage: {},
  },
  areas: {
    code: area,
    borough: { known: ['LAD22NM', 'LAD11NM'], required: true },
    geometry: {},
    easting: {},
    northing: {},
    cars: {},
    depotVehicles: {},
    excludedAsHome: {},
  },
  'off-street': {
    place: { known: ['area', 'borough', 'LSOA21CD', 'LSOA11CD'], required: true },
    share: { required: true },
  },
  growth: { area },
  'feeding-areas': { nodeId: { required: true }, customers: {}, geometry: {} },
  profiles: {
    archetype: { required: true },
    dayKind: { required: true },
    time: { required: true },
    meanW: { required: true },
    chargingW: { required: true },
  },
  'hv-sites': {
    id: { required: true },
    name: {},
    area,
    archetype: { required: true },
    vehicles: { required: true },
    nodeId: {},
    easting: {},
    northing: {},
  },
  connectivity: { area, nodeId: { required: true }, customers: { required: true } },
}

/** The heading of each column, and what is wrong with the headings. */
export interface NamedColumns {
  headings: Record<string, string>
  faults: { field: string; message: string }[]
}

/** Reads `code=LSOA21CD,borough=LAD22NM`. */
export function statedColumns(text: string): Record<string, string> {
  const pairs = text.split(',').map((pair) => pair.split('=').map((part) => part.trim()))
  return Object.fromEntries(
    pairs.filter(([column, heading]) => column && heading).map(([column, heading]) => [column, heading]),
  )
}

/** Finds the columns of an edition's file. */
export function nameColumns(
  kind: EditionKind,
  headings: readonly string[],
  stated: Record<string, string>,
): NamedColumns {
  return nameFileColumns(kind, editionColumns[kind], headings, stated)
}

/** Finds the columns of a file: as stated, by their own names, or by those of a known layout; in that order. @param what the file holds, for faults. */
export function nameFileColumns(
  what: string,
  columns: Readonly<Record<string, Column>>,
  headings: readonly string[],
  stated: Record<string, string>,
): NamedColumns {
  const found: NamedColumns = { headings: {}, faults: [] }
  for (const column of Object.keys(stated))
    if (!columns[column])
      found.faults.push({
        field: column,
        message: `is not a column of ${what}: they are ${Object.keys(columns).join(', ')}`,
      })
  for (const [column, { known = [], required }] of Object.entries(columns)) {
    const names = stated[column] === undefined ? [column, ...known] : [stated[column]]
    const matching = names.map((name) => headings.filter((heading) => plainHeading(heading) === plainHeading(name)))
    const [heading, ...twice] = matching.find((each) => each.length > 0) ?? []
    if (heading !== undefined) found.headings[column] = heading
    else if (required || stated[column] !== undefined)
      found.faults.push({ field: stated[column] ?? column, message: 'is missing from the headings' })
    if (twice.length > 0) found.faults.push({ field: heading ?? '', message: 'is a heading twice: which one counts?' })
  }
  return found
}
