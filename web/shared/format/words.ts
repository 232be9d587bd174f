import type { DeliveryState } from '../../../schemas/dispatch/delivery.ts'
import type { InstructionState } from '../../../schemas/dispatch/instructions.ts'
import type { AlarmKind, AlarmPriority, AlarmState } from '../../../schemas/grid/alarms.ts'
import type { ComplianceState, HubState, LimitSource } from '../../../schemas/grid/connections.ts'
import type { Quality } from '../../../schemas/grid/measurements.ts'
import type { Role } from '../../../schemas/vocabulary/roles.ts'
import { fixed, kw } from './power.ts'

/** How much something matters: `quiet` is history, `normal` asks for nobody, `risk` is amber, `fault` red, `doubt` violet. */
export type Tone = 'quiet' | 'normal' | 'risk' | 'fault' | 'doubt'

/** A mark tells by shape first, and only then by colour. */
export type Shape = 'ring' | 'dot' | 'diamond' | 'triangle' | 'dashed' | 'tick' | 'cross' | 'square' | 'arrow' | 'bar'

export interface Wording {
  word: string
  tone: Tone
  shape: Shape
}

export const complianceWords: Record<ComplianceState, Wording> = {
  compliant: { word: 'Within limit', tone: 'normal', shape: 'ring' },
  'at-risk': { word: 'At risk', tone: 'risk', shape: 'diamond' },
  breach: { word: 'Over limit', tone: 'fault', shape: 'triangle' },
  unknown: { word: 'Not known', tone: 'doubt', shape: 'dashed' },
}

export const linkWords: Record<HubState['link'], Wording> = {
  online: { word: 'Online', tone: 'normal', shape: 'ring' },
  offline: { word: 'Offline', tone: 'fault', shape: 'cross' },
  'never-seen': { word: 'Never seen', tone: 'doubt', shape: 'dashed' },
}

export const limitSourceWords: Record<LimitSource, string> = {
  profile: 'profiled connection',
  asc: 'agreed supply capacity',
  fallback: 'fallback after expiry',
  dynamic: 'dynamic limit',
  dispatch: 'turn-down instructed',
  'fail-safe': 'fail-safe limit',
  'export-capacity': 'export capacity',
}

/** The authorised export of a connection: what is not stated limits nothing. */
export function exportText({ exportKva = null, exportLimitW = null }: ExportTerms): string {
  if (exportKva === null) return 'not stated'
  if (exportKva === 0) return 'none allowed'
  return `${fixed(exportKva, exportKva % 1 === 0 ? 0 : 2)} kVA${exportLimitW === null ? '' : `, so at most ${kw(exportLimitW)}`}`
}

type ExportTerms = { [K in 'exportKva' | 'exportLimitW']?: number | null | undefined }

export const qualityWords: Record<Quality, { word: string; tone: Tone }> = {
  good: { word: 'good', tone: 'normal' },
  questionable: { word: 'questionable', tone: 'doubt' },
  bad: { word: 'bad', tone: 'doubt' },
  derived: { word: 'derived', tone: 'doubt' },
}

export const priorityWords: Record<AlarmPriority, Wording> = {
  critical: { word: 'Critical', tone: 'fault', shape: 'triangle' },
  high: { word: 'High', tone: 'fault', shape: 'square' },
  medium: { word: 'Medium', tone: 'risk', shape: 'diamond' },
  low: { word: 'Low', tone: 'normal', shape: 'dot' },
}

export const alarmStateWords: Record<AlarmState, string> = {
  unacknowledged: 'Not acknowledged',
  acknowledged: 'Acknowledged',
  'cleared-unacknowledged': 'Cleared, not acknowledged',
  closed: 'Closed',
}

export const alarmKindWords: Record<AlarmKind, string> = {
  'limit-breach': 'Import over limit',
  'export-breach': 'Export over limit',
  'communication-failure': 'Hub silent',
  'profile-expiring': 'Profile expires soon',
  'profile-expired': 'Profile expired',
  'dispatch-not-sent': 'Instruction not sent',
  'dispatch-refused': 'FSP refused',
  'dispatch-missed': 'Instruction missed',
  'limit-not-confirmed': 'Import limit not confirmed',
  'under-delivery': 'Under-delivery',
  'delivery-short': 'Measured under-delivery',
  'delivery-not-seen': 'Delivery not seen',
  'clock-drift': 'Hub clock drifts',
  'measurements-refused': 'Gateway refuses measurements',
  'certificate-expiring': 'Certificate expires',
  'feed-stale': 'Feed is late',
  'feed-failed': 'Feed failed',
  'feed-drift': 'Feed has changed its format',
  'hub-fault': 'Hub reports a fault',
  'hub-hot': 'Hub is hot',
  'over-voltage': 'Voltage too high',
  'under-voltage': 'Voltage too low',
  'phase-loss': 'Phase lost',
  'load-difference': 'Hub and monitor differ',
  'experiment-halted': 'Experiment halted',
}

export const instructionWords: Record<InstructionState, Wording> = {
  planned: { word: 'Planned', tone: 'quiet', shape: 'ring' },
  sent: { word: 'Sent', tone: 'normal', shape: 'arrow' },
  acknowledged: { word: 'Acknowledged', tone: 'normal', shape: 'tick' },
  refused: { word: 'Refused', tone: 'fault', shape: 'cross' },
  unknown: { word: 'FSP did not answer', tone: 'doubt', shape: 'dashed' },
  superseded: { word: 'Superseded', tone: 'quiet', shape: 'bar' },
  expired: { word: 'Expired', tone: 'fault', shape: 'square' },
  ended: { word: 'Ended', tone: 'quiet', shape: 'dot' },
}

export const deliveryWords: Record<DeliveryState, Wording> = {
  short: { word: 'Short', tone: 'fault', shape: 'triangle' },
  'not-seen': { word: 'Not seen', tone: 'doubt', shape: 'dashed' },
  delivered: { word: 'Delivered', tone: 'normal', shape: 'tick' },
  'not-judged': { word: 'Too early to say', tone: 'quiet', shape: 'ring' },
}

export const roleWords: Record<Role, string> = {
  planner: 'planner',
  'flexibility-engineer': 'flexibility engineer',
  settlement: 'settlement',
  operator: 'operator',
  administrator: 'administrator',
  'fsp-user': 'FSP user',
  customer: 'customer',
}
