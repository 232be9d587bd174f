import {
  type InstallationForm,
  type InstalledSensor,
  installationForm,
} from '../../../../schemas/grid/installations.ts'

/** A sensor as it is typed. */
export interface SensorFields {
  key: string
  feeder: string
  phase: InstalledSensor['phase']
  kind: InstalledSensor['kind']
  primaryA: string
  secondary: string
  serialNumber: string
}

/** A record as it is typed: an empty field is not known. */
export interface RecordFields {
  place: string
  at: InstallationForm['at']
  battery: InstallationForm['battery']
  installer: string
  notes: string
  days: Record<InstallationDay, string>
  sensors: SensorFields[]
}

export const installationDays = {
  outageOn: 'Supply off on',
  installedOn: 'Installed on',
  commissionedOn: 'Commissioned on',
  batteryInstalledOn: 'Battery installed on',
  batteryReplacedOn: 'Battery replaced on',
  removedOn: 'Removed on',
} as const
export type InstallationDay = keyof typeof installationDays
const dayNames = Object.keys(installationDays) as InstallationDay[]

let made = 0
const newKey = () => `sensor ${++made}`

/** The next sensor of a list: the next phase of the last one's feeder, with the same ratio. */
export function nextSensor(sensors: readonly SensorFields[]): SensorFields {
  const last = sensors.at(-1)
  if (!last)
    return { key: newKey(), feeder: '1', phase: 'L1', kind: 'rogowski', primaryA: '', secondary: '', serialNumber: '' }
  const phase = ({ L1: 'L2', L2: 'L3', L3: 'L1' } as const)[last.phase]
  const feeder = phase === 'L1' ? String(Number(last.feeder) + 1) : last.feeder
  return { ...last, key: newKey(), phase, feeder, serialNumber: '' }
}

/** The fields of a record, or empty ones. */
export function fieldsOf(record: InstallationForm | null): RecordFields {
  const { place = '', at = 'substation', battery = 'none', installer = '', notes = '', sensors = [] } = record ?? {}
  const text = (value: number | null) => (value === null ? '' : String(value))
  return {
    place,
    at,
    battery,
    installer,
    notes,
    days: Object.fromEntries(dayNames.map((day) => [day, record?.[day] ?? ''])) as RecordFields['days'],
    sensors: sensors.map(({ feeder, primaryA, secondary, ...rest }) => ({
      ...rest,
      key: newKey(),
      feeder: String(feeder),
      primaryA: text(primaryA),
      secondary: text(secondary),
    })),
  }
}

/** What the fields come to, or what is wrong with them. */
export function recordOf(fields: RecordFields) {
  const number = (text: string) => (text.trim() === '' ? null : Number(text))
  const { days, sensors, ...rest } = fields
  return installationForm.safeParse({
    ...rest,
    ...Object.fromEntries(dayNames.map((day) => [day, days[day] === '' ? null : days[day]])),
    sensors: sensors.map(({ key: _key, feeder, primaryA, secondary, ...sensor }) => ({
      ...sensor,
      feeder: Number(feeder),
      primaryA: number(primaryA),
      secondary: number(secondary),
    })),
  })
}
