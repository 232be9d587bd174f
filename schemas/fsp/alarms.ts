import { z } from 'zod'
import { alarmState } from '../grid/alarms.ts'
import { depotPeople, depotReaders } from '../vocabulary/access.ts'
import { identifier } from '../vocabulary/bounds.ts'
import { noticeShape, noticeState, signingKey } from '../vocabulary/notices.ts'
import { nothing, operation } from '../vocabulary/operation.ts'
import { instant, instantOrNull, uuid } from '../vocabulary/units.ts'
import { label, registerKey } from './registers/fields.ts'

/** What an FSP is alarmed by (report, section 9.2.5; rows H7, J6, Q1–Q5). */
export const depotAlarmKind = z.enum([
  'charge-point-silent',
  'soc-stale',
  'site-load-stale',
  'feed-stale',
  'ingestion-failed',
  'feed-drift',
  'under-delivery',
  'foreign-limit',
  'unknown-vehicle',
  'emergency-off',
  'set-point-refused',
])
export type DepotAlarmKind = z.infer<typeof depotAlarmKind>

/** Red before amber: the more urgent first. */
export const depotAlarmLevel = z.enum(['red', 'amber'])
export type DepotAlarmLevel = z.infer<typeof depotAlarmLevel>

/** Who answers for a kind of alarm at a depot. */
export const responsibleParty = z.object({
  name: label,
  /** A telephone number or an address. */
  contact: label,
})

/** An alarm of an FSP, open until it has both cleared and been acknowledged (ISA-18.2). */
export const depotAlarm = z
  .object({
    alarmId: uuid,
    kind: depotAlarmKind,
    /** `null`: it is of several depots. */
    depotId: z.string().nullable(),
    /** What it is about: a socket, a vehicle, a feed or the depot. */
    sourceId: z.string(),
    level: depotAlarmLevel,
    state: alarmState,
    /** What happened, in one sentence with figures. */
    message: z.string(),
    /** What to do. */
    action: z.string(),
    /** What follows if nobody does. */
    consequence: z.string(),
    responsible: responsibleParty.nullable(),
    raisedAt: instant,
    clearedAt: instantOrNull,
    acknowledgedAt: instantOrNull,
    acknowledgedBy: z.string().nullable(),
    /** How often it has been raised since it was last closed. */
    occurrences: z.number().int(),
  })
  .meta({ id: 'DepotAlarm' })
export type DepotAlarm = z.infer<typeof depotAlarm>

export const depotAlarmEvent = z.enum(['raised', 'escalated', 'eased', 'cleared', 'acknowledged'])
export type DepotAlarmEvent = z.infer<typeof depotAlarmEvent>

const seconds = z
  .number()
  .int()
  .min(0)
  .max(30 * 86_400)

/** How a kind of alarm is watched at a depot. */
export const depotAlarmSettingForm = z
  .object({
    isOn: z.boolean(),
    /** Silence, in s, from which it is amber; `null`: never. Of kinds that are no silence it has no meaning. */
    amberS: seconds.nullable(),
    /** Silence, in s, from which it is red. */
    redS: seconds.nullable(),
    /** How long its cause has to last before it is raised, s. */
    onDelayS: seconds,
    /** How long its cause has to be gone before it clears, s. */
    offDelayS: seconds,
    responsible: responsibleParty.nullable(),
  })
  .refine(({ amberS, redS }) => amberS === null || redS === null || amberS < redS, {
    path: ['amberS'],
    message: 'must be less than redS',
  })
export type DepotAlarmSettingForm = z.infer<typeof depotAlarmSettingForm>

export const depotAlarmSetting = depotAlarmSettingForm
  .safeExtend({
    kind: depotAlarmKind,
    /** Whether it was set for this depot, or is the default. */
    isOwn: z.boolean(),
  })
  .meta({ id: 'DepotAlarmSetting' })

/** Where notices of alarms go: a webhook, as it is or as a line of text for a chat channel. */
export const alarmChannelForm = z.object({
  name: label,
  address: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .refine((url) => url.startsWith('https:') || ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(url).hostname), {
      message: 'must be https beyond this machine',
    }),
  shape: noticeShape.default('ringmain'),
  /** Alarms of this level and above. */
  fromLevel: depotAlarmLevel.default('red'),
  /** Only alarms of these depots, and of several; `null`: all. */
  depotIds: z.array(registerKey).max(1_000).nullable().default(null),
  isActive: z.boolean().default(true),
  /** Signs the body (HMAC-SHA256, `x-ringmain-signature`); absent: the present one stays. */
  key: signingKey.optional(),
})
export type AlarmChannelForm = z.infer<typeof alarmChannelForm>

