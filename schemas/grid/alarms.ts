import { z } from 'zod'
import { people } from '../vocabulary/access.ts'
import { noticeChannel, noticeState, signingKey } from '../vocabulary/notices.ts'
import { nothing, operation } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import { instant, instantOrNull, uuid } from '../vocabulary/units.ts'

export const alarmPriority = z.enum(['critical', 'high', 'medium', 'low'])
export type AlarmPriority = z.infer<typeof alarmPriority>

/** ISA-18.2 states: an alarm is open until it has both cleared and been acknowledged. */
export const alarmState = z.enum(['unacknowledged', 'acknowledged', 'cleared-unacknowledged', 'closed'])
export type AlarmState = z.infer<typeof alarmState>

export const alarmKind = z.enum([
  'limit-breach',
  'export-breach',
  'communication-failure',
  'profile-expiring',
  'profile-expired',
  'dispatch-not-sent',
  'dispatch-refused',
  'dispatch-missed',
  'under-delivery',
  'delivery-short',
  'delivery-not-seen',
  'limit-not-confirmed',
  'clock-drift',
  'measurements-refused',
  'certificate-expiring',
  'feed-stale',
  'feed-failed',
  'feed-drift',
  'hub-fault',
  'hub-hot',
  'over-voltage',
  'under-voltage',
  'phase-loss',
  'load-difference',
  'experiment-halted',
])
export type AlarmKind = z.infer<typeof alarmKind>

/** Events in the journal. */
export const alarmEventName = z.enum([
  'raised',
  'escalated',
  'eased',
  'cleared',
  'acknowledged',
  'shelved',
  'unshelved',
  'taken',
  'suppressed',
  'unsuppressed',
  'out-of-service',
  'in-service',
])
export type AlarmEventName = z.infer<typeof alarmEventName>

/** What an alarm can be about. */
const alarmSourceType = z.enum(['connection', 'hub', 'fsp', 'fu', 'gateway', 'feed', 'timetable', 'experiment'])

