import type { DepotAlarmKind, DepotAlarmLevel } from '../../schemas/fsp/alarms.ts'
import type { ControlMode } from '../../schemas/fsp/depot-api.ts'
import type { DepotExplanation, SiteLimit } from '../../schemas/fsp/depot-plan.ts'
import type { SocketState } from '../../schemas/fsp/sockets.ts'
import type { DepotRole } from '../../schemas/vocabulary/roles.ts'
import type { Wording } from '../shared/format/words.ts'

export const roleWords: Record<DepotRole, string> = {
  'sys-admin': 'system administrator',
  'fleet-admin': 'fleet administrator',
  'depot-admin': 'depot administrator',
  payroll: 'payroll',
}

export const modeWords: Record<ControlMode, Wording & { means: string }> = {
  off: {
    word: 'Off',
    tone: 'risk',
    shape: 'bar',
    means: 'Nothing is computed. Charge points keep their standing limit.',
  },
  monitor: {
    word: 'Monitor',
    tone: 'normal',
    shape: 'ring',
    means: 'Set points are computed and shown. None is sent.',
  },
  test: {
    word: 'Test',
    tone: 'doubt',
    shape: 'dashed',
    means: 'Set points are computed, checked and recorded. None takes effect.',
  },
  live: { word: 'Live', tone: 'normal', shape: 'dot', means: 'Set points are sent to the charge points.' },
}

export const socketWords: Record<SocketState, Wording> = {
  available: { word: 'Available', tone: 'quiet', shape: 'ring' },
  preparing: { word: 'Preparing', tone: 'normal', shape: 'dot' },
  charging: { word: 'Charging', tone: 'normal', shape: 'arrow' },
  full: { word: 'Full', tone: 'normal', shape: 'tick' },
  finishing: { word: 'Finishing', tone: 'normal', shape: 'tick' },
  faulted: { word: 'Faulted', tone: 'fault', shape: 'cross' },
  'communications-lost': { word: 'Communications lost', tone: 'doubt', shape: 'dashed' },
}

export const limitWords: Record<SiteLimit['source'], string> = {
  connection: 'Agreed supply capacity',
  'agreed-profile': 'Profiled connection agreed with the DNO',
  'own-profile': 'Profiled connection of the register',
  calendar: 'Profiled connection of the calendar',
  'dynamic-limit': 'Dynamic limit of the DNO',
  'fail-safe': 'Fail-safe limit of the DNO',
  'flexibility-event': 'Flexibility event',
}

type Priority = DepotExplanation['sockets'][number]['priority']

export const departureWords: Record<Priority['basis'], string> = {
  schedule: 'its schedule',
  vehicle: 'as the vehicle says',
  assumed: 'assumed: the next working morning',
  arrival: 'first come, first served',
}

export const socWords: Record<Priority['socBasis'], string> = {
  telematics: 'telematics',
  'telematics-and-register': 'telematics, and energy charged since',
  vehicle: 'as the vehicle says',
  register: 'estimated from the schedule and the energy charged',
  unknown: 'not known',
}

export const levelWords: Record<DepotAlarmLevel, Wording> = {
  red: { word: 'Red', tone: 'fault', shape: 'triangle' },
  amber: { word: 'Amber', tone: 'risk', shape: 'diamond' },
}

export const alarmWords: Record<DepotAlarmKind, string> = {
  'charge-point-silent': 'Charge point silent',
  'soc-stale': 'State of charge old',
  'site-load-stale': 'Site load old',
  'feed-stale': 'Feed late',
  'ingestion-failed': 'Message not taken',
  'feed-drift': 'Feed changed its form',
  'under-delivery': 'Turn-down under-delivered',
  'foreign-limit': 'Limit that is not ours',
  'unknown-vehicle': 'Vehicle not identified',
  'emergency-off': 'Emergency off',
  'set-point-refused': 'Set point refused',
}
