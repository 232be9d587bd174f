import { type Figure, figureFault, readFigure } from '../figures.ts'

/** What the planner states of the electric vehicles, as the form holds it. */
export interface FleetDraft {
  usableKwh: string
  kwhPerKm: string
  winterFactor: string
  depotKw: string
  homeKw: string
  leastStopMinutes: string
  chargerEfficiency: string
  columns: string
  zone: '' | 'UTC' | 'Europe/London'
  connectionId: string
}

export const fleetFigures = {
  usableKwh: { label: 'Usable battery', unit: 'kWh', least: 1, most: 1_000 },
  kwhPerKm: { label: 'Consumption in summer', unit: 'kWh/km', least: 0.03, most: 3 },
  winterFactor: { label: 'Winter to summer', unit: '', least: 1, most: 3, hint: '1.2: a fifth more energy in winter.' },
  depotKw: { label: 'Charging at the depot', unit: 'kW', least: 0.1, most: 1_000, hint: 'Per vehicle' },
  homeKw: { label: 'Charging at home', unit: 'kW', least: 0.1, most: 50, hint: 'Per vehicle' },
  leastStopMinutes: {
    label: 'Shortest stop to plug in',
    unit: 'min',
    least: 0,
    most: 1_440,
    hint: 'At shorter stops nobody plugs in.',
  },
  chargerEfficiency: {
    label: 'Efficiency of charging',
    unit: '%',
    least: 50,
    most: 100,
    scale: 100,
    hint: 'What of the metered energy reaches the battery.',
  },
} as const satisfies Partial<Record<keyof FleetDraft, Figure>>

type FigureName = keyof typeof fleetFigures

/** The figures of a van of today, to begin with. */
export const firstFleetDraft: FleetDraft = {
  usableKwh: '60',
  kwhPerKm: '0.25',
  winterFactor: '1.2',
  depotKw: '7.4',
  homeKw: '7.4',
  leastStopMinutes: '30',
  chargerEfficiency: '90',
  columns: '',
  zone: '',
  connectionId: '',
}

/** The query of an estimate, or what is wrong by field. */
export function readFleetDraft(draft: FleetDraft) {
  const faults: Partial<Record<keyof FleetDraft, string>> = {}
  const read = (name: FigureName) => {
    const fault = figureFault(draft[name], fleetFigures[name])
    if (fault) faults[name] = fault
    return readFigure(draft[name], fleetFigures[name]) ?? 0
  }
  const given = {
    usableKwh: read('usableKwh'),
    kwhPerKm: read('kwhPerKm'),
    winterFactor: read('winterFactor'),
    depotKw: read('depotKw'),
    homeKw: read('homeKw'),
    leastStopMinutes: read('leastStopMinutes'),
    chargerEfficiency: read('chargerEfficiency'),
    columns: draft.columns,
    ...(draft.zone === '' ? {} : { zone: draft.zone }),
    ...(draft.connectionId === '' ? {} : { connectionId: draft.connectionId }),
  }
  return { given: Object.keys(faults).length > 0 ? null : given, faults }
}
