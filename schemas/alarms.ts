import { z } from 'zod'
import { instant, instantOrNull, uuid } from './units.ts'

export const alarmPriority = z.enum(['critical', 'high', 'medium', 'low'])
export type AlarmPriority = z.infer<typeof alarmPriority>

/** ISA-18.2 states: an alarm is open until it has both cleared and been acknowledged. */
export const alarmState = z.enum(['unacknowledged', 'acknowledged', 'cleared-unacknowledged', 'closed'])
export type AlarmState = z.infer<typeof alarmState>

export const alarmKind = z.enum([
  'limit-breach',
  'communication-failure',
  'profile-expiring',
  'profile-expired',
  'dispatch-not-sent',
  'dispatch-refused',
  'dispatch-missed',
  'under-delivery',
  'clock-drift',
])
export type AlarmKind = z.infer<typeof alarmKind>

export const alarm = z
  .object({
    alarmId: uuid,
    kind: alarmKind,
    priority: alarmPriority,
    state: alarmState,
    /** What it is about, so that a screen can open it. */
    source: z.object({ type: z.enum(['connection', 'hub', 'fsp', 'fu', 'gateway']), id: z.string(), name: z.string() }),
    /** What happened, in one sentence with figures. */
    message: z.string(),
    /** What the operator should do. */
    action: z.string(),
    raisedAt: instant,
    clearedAt: instantOrNull,
    acknowledgedAt: instantOrNull,
    acknowledgedBy: z.string().nullable(),
    occurrences: z.number().int().min(1),
  })
  .meta({ id: 'Alarm' })
export type Alarm = z.infer<typeof alarm>

export const alarmCounts = z
  .object({ critical: z.number().int(), high: z.number().int(), medium: z.number().int(), low: z.number().int() })
  .meta({ id: 'AlarmCounts' })
