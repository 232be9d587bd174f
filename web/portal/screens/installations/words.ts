import type { DocumentKind, InstallationForm, InstalledSensor } from '../../../../schemas/grid/installations.ts'

export const atWords: Record<InstallationForm['at'], string> = {
  substation: 'the substation',
  customer: 'the customer’s premises',
}

export const batteryWords: Record<InstallationForm['battery'], string> = {
  none: 'none',
  '24-v': '24 V',
  '48-v': '48 V',
}

export const sensorWords: Record<InstalledSensor['kind'], string> = {
  rogowski: 'Rogowski coil',
  'current-transformer': 'Current transformer',
  'voltage-lead': 'Voltage lead',
}

export const documentWords: Record<DocumentKind, string> = {
  'method-statement': 'Method statement',
  'risk-assessment': 'Risk assessment',
  approval: 'Approval',
  'information-pack': 'Information pack',
  photo: 'Photo',
  'test-record': 'Test record',
  other: 'Other',
}
