import { Instant, LocalDate } from '@js-joda/core'
import { z } from 'zod'
import { nodeKind } from '../../../schemas/grid/connections.ts'
import { instant, powerW, tradingDay } from '../../../schemas/vocabulary/units.ts'
import {
  type ConnectionTerms,
  type Facts,
  halfHourStarts,
  headroomSettings,
  higher,
  historyDays,
  judge,
  type LoadNode,
  vectorOf,
} from './rules.ts'

const id = z.string().min(1)
const halfHour = z.string().refine((time) => halfHourStarts.includes(time), 'must be a half-hour such as 17:30')

/** Power from a wall-clock time on, W; the first step is at 00:00. */
const steps = z.array(z.tuple([halfHour, powerW])).min(1)

const limits = z.strictObject({ weekday: steps, weekend: steps })

const monthDay = z.string().regex(/^\d\d-\d\d$/, 'must be a day of the year such as 05-31')

const agreement = limits.extend({
  validFrom: tradingDay,
  validTo: tradingDay,
  /** Seasons of the profile's own: `from` and `to` are in it. */
  seasons: z.array(limits.extend({ name: id, from: monthDay, to: monthDay })).optional(),
  exceptions: z.array(z.strictObject({ day: tradingDay, steps })).optional(),
  /** Import limit once the profile has expired; `null`: the ASC. */
  fallbackLimitW: powerW.nullable().default(null),
})

const connection = z.strictObject({
  id,
  node: id,
  customer: id.default('Royal Mail'),
  ascKva: z.number().min(0),
  powerFactor: z.number().min(0).max(1).default(0.95),
  agreements: z.array(agreement).default([]),
  /** Import that was measured in the time of the nodes' history. */
  measuredW: steps.optional(),
})

export const assessmentInput = z.strictObject({
  /** From the top of the tree down. */
  nodes: z
    .array(
      z.strictObject({
        id,
        kind: nodeKind,
        parent: id.nullable(),
        ratingWinterKva: z.number().nullable(),
        ratingSummerKva: z.number().nullable(),
        firmCapacityKva: z.number().nullable().default(null),
        maxDemandWinterKva: z.number().nullable().default(null),
        maxDemandSummerKva: z.number().nullable().default(null),
        reserved: z.boolean().default(false),
        reservedFor: id.nullable().default(null),
        reservedKva: z.number().nullable().default(null),
        /** Share of all agreed limits below that is taken to coincide. */
        diversity: z.number().default(1),
        /** Mean load by half-hour, where the node has been measured on many days alike, in winter and in summer. */
        historyW: steps.optional(),
        /** Mean load by half-hour on single days. */
        measured: z.record(tradingDay, steps).optional(),
      }),
    )
    .min(1),
  connections: z.array(connection),
  /** When it is assessed; history counts from here back. */
  at: instant.default('2026-10-01T12:00:00Z'),
  /** One of the connections. */
  applicant: id,
  request: agreement.omit({ fallbackLimitW: true }),
})
export type AssessmentInput = z.infer<typeof assessmentInput>

const outcome = z
  .strictObject({ requestedW: z.number(), availableW: z.number().nullable(), excessW: z.number(), node: id.nullable() })
  .partial()

export const assessmentExpected = z.strictObject({
  fits: z.boolean(),
  /** Every cell that is judged: `winter weekday`, with the name of a season of the profile, or a single day. */
  cells: z.array(id),
  /** What is not known, as node, kind and season: `secondary load winter`. */
  missing: z.array(z.string()).default([]),
  /** Nodes on the way up that are reserved for somebody else. */
  reserved: z.array(id).default([]),
  /** All half-hours that do not fit, by cell. */
  tooMuch: z.record(id, z.array(halfHour)).default({}),
  /** Some half-hours by cell: what is available, how much of the request does not fit, and the node that leaves least. */
  at: z.record(id, z.record(halfHour, outcome)),
})

const limitsOf = (given: z.infer<typeof agreement>['weekday']) => given.map(([from, limitW]) => ({ from, limitW }))

function profileOf(given: AssessmentInput['request']) {
  const dayTypes = (own: z.infer<typeof limits>) => ({ weekday: limitsOf(own.weekday), weekend: limitsOf(own.weekend) })
  return {
    validFrom: LocalDate.parse(given.validFrom),
    validTo: LocalDate.parse(given.validTo),
    limits: {
      ...dayTypes(given),
      seasons: given.seasons?.map((own) => ({ name: own.name, from: own.from, to: own.to, ...dayTypes(own) })),
      exceptions: given.exceptions?.map(({ day, steps: own }) => ({ day, steps: limitsOf(own) })),
    },
  }
}

function termsOf({ ascKva, powerFactor, agreements }: z.infer<typeof connection>): ConnectionTerms {
  const own = agreements.map((given) => ({ ...profileOf(given), fallbackLimitW: given.fallbackLimitW }))
  return { ascKva, powerFactor, agreements: own }
}

/** The highest of what was measured on days that count, and what was measured on all days alike. */
function historyVector({ historyW, measured = {} }: AssessmentInput['nodes'][number], days: readonly string[]) {
  const counted = Object.entries(measured).flatMap(([day, of]) => (days.includes(day) ? [vectorOf(limitsOf(of))] : []))
  const vectors = [...(historyW ? [vectorOf(limitsOf(historyW))] : []), ...counted]
  return vectors.length > 0 ? [vectors.reduce(higher)] : []
}

/** The part of the tree that a case is about, as the program sees it. */
function factsOf(input: AssessmentInput): Facts {
  const nodes = input.nodes.map(({ id: nodeId, parent: parentId, historyW: _, measured: __, ...node }): LoadNode => {
    return { ...node, nodeId, name: nodeId, parentId, powerFactor: 0.95 }
  })
  const connections = input.connections.map((c) => ({
    ...termsOf(c),
    connectionId: c.id,
    nodeId: c.node,
    customer: c.customer,
  }))
  const applicant = connections.find((c) => c.connectionId === input.applicant)
  if (!applicant) throw new Error(`the applicant ${input.applicant} is none of the connections`)
  const way: LoadNode[] = []
  for (let at: string | null = applicant.nodeId; at !== null; at = way.at(-1)?.parentId ?? null) {
    const node = nodes.find((n) => n.nodeId === at)
    if (!node) throw new Error(`there is no node ${at}`)
    way.push(node)
  }
  const historyFor: Facts['historyFor'] = (kind) => {
    const days = historyDays(Instant.parse(input.at), kind, headroomSettings.defaults.historyDays).map(String)
    return {
      nodes: new Map(input.nodes.flatMap((node) => historyVector(node, days).map((of) => [node.id, of] as const))),
      connections: new Map(
        input.connections.flatMap((c) => (c.measuredW ? [[c.id, vectorOf(limitsOf(c.measuredW))] as const] : [])),
      ),
    }
  }
  return { nodes, connections, applicant, way, historyFor }
}

/** Judges a case as an application is judged, without a database. */
export async function assess(input: AssessmentInput) {
  const { cells, missing, way } = await judge(profileOf(input.request), factsOf(input))
  return {
    cells: cells.map(({ season, profileSeason, dayType, day, periods }) => {
      return { name: day ?? [season, profileSeason, dayType].filter((part) => part !== null).join(' '), periods }
    }),
    reserved: way.filter((node) => node.reserved).map(({ nodeId }) => nodeId),
    missing: missing.map(({ nodeId, what, season }) => `${nodeId} ${what} ${season}`),
  }
}
