import { plainHeading } from '../../../platform/csv/index.ts'
import type { EditionKind } from '../../../schemas/planning/demand-editions.ts'

/** A column of a file: the headings under which known layouts have it, whether a file needs it, and what a template has in it. */
interface Column {
  known?: readonly string[]
  required?: true
  example?: string
}

const exampleArea = 'E01002702'
const area: Column = { known: ['LSOA21CD', 'LSOA11CD'], required: true, example: exampleArea }

/** The columns of each kind of file. A growth file has a column for each year besides. */
const editionColumns: Record<EditionKind, Readonly<Record<string, Column>>> = {
  trips: {
    vehicle: { required: true, example: 'vehicle-1' },
    model: { required: true, example: 'Kia e-Niro' },
    startedAt: { required: true, example: '2026-01-14T08:00:00Z' },
    endedAt: { required: true, example: '2026-01-14T08:40:00Z' },
    fromArea: { required: true, example: exampleArea },
    toArea: { required: true, example: exampleArea },
    km: { required: true, example: '12.5' },
  },
  vehicles: {
    model: { required: true, example: 'Kia e-Niro' },
    usableKwh: { required: true, example: '64' },
    kwhPerKm: { required: true, example: '0.16' },
    acKw: { required: true, example: '7.4' },
    dcKw: { required: true, example: '77' },
    verified: { example: 'true' },
  },
  'charge-points': {
    id: { known: ['chargeDeviceID'], required: true, example: '1' },
    name: { required: true, example: 'High Street' },
    latitude: { required: true, example: '51.54' },
    longitude: { required: true, example: '0.01' },
    kw: { known: ['connector1RatedOutputKW'], example: '50' },
    current: { known: ['connector1ChargeMethod'], example: 'DC' },
    taxiOnly: { example: 'false' },
    excluded: { example: 'false' },
    highVoltage: { example: 'false' },
  },
  areas: {
    code: area,
    borough: { known: ['LAD22NM', 'LAD11NM'], required: true, example: 'Islington' },
    geometry: {},
    easting: { example: '531500' },
    northing: { example: '184000' },
    cars: { example: '450' },
    depotVehicles: { example: '0' },
    excludedAsHome: { example: 'false' },
  },
  'off-street': {
    place: { known: ['area', 'borough', 'LSOA21CD', 'LSOA11CD'], required: true, example: 'Islington' },
    share: { required: true, example: '0.15' },
  },
  growth: { area },
  'feeding-areas': { nodeId: { required: true, example: 'substation-1' }, customers: { example: '120' }, geometry: {} },
  profiles: {
    archetype: { required: true },
    dayKind: { required: true },
    time: { required: true },
    meanW: { required: true },
    chargingW: { required: true },
  },
  'hv-sites': {
    id: { required: true, example: 'hub-1' },
    name: { example: 'Rapid hub' },
    area,
    archetype: { required: true, example: 'public' },
    vehicles: { required: true, example: '40' },
    nodeId: {},
    easting: { example: '531500' },
    northing: { example: '184000' },
  },
  connectivity: {
    area,
    nodeId: { required: true, example: 'substation-1' },
    customers: { required: true, example: '120' },
  },
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

/** The columns of a kind of file with an example of each, in order; a growth file has its years besides. */
export function exampleColumns(kind: EditionKind): [heading: string, example: string][] {
  return Object.entries(editionColumns[kind]).map(([heading, { example = '' }]) => [heading, example])
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
