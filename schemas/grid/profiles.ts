import { z } from 'zod'
import { people } from '../vocabulary/access.ts'
import { connectionParams, dayQuery } from '../vocabulary/examples.ts'
import { csvFile, operation } from '../vocabulary/operation.ts'
import { instant, instantOrNull, tradingDay, uuid } from '../vocabulary/units.ts'
import { backgroundBasis, nodeKind, profileState, profileSummary, recordedMaximum } from './connections.ts'

const limitW = z.number().min(0).max(1e9)

/** A step of a day: a limit, W, from a local wall-clock time. */
export const limitStep = z
  .object({ from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a local time such as 16:30'), limitW })
  .meta({ id: 'LimitStep' })
export type LimitStep = z.infer<typeof limitStep>

const dayTypes = { weekday: z.array(limitStep).min(1).max(288), weekend: z.array(limitStep).min(1).max(288) }
const monthDay = z.string().regex(/^\d\d-\d\d$/, 'must be a day of the year such as 11-01')

/**
 * Import limits of a profiled connection: steps by local time that cover each day completely (the first is `00:00`), per day type;
 * others in named seasons (`MM-DD` to `MM-DD`, every year), and others again on single days.
 */
export const profileLimits = z
  .object({
    ...dayTypes,
    seasons: z
      .array(z.object({ name: z.string().min(1).max(40), from: monthDay, to: monthDay, ...dayTypes }))
      .max(8)
      .optional(),
    exceptions: z
      .array(z.object({ day: tradingDay, steps: z.array(limitStep).min(1).max(288) }))
      .max(400)
      .optional(),
  })
  .meta({ id: 'ProfileLimits' })
export type ProfileLimits = z.infer<typeof profileLimits>

/** Limits for a part of each year, `MM-DD` to `MM-DD`, both days included; it may cross the new year. */
export type SeasonLimits = NonNullable<ProfileLimits['seasons']>[number]

/** The content of an application: an import limit over the day for a span of days, and the fallback afterwards. */
export const profileApplication = z
  .object({
    validFrom: tradingDay,
    /** The last day. */
    validTo: tradingDay,
    /** Import limit after expiry, W; `null` for the authorised supply capacity. */
    fallbackLimitW: limitW.nullable(),
    limits: profileLimits,
    note: z.string().max(2_000).default(''),
  })
  .refine((a) => a.validFrom <= a.validTo, { path: ['validTo'], message: 'must not be before validFrom' })
  .meta({
    id: 'ProfileApplication',
    example: {
      validFrom: '2026-04-01',
      validTo: '2027-03-31',
      fallbackLimitW: 100_000,
      note: 'Second charging hall',
      limits: {
        weekday: [
          { from: '00:00', limitW: 170_000 },
          { from: '16:00', limitW: 100_000 },
          { from: '20:00', limitW: 170_000 },
        ],
        weekend: [{ from: '00:00', limitW: 200_000 }],
      },
    },
  })
export type ProfileApplication = z.infer<typeof profileApplication>

/** The source of an application. */
const profileSource = z.enum(['portal', 'csv', 'site-planning', 'customer', 'system'])

/** A fact that an assessment needs and nobody knows: the capacity of a node or the load of no known connection, in a rating season. */
export const missingFact = z
  .object({
    nodeId: z.string(),
    name: z.string(),
    season: z.enum(['winter', 'summer']),
    what: z.enum(['capacity', 'load']),
  })
  .meta({ id: 'MissingFact' })

/** What a person assumed in order to approve without facts, and which facts those were. */
export const statedAssumption = z
  .object({ statement: z.string(), missing: z.array(missingFact) })
  .meta({ id: 'StatedAssumption' })

/** A version of a profiled connection. `revision` is also its ETag. */
export const profileVersion = profileSummary
  .extend({
    connectionId: uuid,
    connectionName: z.string(),
    limits: profileLimits,
    note: z.string(),
    source: profileSource,
    revision: z.number().int(),
    appliedBy: z.string(),
    appliedAt: instantOrNull,
    editedBy: z.string().nullable(),
    decidedBy: z.string().nullable(),
    decidedAt: instantOrNull,
    reason: z.string().nullable(),
    /** Set if it was approved without knowing all that its assessment needs. */
    assumption: statedAssumption.nullable(),
  })
  .meta({ id: 'ProfileVersion' })
export type ProfileVersion = z.infer<typeof profileVersion>

export const profileApproval = z
  .object({
    /** End or shorten the approved versions that this one overlaps; otherwise an overlap is refused. */
    supersede: z.boolean().default(false),
    reason: z.string().max(2_000).optional(),
    /** What the approver assumes in place of the facts that the assessment lacks; needed if it lacks any, kept with the version. */
    assumption: z.string().trim().min(1).max(2_000).optional(),
  })
  .meta({
    id: 'ProfileApproval',
    example: { supersede: true, assumption: 'No other large load: a survey in May counted 40 homes.' },
  })

export const profileRejection = z
  .object({ reason: z.string().min(1).max(2_000) })
  .meta({ id: 'ProfileRejection', example: { reason: 'The substation will be replaced in May.' } })

/** One half-hour of an assessment. */
export const assessedPeriod = z
  .object({
    /** Local time at which it begins, `HH:MM`. */
    from: z.string(),
    requestedW: z.number(),
    /** The present import limit of the connection. */
    presentW: z.number(),
    /** What the node with the least headroom leaves for this connection; `null` if the headroom of any node up to the top is unknown. */
    availableW: z.number().nullable(),
    /** Of the nodes whose headroom is known, the one with the least. */
    bindingNodeId: z.string().nullable(),
    /** The part that does not fit at that node. */
    excessW: z.number(),
  })
  .meta({ id: 'AssessedPeriod' })

/** An application assessed against the headroom of every node up to the top, half-hour by half-hour. */
export const assessment = z
  .object({
    profileId: uuid,
    at: instant,
    /** Nothing is refused and nothing is missing. */
    fits: z.boolean(),
    /** Groups of days with the same assessment: by rating season, day type and season of the profile; exceptions by day. */
    cells: z.array(
      z.object({
        season: z.enum(['winter', 'summer']),
        dayType: z.enum(['weekday', 'weekend']),
        day: tradingDay.nullable(),
        profileSeason: z.string().nullable(),
        periods: z.array(assessedPeriod),
      }),
    ),
    /** From the node of the connection up to the top of its tree. */
    nodes: z.array(
      z.object({
        nodeId: z.string(),
        name: z.string(),
        kind: nodeKind,
        capacityWinterW: z.number().nullable(),
        capacitySummerW: z.number().nullable(),
        background: backgroundBasis,
        /** The maxima on record for it, each with its date, method and confidence. */
        maxima: z.array(recordedMaximum),
      }),
    ),
    /** What does not fit: when, by how much, and at which node. */
    refusals: z.array(z.object({ when: z.string(), message: z.string() })),
    /** What is not known of nodes up the tree. Approval then needs an assumption. */
    missing: z.array(missingFact),
  })
  .meta({ id: 'Assessment' })
export type Assessment = z.infer<typeof assessment>

/** Limits, and a day to preview them on. The bank holidays are those where the connection is; without one, England's. */
export const profilePreview = z.object({ limits: profileLimits, day: tradingDay, connectionId: uuid.optional() }).meta({
  id: 'ProfilePreview',
  example: {
    day: '2026-03-29',
    limits: {
      weekday: [{ from: '00:00', limitW: 170_000 }],
      weekend: [
        { from: '00:00', limitW: 200_000 },
        { from: '01:30', limitW: 120_000 },
      ],
    },
  },
})

/** The limits of a profile on a day, half-hour by half-hour, with a remark when the clock changes. */
export const profileDay = z
  .object({
    tradingDay,
    /** 46, 48 or 50 half-hours. */
    periods: z.array(z.object({ from: instant, localTime: z.string(), limitW: z.number() })),
    remark: z.string().nullable(),
  })
  .meta({ id: 'ProfileDay' })
export type ProfileDay = z.infer<typeof profileDay>

const profileParams = z.object({ id: uuid.meta({ description: 'As GET /profiles lists it.' }) })
const tags = ['Profiled connections']

/** Profiled connections from application to expiry. */
export const profileOperations = {
  listProfiles: operation({
    method: 'get',
    path: '/profiles',
    access: people(),
    tags,
    summary: 'Versions of profiled connections, newest first; state=applied gives the inbox',
    query: z.object({ state: profileState.optional(), connectionId: uuid.optional() }),
    answer: z.array(profileVersion),
  }),
  readProfile: operation({
    method: 'get',
    path: '/profiles/{id}',
    access: people(),
    tags,
    summary: 'A version, with its revision as ETag',
    params: profileParams,
    answer: profileVersion,
    problems: ['not-found'],
    versionedBy: 'revision',
  }),
  amendProfile: operation({
    method: 'put',
    path: '/profiles/{id}',
    access: people('planner'),
    tags,
    summary: 'Amend an undecided application',
    description:
      'Requires If-Match. If somebody else has changed it meanwhile, the answer is 412 and names the differences.',
    params: profileParams,
    body: profileApplication,
    maxBytes: 8 * 1024 * 1024,
    answer: profileVersion,
    problems: ['not-found', 'conflict'],
    versionedBy: 'revision',
  }),
  assessProfile: operation({
    method: 'get',
    path: '/profiles/{id}/assessment',
    access: people(),
    tags,
    summary: 'Assess a version against the headroom of every node up the tree, half-hour by half-hour',
    params: profileParams,
    answer: assessment,
    problems: ['not-found'],
  }),
  approveProfile: operation({
    method: 'post',
    path: '/profiles/{id}/approval',
    access: people('planner'),
    tags,
    summary: 'Approve an application, as a second person',
    params: profileParams,
    body: profileApproval,
    answer: profileVersion,
    problems: ['not-found', 'conflict', 'second-person-needed'],
    versionedBy: 'revision',
    recent: true,
  }),
  rejectProfile: operation({
    method: 'post',
    path: '/profiles/{id}/rejection',
    access: people('planner'),
    tags,
    summary: 'Reject an application with a reason',
    params: profileParams,
    body: profileRejection,
    answer: profileVersion,
    problems: ['not-found', 'conflict'],
    versionedBy: 'revision',
  }),
  previewProfile: operation({
    method: 'post',
    path: '/profile-previews',
    access: { people: 'any', customer: true },
    tags,
    summary: 'Preview limits on a day, also when the clock changes',
    body: profilePreview,
    maxBytes: 8 * 1024 * 1024,
    answer: profileDay,
    problems: ['not-found'],
  }),
  exportProfile: operation({
    method: 'get',
    path: '/profiles/{id}/demand-schedule.csv',
    access: people(),
    tags,
    summary: 'The demand schedule of a version as CSV',
    params: profileParams,
    answer: csvFile(),
    problems: ['not-found'],
  }),
}

/** Local start of each half-hour of a template day: `00:00`, `00:30` … */
export const halfHourStarts: readonly string[] = Array.from(
  { length: 48 },
  (_, n) => `${String(Math.floor(n / 2)).padStart(2, '0')}:${n % 2 === 0 ? '00' : '30'}`,
)

/** 170 kW, and 200 kW at weekends, half-hour by half-hour. */
const exampleRows = Object.entries({ weekday: 170_000, weekend: 200_000 }).flatMap(([dayType, watts]) =>
  halfHourStarts.map((from) => `,${dayType},${from},${watts}`),
)

const uploadQuery = z.object({
  validFrom: tradingDay.meta({ example: '2026-04-01' }),
  validTo: tradingDay.meta({ example: '2027-03-31' }),
  fallbackLimitW: z.coerce.number().min(0).max(1e9).optional(),
})

/**
 * Demand schedules: read, amended and uploaded (NM04, NM05). Every change is a new version, which somebody else approves.
 * @param path of the resource: a connection, or an FU, whose schedule is that of its connection.
 */
export function demandOperations<const P extends string, S extends z.ZodType<string>>(
  path: `/${P}`,
  what: string,
  params: z.ZodObject<{ id: S }>,
) {
  return {
    read: operation({
      method: 'get',
      path: `${path}/{id}/demand-schedule`,
      access: people(),
      tags,
      summary: `The demand schedule of ${what} in force on a day, today by default`,
      params,
      query: dayQuery,
      answer: profileVersion,
      problems: ['not-found'],
      versionedBy: 'revision',
    }),
    export: operation({
      method: 'get',
      path: `${path}/{id}/demand-schedule.csv`,
      access: people(),
      tags,
      summary: `The demand schedule of ${what} in force on a day as CSV`,
      params,
      query: dayQuery,
      answer: csvFile(),
      problems: ['not-found'],
    }),
    apply: operation({
      method: 'post',
      path: `${path}/{id}/profiles`,
      access: people('planner'),
      tags,
      summary: `Apply for a new version of the profile of ${what}`,
      params,
      body: profileApplication,
      maxBytes: 8 * 1024 * 1024,
      answer: profileVersion,
      problems: ['not-found'],
      idempotent: true,
      versionedBy: 'revision',
    }),
    upload: operation({
      method: 'post',
      path: `${path}/{id}/demand-schedule`,
      access: people('planner'),
      tags,
      summary: `Upload a demand schedule of ${what}: it becomes an application`,
      description:
        'The body is the CSV file: season, dayType, from, limitW, with 48 half-hours per season and day type.',
      params,
      query: uploadQuery,
      body: csvFile('season,dayType,from,limitW', ...exampleRows),
      maxBytes: 8 * 1024 * 1024,
      answer: profileVersion,
      problems: ['not-found'],
      idempotent: true,
      versionedBy: 'revision',
    }),
  }
}

const ofConnection = demandOperations('/connections', 'a connection', connectionParams)
// An FU gets its identifier when an FSP registers it, so an example cannot name one.
const ofUnit = demandOperations('/flexible-units', 'an FU', z.object({ id: uuid }))

/** Demand schedules of connections. */
export const connectionDemandOperations = {
  readDemandSchedule: ofConnection.read,
  exportDemandSchedule: ofConnection.export,
  applyForProfile: ofConnection.apply,
  uploadDemandSchedule: ofConnection.upload,
}

/** Demand schedules of FUs: those of their connections. */
export const unitDemandOperations = {
  readUnitDemandSchedule: ofUnit.read,
  exportUnitDemandSchedule: ofUnit.export,
  applyForUnitProfile: ofUnit.apply,
  uploadUnitDemandSchedule: ofUnit.upload,
}
