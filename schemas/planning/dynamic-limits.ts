import { z } from 'zod'
import { proposal } from '../access/proposals.ts'
import { people } from '../vocabulary/access.ts'
import { connectionParams, example } from '../vocabulary/examples.ts'
import { operation } from '../vocabulary/operation.ts'
import { instant, powerW, tradingDay } from '../vocabulary/units.ts'

/** How the room that is left after the floors is shared: evenly, or in proportion to the agreed limits. */
export const shareRule = z.enum(['equal', 'proportional'])
export type ShareRule = z.infer<typeof shareRule>

/**
 * What a contract says of dynamic limits. While `isOn`, the limits of each day follow the forecast headroom of the node that feeds the
 * connection and of those above it up to `topNodeId`; they are never below the floor, and never above the agreed limit.
 */
export const dynamicTermsForm = z
  .object({
    isOn: z.boolean(),
    floorW: powerW.int().min(0),
    /** The highest node whose headroom counts: the connection's own node, or one above it. */
    topNodeId: z.string().min(1).max(100),
  })
  .meta({ id: 'DynamicTermsForm', example: { isOn: true, floorW: 20_000, topNodeId: example.nodeId } })
export type DynamicTermsForm = z.infer<typeof dynamicTermsForm>

export const dynamicTerms = dynamicTermsForm
  .extend({ connectionId: z.string(), revision: z.number().int().min(0) })
  .meta({ id: 'DynamicTerms' })
export type DynamicTerms = z.infer<typeof dynamicTerms>

/**
 * Why a period has its limit: the agreed limit in full, a share of the room of a node, the floor; or why it has none: the load of a node
 * or of the connection is not forecast, or the capacity of a node is not known. Without a dynamic limit the agreed one is in force.
 */
export const dynamicReason = z.enum([
  'agreed',
  'shared',
  'floor',
  'node-not-forecast',
  'connection-not-forecast',
  'capacity-unknown',
])
export type DynamicReason = z.infer<typeof dynamicReason>

/** A half-hour of a dynamic limit. */
export const dynamicPeriod = z
  .object({
    from: instant,
    to: instant,
    /** `null`: no dynamic limit, for the reason given; never 0 for what is not known. */
    limitW: powerW.min(0).nullable(),
    reason: dynamicReason,
    /** The node that decided, or of which nothing is known; `null` for the agreed limit in full. */
    nodeId: z.string().nullable(),
    /** The room that this node has for all limits that follow it, W; negative where the rest of its load alone is too much. */
    roomW: z.number().nullable(),
  })
  .meta({ id: 'DynamicPeriod' })
export type DynamicPeriod = z.infer<typeof dynamicPeriod>

/** The dynamic limits of a connection on a day, as they were issued last. */
export const dynamicDay = z
  .object({
    connectionId: z.string(),
    tradingDay,
    /** Counts the issues for the day; 0 if there was none. */
    version: z.number().int(),
    issuedAt: instant.nullable(),
    issuedBy: z.string().nullable(),
    floorW: powerW.nullable(),
    share: shareRule.nullable(),
    /** Empty if nothing was issued, or if the terms changed since. */
    periods: z.array(dynamicPeriod),
  })
  .meta({ id: 'DynamicDay' })
export type DynamicDay = z.infer<typeof dynamicDay>

/** An issue of dynamic limits for a day. */
export const dynamicIssue = z
  .object({
    tradingDay,
    share: shareRule,
    connections: z.number().int(),
    /** Half-hours of connections by what decided them. */
    periods: z.partialRecord(dynamicReason, z.number().int()),
  })
  .meta({ id: 'DynamicIssue' })
export type DynamicIssue = z.infer<typeof dynamicIssue>

const tags = ['Dynamic limits']
const planners = people('planner', 'flexibility-engineer')
const dayParam = tradingDay.meta({ example: example.day })

/** Import limits that follow the forecast headroom of the network, where a contract allows it. */
export const dynamicLimitOperations = {
  readDynamicTerms: operation({
    method: 'get',
    path: '/connections/{id}/dynamic-limit-terms',
    access: people(),
    tags,
    summary: 'Whether the limits of a connection follow forecast headroom, and their floor',
    params: connectionParams,
    answer: dynamicTerms,
    problems: ['not-found'],
    versionedBy: 'revision',
  }),
  saveDynamicTerms: operation({
    method: 'put',
    path: '/connections/{id}/dynamic-limit-terms',
    access: people('planner'),
    tags,
    summary: 'Switch dynamic limits of a connection on or off, with their floor; a second person approves it',
    description: 'Issued limits of the days after today are withdrawn, and issued again by the new terms.',
    params: connectionParams,
    body: dynamicTermsForm,
    answer: z.union([proposal, dynamicTerms]),
    problems: ['not-found', 'conflict', 'contract-broken'],
    versionedBy: 'revision',
  }),
  readDynamicLimits: operation({
    method: 'get',
    path: '/connections/{id}/dynamic-limits/{day}',
    access: people(),
    tags,
    summary: 'The dynamic limits of a connection on a day, with the reason for each half-hour',
    params: connectionParams.extend({ day: dayParam }),
    answer: dynamicDay,
    problems: ['not-found'],
  }),
  issueDynamicLimits: operation({
    method: 'post',
    path: '/dynamic-limits/{day}',
    access: planners,
    tags,
    summary: 'Issue the dynamic limits of a coming day, again if need be, from what is forecast now',
    params: z.object({ day: dayParam }),
    answer: dynamicIssue,
    problems: ['contract-broken'],
  }),
}
