import { LocalDate } from '@js-joda/core'
import { z } from 'zod'
import { nodeKind } from '../../../schemas/grid/connections.ts'
import { powerW, tradingDay } from '../../../schemas/vocabulary/units.ts'
import {
  agreedWithin,
  assessCell,
  type ConnectionTerms,
  cellsOf,
  flat,
  halfHourStarts,
  type LoadNode,
  nodeLoads,
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
        /** Mean load by half-hour, where the node has been measured. */
        historyW: steps.optional(),
      }),
    )
    .min(1),
  connections: z.array(connection),
  /** One of the connections. */
  applicant: id,
  request: agreement.omit({ fallbackLimitW: true }),
})
export type AssessmentInput = z.infer<typeof assessmentInput>

const outcome = z
  .strictObject({ availableW: z.number().nullable(), excessW: z.number(), node: id.nullable() })
  .partial()

export const assessmentExpected = z.strictObject({
  fits: z.boolean(),
  /** Every cell that is judged: `winter weekday`, with the name of a season of the profile, or a single day. */
  cells: z.array(id),
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

/** Judges a case as an application is judged, without a database. */
export function assess(input: AssessmentInput) {
  const { applicant } = input
  const own = input.connections.find((c) => c.id === applicant)
  if (!own) throw new Error(`the applicant ${applicant} is none of the connections`)
  const nodes = input.nodes.map(({ id: nodeId, parent: parentId, historyW: _, ...node }): LoadNode => {
    return { ...node, nodeId, name: nodeId, parentId, powerFactor: 0.95 }
  })
  const history = new Map(
    input.nodes.flatMap((node) => (node.historyW ? [[node.id, vectorOf(limitsOf(node.historyW))] as const] : [])),
  )
  const way: LoadNode[] = []
  for (let at: string | null = own.node; at !== null; at = way.at(-1)?.parentId ?? null) {
    const node = nodes.find((n) => n.nodeId === at)
    if (!node) throw new Error(`there is no node ${at}`)
    way.push(node)
  }
  const requested = profileOf(input.request)
  const span = { from: requested.validFrom, to: requested.validTo }
  return cellsOf(requested, termsOf(own)).map((cell) => {
    const loads = nodeLoads(
      nodes,
      input.connections.map((c) => ({
        connectionId: c.id,
        nodeId: c.node,
        agreedW: c.id === applicant ? flat(0) : agreedWithin(termsOf(c), span, cell.dayType, cell.season),
        measuredW: c.measuredW ? vectorOf(limitsOf(c.measuredW)) : null,
      })),
      history,
      cell.season,
    )
    const { season, profileSeason, dayType, day } = cell
    const name = day ?? [season, profileSeason, dayType].filter((part) => part !== null).join(' ')
    return { name, periods: assessCell(cell, way, loads) }
  })
}
