import { z } from 'zod'
import { instant, instantOrNull, tradingDay, uuid } from '../vocabulary/units.ts'
import { nodeKind, profileSummary } from './connections.ts'

const limitW = z.number().min(0).max(1e9)

/** A step of a day: from a local wall-clock time on, W. */
export const limitStep = z
  .object({ from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a local time such as 16:30'), limitW })
  .meta({ id: 'LimitStep' })

const dayTypes = { weekday: z.array(limitStep).min(1).max(288), weekend: z.array(limitStep).min(1).max(288) }
const monthDay = z.string().regex(/^\d\d-\d\d$/, 'must be a day of the year such as 11-01')

/**
 * Import limits of a profiled connection: steps by local time that tile each day (the first is `00:00`), per day type; otherwise in
 * named seasons (`MM-DD` to `MM-DD`, every year), and otherwise still on single days.
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

/** What is applied for: an import limit over the day for a span of days, and what holds afterwards. */
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

/** A version of a profiled connection. `revision` is also its ETag. */
export const profileVersion = profileSummary
  .extend({
    connectionId: uuid,
    connectionName: z.string(),
    limits: profileLimits,
    note: z.string(),
    source: z.enum(['portal', 'csv', 'site-planning', 'system']),
    revision: z.number().int(),
    appliedBy: z.string(),
    appliedAt: instantOrNull,
    editedBy: z.string().nullable(),
    decidedBy: z.string().nullable(),
    decidedAt: instantOrNull,
    reason: z.string().nullable(),
  })
  .meta({ id: 'ProfileVersion' })
export type ProfileVersion = z.infer<typeof profileVersion>

export const profileApproval = z
  .object({
    /** End or shorten the approved versions that this one overlaps; without it an overlap is refused. */
    supersede: z.boolean().default(false),
    reason: z.string().max(2_000).optional(),
  })
  .meta({ id: 'ProfileApproval', example: { supersede: true } })

export const profileRejection = z
  .object({ reason: z.string().min(1).max(2_000) })
  .meta({ id: 'ProfileRejection', example: { reason: 'The substation is to be exchanged in May.' } })

/** One half-hour of an assessment. */
export const assessedPeriod = z
  .object({
    /** Local time at which it begins, `HH:MM`. */
    from: z.string(),
    requestedW: z.number(),
    /** What the connection may import at present. */
    presentW: z.number(),
    /** What the node with the least headroom leaves for this connection; `null` where no capacity is known on the way up. */
    availableW: z.number().nullable(),
    bindingNodeId: z.string().nullable(),
    excessW: z.number(),
  })
  .meta({ id: 'AssessedPeriod' })

/** An application judged against the headroom of every node up to the top, half-hour by half-hour. */
export const assessment = z
  .object({
    profileId: uuid,
    at: instant,
    fits: z.boolean(),
    /** Days that are judged alike: by rating season, day type and season of the profile; exceptions by their day. */
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
        background: z.enum(['history', 'highest-demand', 'nodes-below', 'unknown']),
      }),
    ),
    /** What does not fit, in words: when, how much, and at which node. */
    refusals: z.array(z.object({ when: z.string(), message: z.string() })),
  })
  .meta({ id: 'Assessment' })
export type Assessment = z.infer<typeof assessment>

/** Limits and a day to try them on. */
export const profilePreview = z.object({ limits: profileLimits, day: tradingDay }).meta({
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

/** What a profile does on a day, half-hour by half-hour, and what is odd about the day when the clock changes. */
export const profileDay = z
  .object({
    tradingDay,
    /** 46, 48 or 50 half-hours. */
    periods: z.array(z.object({ from: instant, localTime: z.string(), limitW: z.number() })),
    remark: z.string().nullable(),
  })
  .meta({ id: 'ProfileDay' })

const mpan = z.string().regex(/^\d{13}$/, 'must be the 13 digits of an MPAN')

/** A customer's supply at a site. */
export const connectionForm = z
  .object({
    name: z.string().min(1).max(100),
    customer: z.string().min(1).max(200),
    address: z.string().max(500),
    licenceArea: z.enum(['LPN', 'SPN', 'EPN']),
    /** The node that feeds it. */
    nodeId: z.string().min(1).max(100),
    /** Authorised supply capacity; between 1 kVA and 100 MVA, so that kVA given in VA or MVA is caught (FM13). */
    ascKva: z.number().min(1).max(100_000),
    powerFactor: z.number().min(0.5).max(1),
    mpans: z
      .array(mpan)
      .max(20)
      .refine((list) => new Set(list).size === list.length, 'names an MPAN twice'),
  })
  .meta({
    id: 'ConnectionForm',
    example: {
      name: 'Islington',
      customer: 'Royal Mail',
      address: 'Almeida Street, N1',
      licenceArea: 'LPN',
      nodeId: 'lpn-islington-lv',
      ascKva: 240,
      powerFactor: 0.95,
      mpans: ['1200000000013'],
    },
  })
export type ConnectionForm = z.infer<typeof connectionForm>

/** A connection as it can be edited; `etag` is also sent as ETag. */
export const connectionMaster = z
  .object({ connectionId: uuid, ...connectionForm.shape, etag: z.string() })
  .meta({ id: 'ConnectionMaster' })
export type ConnectionMaster = z.infer<typeof connectionMaster>
