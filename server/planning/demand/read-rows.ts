import type { CsvRow, StatedZone } from '../../../platform/csv/index.ts'
import { RowReader } from '../../../platform/csv/index.ts'
import { type CoordinateSystem, toGrid } from '../../../platform/geography/index.ts'
import { halfHourStarts } from '../../../schemas/grid/profiles.ts'
import type { EditionKind } from '../../../schemas/planning/demand-editions.ts'
import { dayKinds } from './engine/demand.ts'
import { placeOf, readShape, type Shape } from './mapping/shape.ts'
import { archetypes } from './outlook/profiles.ts'
import type { EditionRows } from './rows.ts'

/** What holds for all rows of a file. */
export interface ReadTerms {
  zone: StatedZone | undefined
  system: CoordinateSystem
  /** Years that the headings of a growth file name. */
  years: readonly number[]
}

type Reader<K extends EditionKind> = (row: RowReader, terms: ReadTerms) => EditionRows[K]

/** Reads a row; with flaws it is not to be used. */
export function readRow(
  kind: EditionKind,
  given: CsvRow,
  terms: ReadTerms,
): { row: EditionRows[EditionKind]; reader: RowReader } {
  const reader = new RowReader(given)
  return { row: readers[kind](reader, terms), reader }
}

function flag(row: RowReader, field: string): boolean {
  return /^(true|yes|y|1)$/i.test(row.optional(field) ?? '')
}

function within(row: RowReader, field: string, least: number, most: number, unit: string): number {
  const value = row.requiredNumber(field)
  if (value < least || value > most) row.flaw(field, `${value} ${unit} is not between ${least} and ${most} ${unit}`)
  return value
}

function shapeIn(row: RowReader, { system }: ReadTerms): Shape | null {
  const text = row.optional('geometry')
  if (text === null) return null
  const found = readShape(text, system)
  if (found.ok) return found.value
  row.flaw('geometry', found.message)
  return null
}

/** A shape as lists, which JSON keeps exactly. */
function listsOf(shape: Shape | null): number[][][] | null {
  return shape?.polygons.map((rings) => rings.map((ring) => [...ring])) ?? null
}

const longestName = 200

/** Published scenarios have shares a little above 1 where they round cars down; a percentage would be far above. */
const mostShare = 1.5

const readers: { [K in EditionKind]: Reader<K> } = {
  trips(row, { zone }) {
    const [startMs, endMs] = [row.instantMs('startedAt', zone), row.instantMs('endedAt', zone)]
    if (endMs < startMs) row.flaw('endedAt', 'is before startedAt')
    return {
      vehicle: row.text('vehicle', 100),
      model: row.text('model', 100),
      startMs,
      endMs,
      from: row.text('fromArea', 50),
      to: row.text('toArea', 50),
      km: within(row, 'km', 0, 2_000, 'km'),
    }
  },
  vehicles: (row) => ({
    model: row.text('model', 100),
    usableKwh: within(row, 'usableKwh', 1, 1_000, 'kWh'),
    kwhPerKm: within(row, 'kwhPerKm', 0.03, 3, 'kWh/km'),
    acKw: within(row, 'acKw', 0, 50, 'kW'),
    dcKw: within(row, 'dcKw', 0, 1_000, 'kW'),
    isVerified: flag(row, 'verified'),
  }),
  'charge-points'(row) {
    const [latitude, longitude] = [within(row, 'latitude', 49, 61, '°'), within(row, 'longitude', -9, 3, '°')]
    const [eastingM, northingM] = toGrid(longitude, latitude)
    return {
      id: row.text('id', 100),
      name: row.optionalText('name', 500) ?? '',
      eastingM,
      northingM,
      kw: row.numberWithin('kw', 0, 1_000, 'kW') || null,
      isDc: /\bdc\b/i.test(row.optional('current') ?? ''),
      taxiOnly: flag(row, 'taxiOnly'),
      excluded: flag(row, 'excluded'),
      isHv: flag(row, 'highVoltage'),
    }
  },
  areas(row, terms) {
    const shape = shapeIn(row, terms)
    const [eastingM, northingM] = shape ? placeOf(shape) : [row.number('easting'), row.number('northing')]
    if (eastingM === null || northingM === null) row.flaw('geometry', 'is missing, and so are easting and northing')
    return {
      code: row.text('code', 50),
      borough: row.text('borough', longestName),
      polygons: listsOf(shape),
      eastingM: eastingM ?? 0,
      northingM: northingM ?? 0,
      cars: row.numberWithin('cars', 0, 1e6, 'cars'),
      depotVehicles: row.numberWithin('depotVehicles', 0, 1e6, 'vehicles') ?? 0,
      isExcludedAsHome: flag(row, 'excludedAsHome'),
    }
  },
  'off-street': (row) => ({ place: row.text('place', longestName), share: within(row, 'share', 0, 1, '(a share)') }),
  growth: (row, { years }) => ({
    area: row.text('area', 50),
    years: [...years],
    shares: years.map((year) => within(row, String(year), 0, mostShare, '(a share)')),
  }),
  'feeding-areas': (row, terms) => ({
    nodeId: row.text('nodeId', longestName),
    customers: row.numberWithin('customers', 0, 1e7, 'customers'),
    polygons: listsOf(shapeIn(row, terms)),
  }),
  profiles(row) {
    const time = row.text('time', 5)
    const slot = halfHourStarts.indexOf(time)
    if (slot < 0) row.flaw('time', `"${time}" is not the start of a half-hour such as 17:30`)
    const chargingW = within(row, 'chargingW', 100, 1e6, 'W')
    return {
      archetype: row.oneOf('archetype', row.text('archetype', 50), archetypes),
      dayKind: row.oneOf('dayKind', row.text('dayKind', 50), dayKinds),
      slot,
      meanW: within(row, 'meanW', 0, chargingW, 'W'),
      chargingW,
    }
  },
  connectivity: (row) => ({
    area: row.text('area', 50),
    nodeId: row.text('nodeId', longestName),
    customers: within(row, 'customers', 0, 1e7, 'customers'),
  }),
  'hv-sites'(row) {
    const [eastingM, northingM] = [row.number('easting'), row.number('northing')]
    if ((eastingM === null) !== (northingM === null)) row.flaw('easting', 'needs a northing, and a northing an easting')
    return {
      id: row.text('id', 100),
      name: row.optionalText('name', longestName) ?? '',
      area: row.text('area', 50),
      archetype: row.oneOf('archetype', row.text('archetype', 50), ['public', 'depot'] as const),
      vehicles: within(row, 'vehicles', 0, 1e6, 'vehicles'),
      nodeId: row.optionalText('nodeId', longestName),
      eastingM,
      northingM,
    }
  },
}
