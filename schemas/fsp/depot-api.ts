import { z } from 'zod'
import { serviceStatus } from '../market/parties.ts'
import { depotFeeds, depotPeople, depotReaders } from '../vocabulary/access.ts'
import { identifier } from '../vocabulary/bounds.ts'
import { nothing, operation } from '../vocabulary/operation.ts'
import { energyWh, instant, instantOrNull, powerW, tradingDay } from '../vocabulary/units.ts'

/** A depot's control mode: `off` computes nothing, `monitor` computes, `test` records setpoints without sending, `live` sends them. */
export const controlMode = z.enum(['off', 'monitor', 'test', 'live'])
export type ControlMode = z.infer<typeof controlMode>

/** A depot as its API shows it. */
export const depotState = z
  .object({
    depotId: z.string(),
    name: z.string(),
    mode: controlMode,
    fuId: z.string().nullable(),
    inService: z.boolean(),
    /** The last decision; `null` before the first. */
    decision: z
      .object({
        at: z.string(),
        capacityW: z.number(),
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
    sockets: z.array(
      z.object({
        identity: z.string(),
        connector: z.number().int(),
        model: z.string(),
        feeder: z.number().int(),
        state: z.enum(['available', 'preparing', 'charging', 'finishing', 'faulted', 'communications-lost']),
        connected: z.boolean(),
        /** `null`: the unit reports, but not its power. */
        powerW: z.number().nullable(),
        /** Acknowledged by the unit; `null` if it has none of ours. */
        setpointA: z.number().nullable(),
        setpointValidTo: instantOrNull,
        transaction: z
          .object({
            transactionId: z.number().int(),
            idTag: z.string(),
            /** The vehicle that the token is registered for; `null`: it is not identified. */
            registration: z.string().nullable(),
            since: z.string(),
            energyWh: z.number(),
          })
          .nullable(),
      }),
    ),
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
}
