import { z } from 'zod'
import { serviceStatus } from '../market/parties.ts'
import { depotFeeds, depotPeople, depotReaders } from '../vocabulary/access.ts'
import { identifier } from '../vocabulary/bounds.ts'
import { nothing, operation } from '../vocabulary/operation.ts'
import { energyWh, instant, instantOrNull, powerW, tradingDay, uuid } from '../vocabulary/units.ts'
import { limitSource, siteLimit } from './depot-plan.ts'
import { socketView } from './sockets.ts'

/** A depot's control mode: `off` computes nothing, `monitor` computes, `test` records setpoints without sending, `live` sends them. */
export const controlMode = z.enum(['off', 'monitor', 'test', 'live'])
export type ControlMode = z.infer<typeof controlMode>

/** A customer's monitor at the DNO for the site load of a depot, with the credentials that the DNO gave for it. */
export const depotMonitor = z
  .object({
    hubId: uuid,
    feeder: z.number().int().min(1).max(64).default(1),
    /** `derived` where the site load is computed from currents, `good` where it is measured as power. */
    quality: z.enum(['good', 'derived']).default('derived'),
    tokenEndpoint: z.url({ protocol: /^https?$/ }).max(2_000),
    clientId: z.string().min(1).max(200),
    clientSecret: z.string().min(1).max(500),
  })
  .refine(({ tokenEndpoint }) => tokenEndpoint.startsWith('https:') || isLoopback(tokenEndpoint), {
    path: ['tokenEndpoint'],
    message: 'must be https beyond this machine: a secret goes there',
  })
export type DepotMonitor = z.infer<typeof depotMonitor>

function isLoopback(url: string): boolean {
  return ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(url).hostname)
}

/** How the stream of a depot's site load to the DNO is. */
export const monitorState = z.object({
  hubId: uuid,
  feeder: z.number().int(),
  quality: z.enum(['good', 'derived']),
  /** When the DNO last took a batch. */
  lastTakenAt: instantOrNull,
  /** Why the last call failed; `null` when it was taken. */
  failure: z.string().nullable(),
  /** Readings that the DNO has not taken yet. */
  waiting: z.number().int(),
  /** Readings that the DNO refused for what they are, of the last 90 days. */
  refused: z.number().int(),
})
export type MonitorState = z.infer<typeof monitorState>

/** A depot as its API shows it. */
export const depotState = z
  .object({
    depotId: z.string(),
    name: z.string(),
    mode: controlMode,
    fuId: z.string().nullable(),
    inService: z.boolean(),
    /** Its monitor at the DNO; `null` without one. */
    monitor: monitorState.nullable(),
    /** The last decision; `null` before the first. */
    decision: z
      .object({
        at: z.string(),
        capacityW: z.number(),
        /** Each limit of the site's import, and which of them is the capacity. */
        limits: z.array(siteLimit),
        binding: limitSource,
        /** Headroom that is kept free. */
        bufferW: z.number(),
        /** The site's import as last measured, and when; `null`: not known. */
        siteLoadW: z.number().nullable(),
        siteLoadAt: instantOrNull,
        buildingW: z.number(),
        /** `null`: the power of a socket is unknown. */
        evLoadW: z.number().nullable(),
        headroomW: z.number(),
        /** The site's import limit from the DNO; `null` for none. */
        dnoLimitW: z.number().nullable(),
        flexibilityCapW: z.number().nullable(),
        budgetW: z.number(),
        /** The site load is too old; a conservative figure is used instead. */
        staleSiteLoad: z.boolean(),
      })
      .nullable(),
    sockets: z.array(socketView),
  })
  .meta({ id: 'DepotState' })
export type DepotState = z.infer<typeof depotState>

/** Imports of the whole site, in any order. */
export const siteLoad = z.object({
  readings: z
    .array(z.object({ at: instant, siteLoadW: powerW }))
    .min(1)
    .max(10_000),
})

/** Energy of a past day by quarter-hour from local midnight, Wh: 92, 96 or 100 values. */
export const meterHistory = z.object({ tradingDay, energyWh: z.array(energyWh).min(92).max(100) })

const params = z.object({ depotId: identifier })
const tags = ['Depots']

/** The depots of the reference FSP: feeds in, state out (fsp/CONTRACTS.md). */
export const depotOperations = {
  listDepots: operation({
    method: 'get',
    path: '/depots',
    access: depotReaders,
    tags,
    summary: 'Depots',
    answer: z.array(depotState),
  }),
  readDepot: operation({
    method: 'get',
    path: '/depots/{depotId}',
    access: depotReaders,
    tags,
    summary: 'One depot',
    params,
    answer: depotState,
    problems: ['not-found'],
  }),
  takeSiteLoad: operation({
    method: 'post',
    path: '/depots/{depotId}/site-load',
    access: depotFeeds('site-load'),
    tags,
    summary: 'Deliver the site load',
    params,
    body: siteLoad,
    answer: nothing,
    problems: ['not-found'],
  }),
  takeMeterHistory: operation({
    method: 'post',
    path: '/depots/{depotId}/meter-history',
    access: depotFeeds('meter-history'),
    tags,
    summary: 'Deliver the meter history of a past day',
    params,
    body: meterHistory,
    answer: nothing,
    problems: ['not-found'],
  }),
  setControlMode: operation({
    method: 'put',
    path: '/depots/{depotId}/mode',
    access: depotPeople('depot-admin'),
    tags,
    summary: 'Set the control mode',
    params,
    body: z.object({ mode: controlMode }),
    answer: nothing,
    problems: ['not-found', 'conflict'],
  }),
  declareDepotService: operation({
    method: 'post',
    path: '/depots/{depotId}/service-status',
    access: depotPeople('fleet-admin', 'depot-admin'),
    tags,
    summary: 'Declare the depot’s unit in or out of service',
    params,
    body: serviceStatus,
    answer: nothing,
    problems: ['not-found'],
  }),
  connectMonitor: operation({
    method: 'put',
    path: '/depots/{depotId}/monitor',
    access: depotPeople('depot-admin'),
    tags,
    summary: 'Stream the site load to the DNO as the customer’s monitor that the DNO registered',
    params,
    body: depotMonitor,
    answer: nothing,
    problems: ['not-found'],
  }),
  disconnectMonitor: operation({
    method: 'delete',
    path: '/depots/{depotId}/monitor',
    access: depotPeople('depot-admin'),
    tags,
    summary: 'End the stream of the site load to the DNO; what waits is forgotten',
    params,
    answer: nothing,
    problems: ['not-found'],
  }),
}