export const alarm = z
  .object({
    alarmId: uuid,
    kind: alarmKind,
    priority: alarmPriority,
    state: alarmState,
    /** The subject of the alarm, so that a screen can open it. */
    source: z.object({
      type: alarmSourceType,
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
    /** The cause of such an alarm, and what happens if nobody acts. */
    cause: z.string().optional(),
    consequence: z.string().optional(),
    /** The person who handles it. */
    owner: z.string().nullable().optional(),
    /** Shelved until then; it returns by itself. */
    shelvedUntil: instantOrNull.optional(),
    shelvedBy: z.string().nullable().optional(),
    shelfReason: z.string().nullable().optional(),
    /** Suppressed by design: another active alarm explains it, so it is hidden from the open ones. */
    suppressed: z.boolean().optional(),
    /**
     * Taken out of service by somebody, such as for maintenance: neither this alarm nor a later one of its kind and source is shown or
     * sent, until somebody puts it back.
     */
    outOfService: z.object({ since: instant, by: z.string(), reason: z.string() }).nullable().optional(),
  })
  .meta({ id: 'Alarm' })
export type Alarm = z.infer<typeof alarm>

export const alarmCounts = z
  .object({ critical: z.number().int(), high: z.number().int(), medium: z.number().int(), low: z.number().int() })
  .meta({ id: 'AlarmCounts' })
export type AlarmCounts = z.infer<typeof alarmCounts>

/** One thing that happened to an alarm. */
export const alarmJournalEntry = z
  .object({
    alarmId: uuid,
    at: instant,
    event: alarmEventName,
    /** State and priority after it. */
    state: alarmState,
    priority: alarmPriority,
    actor: z.string(),
    detail: z.string(),
  })
  .meta({ id: 'AlarmJournalEntry' })
export type AlarmJournalEntry = z.infer<typeof alarmJournalEntry>

/** Shelves an alarm until a time, when it returns by itself. */
export const alarmShelving = z.object({ until: instant, reason: z.string().min(1).max(500) }).meta({
  id: 'AlarmShelving',
  example: { until: '2026-01-16T08:00:00Z', reason: 'The meter is being exchanged.' },
})

/** Takes alarms of a kind and source out of service, until somebody puts them back. */
export const alarmOutOfService = z.object({ reason: z.string().min(1).max(500) }).meta({
  id: 'AlarmOutOfService',
  example: { reason: 'The feeder is being replaced.' },
})

/** The person who handles an alarm; `null` releases it. */
export const alarmOwner = z
  .object({ owner: z.string().min(1).max(100).nullable() })
  .meta({ id: 'AlarmOwner', example: { owner: 'operator' } })

/** Where alarms are sent to. */
export const alarmTarget = z
  .object({
    targetId: uuid,
    name: z.string().min(1).max(100),
    kind: noticeChannel,
    /** An e-mail address, or an http(s) URL. */
    address: z.string().max(500),
    /** Alarms of this priority and above. */
    fromPriority: alarmPriority,
    active: z.boolean(),
  })
  .meta({ id: 'AlarmTarget' })
export type AlarmTarget = z.infer<typeof alarmTarget>

/** A new or changed target. `key` signs the requests to a webhook (HMAC-SHA256 of the body, in `x-ringmain-signature`). */
export const alarmTargetForm = alarmTarget
  .omit({ targetId: true })
  .extend({ key: signingKey.optional() })
  .refine((t) => (t.kind === 'email' ? /^[^@\s]+@[^@\s]+$/ : /^https?:\/\//).test(t.address), {
    path: ['address'],
    message: 'must be an e-mail address for email, and an http(s) URL for webhook',
  })
  .meta({
    id: 'AlarmTargetForm',
    example: {
      name: 'Control room',
      kind: 'email',
      address: 'control@dno.example',
      fromPriority: 'high',
      active: true,
    },
  })
export type AlarmTargetForm = z.infer<typeof alarmTargetForm>

/** A notice that is owed, sent or abandoned. */
export const alarmNotice = z
  .object({
    noticeId: uuid,
    alarmId: uuid,
    targetName: z.string(),
    event: z.string(),
    state: noticeState,
    attempts: z.number().int(),
    dueAt: instant,
    sentAt: instantOrNull,
    lastError: z.string().nullable(),
  })
  .meta({ id: 'AlarmNotice' })
export type AlarmNotice = z.infer<typeof alarmNotice>

/** The alarm load of operators (ISA-18.2): a flood is more than 10 alarms per operator in 10 minutes. */
export const alarmFigures = z
  .object({
    from: instant,
    to: instant,
    operators: z.number().int().min(1),
    averagePerOperatorAnd10Min: z.number(),
    peakPerOperatorAnd10Min: z.number(),
    floods: z.array(z.object({ from: instant, to: instant, alarms: z.number().int() })),
    /** The sources that raised the most alarms. */
    worst: z.array(z.object({ kind: alarmKind, sourceName: z.string(), alarms: z.number().int() })),
  })
  .meta({ id: 'AlarmFigures' })
export type AlarmFigures = z.infer<typeof alarmFigures>

/** The alarms to list: those that an operator should see, shelved ones, those explained by another, out of service, or all. */
const alarmList = z.enum(['open', 'shelved', 'suppressed', 'out-of-service', 'all'])
export type AlarmList = z.infer<typeof alarmList>

const params = z.object({ id: uuid.meta({ description: 'As GET /alarms lists it.' }) })
const targetParams = z.object({ id: uuid.meta({ description: 'As GET /alarm-targets lists it.' }) })
const noticeParams = z.object({ id: uuid.meta({ description: 'As GET /alarm-notices lists it.' }) })
const tags = ['Alarms']

/** The alarms that operators handle. */
export const alarmOperations = {
  listAlarms: operation({
    method: 'get',
    path: '/alarms',
    access: people(),
    tags,
    summary: 'Alarms, open and urgent ones first',
    query: pageQuery(100).extend({ state: alarmList.default('open') }),
    answer: pageOf(alarm),
    problems: ['malformed'],
  }),
  acknowledgeAlarm: operation({
    method: 'post',
    path: '/alarms/{id}/acknowledgement',
    access: people(),
    tags,
    summary: 'Acknowledge an alarm',
    params,
    answer: alarm,
    problems: ['not-found'],
  }),
  shelveAlarm: operation({
    method: 'put',
    path: '/alarms/{id}/shelf',
    access: people(),
    tags,
    summary: 'Shelve an alarm until a time',
    params,
    body: alarmShelving,
    answer: alarm,
    problems: ['not-found', 'conflict'],
  }),
  unshelveAlarm: operation({
    method: 'delete',
    path: '/alarms/{id}/shelf',
    access: people(),
    tags,
    summary: 'Unshelve an alarm',
    params,
    answer: alarm,
    problems: ['not-found'],
  }),
  takeOutOfService: operation({
    method: 'put',
    path: '/alarms/{id}/out-of-service',
    access: people('operator', 'administrator'),
    tags,
    summary: 'Take the alarms of this kind and source out of service',
    params,
    body: alarmOutOfService,
    answer: alarm,
    problems: ['not-found'],
  }),
  putInService: operation({
    method: 'delete',
    path: '/alarms/{id}/out-of-service',
    access: people('operator', 'administrator'),
    tags,
    summary: 'Put the alarms of this kind and source back in service',
    params,
    answer: alarm,
    problems: ['not-found'],
  }),
  takeAlarm: operation({
    method: 'put',
    path: '/alarms/{id}/owner',
    access: people(),
    tags,
    summary: 'Set the person who handles an alarm',
    params,
    body: alarmOwner,
    answer: alarm,
    problems: ['not-found'],
  }),
  readAlarmJournal: operation({
    method: 'get',
    path: '/alarms/{id}/journal',
    access: people(),
    tags,
    summary: 'Everything that happened to an alarm',
    params,
    answer: z.array(alarmJournalEntry),
    problems: ['not-found'],
  }),
  readAlarmFigures: operation({
    method: 'get',
    path: '/alarm-figures',
    access: people(),
    tags,
    summary: 'Alarm load per operator, with floods',
    query: z.object({
      hours: z.coerce.number().int().min(1).max(744).default(24),
      operators: z.coerce.number().int().min(1).max(100).default(1),
    }),
    answer: alarmFigures,
  }),
}

/** Alarm targets, and the notices sent to them. */
export const alarmNoticeOperations = {
  listAlarmTargets: operation({
    method: 'get',
    path: '/alarm-targets',
    access: people(),
    tags,
    summary: 'Alarm targets',
    answer: z.array(alarmTarget),
  }),
  addAlarmTarget: operation({
    method: 'post',
    path: '/alarm-targets',
    access: people('administrator'),
    tags,
    summary: 'Send alarms to an e-mail address or a webhook',
    body: alarmTargetForm,
    answer: alarmTarget,
  }),
  changeAlarmTarget: operation({
    method: 'put',
    path: '/alarm-targets/{id}',
    access: people('administrator'),
    tags,
    summary: 'Change an alarm target',
    params: targetParams,
    body: alarmTargetForm,
    answer: alarmTarget,
    problems: ['not-found'],
  }),
  listAlarmNotices: operation({
    method: 'get',
    path: '/alarm-notices',
    access: people(),
    tags,
    summary: 'Notices that are owed, sent or abandoned',
    query: z.object({ state: noticeState.default('dead') }),
    answer: z.array(alarmNotice),
  }),
  retryAlarmNotice: operation({
    method: 'post',
    path: '/alarm-notices/{id}/retry',
    access: people('administrator', 'operator'),
    tags,
    summary: 'Send an abandoned notice again',
    params: noticeParams,
    answer: nothing,
    problems: ['not-found', 'conflict'],
  }),
}
