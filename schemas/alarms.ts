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
  'feed-stale',
  'feed-failed',
  'feed-drift',
])
export type AlarmKind = z.infer<typeof alarmKind>

/** What the journal records. */
export const alarmEventName = z.enum([
  'raised',
  'escalated',
  'cleared',
  'acknowledged',
  'shelved',
  'unshelved',
  'taken',
  'suppressed',
  'unsuppressed',
])
export type AlarmEventName = z.infer<typeof alarmEventName>

export const alarm = z
  .object({
    alarmId: uuid,
    kind: alarmKind,
    priority: alarmPriority,
    state: alarmState,
    /** What it is about, so that a screen can open it. */
    source: z.object({
      type: z.enum(['connection', 'hub', 'fsp', 'fu', 'gateway', 'feed', 'timetable']),
      id: z.string(),
      name: z.string(),
    }),
    /** What happened, in one sentence with figures. */
    message: z.string(),
    /** What the operator should do. */
    action: z.string(),
    raisedAt: instant,
    clearedAt: instantOrNull,
    acknowledgedAt: instantOrNull,
    acknowledgedBy: z.string().nullable(),
    occurrences: z.number().int().min(1),
    /** What brings such an alarm about, and what follows when nobody acts. */
    cause: z.string().optional(),
    consequence: z.string().optional(),
    /** Who sees to it. */
    owner: z.string().nullable().optional(),
    /** Put aside until then; it comes back by itself. */
    shelvedUntil: instantOrNull.optional(),
    shelvedBy: z.string().nullable().optional(),
    shelfReason: z.string().nullable().optional(),
    /** Explained by another active alarm, so not shown among the open ones. */
    suppressed: z.boolean().optional(),
  })
  .meta({ id: 'Alarm' })
export type Alarm = z.infer<typeof alarm>

export const alarmCounts = z
  .object({ critical: z.number().int(), high: z.number().int(), medium: z.number().int(), low: z.number().int() })
  .meta({ id: 'AlarmCounts' })
