import type { RegisterName } from '../../../../schemas/fsp/registers/index.ts'
import { pageLanguage } from '../../../shared/format/language.ts'

interface RegisterWords {
  name: string
  /** What an entry's key is. */
  key: string
  /** The members that a list shows, in their order. */
  columns: readonly string[]
}

/** Every register as people call it. */
export const registerWords: Record<RegisterName, RegisterWords> = {
  depots: { name: 'Depots', key: 'Identifier', columns: ['name', 'customer', 'mpan', 'ascKva', 'bufferW'] },
  models: { name: 'Charge-point models', key: 'Model', columns: ['vendor', 'sockets', 'maxCurrentA', 'phases'] },
  chargePoints: {
    name: 'Charge points',
    key: 'Identity',
    columns: ['depotId', 'model', 'route', 'feeder', 'firmware'],
  },
  evTypes: { name: 'Types of vehicle', key: 'Type', columns: ['name', 'make', 'usableBatteryWh', 'acPowerW'] },
  evs: { name: 'Vehicles', key: 'Registration', columns: ['depotId', 'evType', 'idTag', 'telematicsId'] },
  tokens: { name: 'Tokens', key: 'Token', columns: ['depotId', 'kind', 'state', 'replacedBy'] },
  telematics: { name: 'Telematics identities', key: 'Identity', columns: ['provider', 'delivery', 'name'] },
  profiledConnections: { name: 'Profiled connections', key: 'Key', columns: ['depotId', 'name', 'from', 'to'] },
  flexibilityEvents: {
    name: 'Flexibility events',
    key: 'Key',
    columns: ['depotId', 'name', 'state', 'from', 'to', 'reductionW'],
  },
  tariffPeriods: { name: 'Tariff periods', key: 'Key', columns: ['depotId', 'name', 'from', 'to', 'pencePerKwh'] },
  evSchedules: {
    name: 'Schedules of vehicles',
    key: 'Registration',
    columns: ['depotId', 'chargesEverySecondDay', 'reservePercent'],
  },
  depotOptions: {
    name: 'Options of depots',
    key: 'Depot',
    columns: ['profiledConnection', 'flexibility', 'priority', 'tariff', 'minimumPerVehicleA', 'timing'],
  },
  priorityWeights: { name: 'Weights of priority', key: 'For', columns: ['schedule', 'stateOfCharge'] },
  areas: { name: 'Areas', key: 'Area', columns: ['name', 'localAuthority', 'areaClass'] },
  excludedPlaces: { name: 'Excluded places', key: 'Place', columns: ['name', 'reason'] },
  homeUnits: { name: 'Units of homes', key: 'Unit', columns: ['name', 'product', 'licenceArea'] },
  homes: { name: 'Homes', key: 'Home', columns: ['depotId', 'area', 'mpan'] },
  drivers: { name: 'Drivers', key: 'Driver', columns: ['depotId', 'homeId'] },
  vehicleDrivers: { name: 'Drivers of vehicles', key: 'Registration', columns: ['depotId', 'driverId'] },
}

/** The registers by what they are for. */
export const registerGroups: readonly { title: string; names: readonly RegisterName[] }[] = [
  { title: 'Fleet', names: ['depots', 'models', 'chargePoints', 'evTypes', 'evs', 'tokens', 'telematics'] },
  {
    title: 'Calendars and options',
    names: [
      'profiledConnections',
      'flexibilityEvents',
      'tariffPeriods',
      'evSchedules',
      'depotOptions',
      'priorityWeights',
    ],
  },
  { title: 'Homes', names: ['areas', 'excludedPlaces', 'homeUnits', 'homes', 'drivers', 'vehicleDrivers'] },
]

/** Units that members carry at the end of their names. */
const units: Record<string, string> = {
  W: 'W',
  Wh: 'Wh',
  A: 'A',
  S: 's',
  Kva: 'kVA',
  Percent: '%',
  PencePerKwh: 'p/kWh',
}

const known: Record<string, string> = {
  depotId: 'Depot',
  mpan: 'MPAN',
  evType: 'Type',
  idTag: 'Token',
  telematicsId: 'Telematics identity',
  ascKva: 'Agreed supply capacity, kVA',
  pencePerKwh: 'Price, p/kWh',
  otherPencePerKwh: 'Price at other times, p/kWh',
  usableBatteryWh: 'Usable battery, Wh',
  acPowerW: 'AC power, W',
  minimumPerVehicleA: 'Minimum per vehicle, A',
  needWh: 'Energy needed, Wh',
}

/** A member of an entry in words, with its unit: `Most current, A`. */
export function memberWords(member: string): string {
  if (known[member]) return known[member]
  const parts = member.replace(/([a-z0-9])([A-Z])/g, '$1 $2').split(' ')
  const unit = parts.length > 1 ? units[parts.at(-1) ?? ''] : undefined
  const words = (unit ? parts.slice(0, -1) : parts).map((part) => part.toLowerCase()).join(' ')
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${unit ? `, ${unit}` : ''}`
}

/** A value of an entry as people read it. */
export function valueWords(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number') return value.toLocaleString(pageLanguage)
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(partWords).join('; ')
  return partWords(value)
}

/** An object within an entry: `from 13:00, limit, W 20,000`. */
function partWords(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return valueWords(value)
  return Object.entries(value)
    .map(([member, each]) => `${memberWords(member).toLowerCase()} ${valueWords(each)}`)
    .join(', ')
}