export const alarmChannel = alarmChannelForm
  .omit({ key: true })
  .extend({ channelId: z.string(), hasKey: z.boolean() })
  .meta({ id: 'AlarmChannel' })

export const depotAlarmNotice = z
  .object({
    noticeId: uuid,
    alarmId: uuid,
    channelId: z.string(),
    event: depotAlarmEvent,
    state: noticeState,
    attempts: z.number().int(),
    dueAt: instant,
    sentAt: instantOrNull,
    lastError: z.string().nullable(),
  })
  .meta({ id: 'DepotAlarmNotice' })

const tags = ['Alarms']
const handle = depotPeople('fleet-admin', 'depot-admin')
const manage = depotPeople('fleet-admin')
const depot = z.object({ depotId: identifier })
const channel = z.object({ channelId: registerKey })

/** Alarms of the depots, how they are watched, and who is told. */
export const depotAlarmOperations = {
  listDepotAlarms: operation({
    method: 'get',
    path: '/alarms',
    access: depotReaders,
    tags,
    summary: 'Open alarms, or closed ones, the newest first',
    query: z.object({
      depotId: identifier.optional(),
      kind: depotAlarmKind.optional(),
      state: z.enum(['open', 'closed']).default('open'),
    }),
    answer: z.array(depotAlarm),
  }),
  readAlarmHistory: operation({
    method: 'get',
    path: '/alarms/{alarmId}/history',
    access: depotReaders,
    tags,
    summary: 'Everything that happened to an alarm, in order',
    params: z.object({ alarmId: uuid }),
    answer: z.array(
      z.object({
        at: instant,
        event: depotAlarmEvent,
        state: alarmState,
        level: depotAlarmLevel,
        actor: z.string(),
        detail: z.string(),
      }),
    ),
    problems: ['not-found'],
  }),
  acknowledgeDepotAlarm: operation({
    method: 'post',
    path: '/alarms/{alarmId}/acknowledgement',
    access: handle,
    tags,
    summary: 'Acknowledge an alarm',
    params: z.object({ alarmId: uuid }),
    body: z.object({ note: z.string().max(2_000).default('') }),
    answer: depotAlarm,
    problems: ['not-found'],
  }),
  listAlarmSettings: operation({
    method: 'get',
    path: '/depots/{depotId}/alarm-settings',
    access: depotReaders,
    tags,
    summary: 'How each kind of alarm is watched at a depot',
    params: depot,
    answer: z.array(depotAlarmSetting),
    problems: ['not-found'],
  }),
  setAlarmSetting: operation({
    method: 'put',
    path: '/depots/{depotId}/alarm-settings/{kind}',
    access: handle,
    tags,
    summary: 'Set thresholds, delays and the responsible party of a kind of alarm at a depot',
    params: depot.extend({ kind: depotAlarmKind }),
    body: depotAlarmSettingForm,
    answer: depotAlarmSetting,
    problems: ['not-found'],
  }),
  listAlarmChannels: operation({
    method: 'get',
    path: '/alarm-channels',
    access: manage,
    tags,
    summary: 'Where notices of alarms go',
    answer: z.array(alarmChannel),
  }),
  saveAlarmChannel: operation({
    method: 'put',
    path: '/alarm-channels/{channelId}',
    access: manage,
    tags,
    summary: 'Send notices of alarms somewhere',
    params: channel,
    body: alarmChannelForm,
    answer: alarmChannel,
  }),
  removeAlarmChannel: operation({
    method: 'delete',
    path: '/alarm-channels/{channelId}',
    access: manage,
    tags,
    summary: 'Send no more notices there; those that wait are forgotten',
    params: channel,
    answer: nothing,
    problems: ['not-found'],
  }),
  listDepotAlarmNotices: operation({
    method: 'get',
    path: '/alarm-notices',
    access: manage,
    tags,
    summary: 'Notices that are owed, sent or dead, the newest first',
    query: z.object({ state: noticeState.default('dead') }),
    answer: z.array(depotAlarmNotice),
  }),
  retryDepotAlarmNotice: operation({
    method: 'post',
    path: '/alarm-notices/{noticeId}/retry',
    access: manage,
    tags,
    summary: 'Send a dead notice again',
    params: z.object({ noticeId: uuid }),
    answer: nothing,
    problems: ['not-found', 'conflict'],
  }),
}
