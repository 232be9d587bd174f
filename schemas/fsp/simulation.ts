import { z } from 'zod'
import { anyone } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { instant, powerW, tradingDay } from '../vocabulary/units.ts'

/**
 * The simulated physical world, as simulators share it: the hub simulator asks the charge-point simulator
 * for the power on each feeder now. For simulators only; no operational process uses it.
 */
export const depotWorld = z.object({
  depotId: z.string(),
  /** Power on each feeder of the depot, building and charge points alike, by feeder number, W. */
  feedersW: z.record(z.string(), powerW),
})
export const worldState = z.object({ at: instant, depots: z.array(depotWorld) })
export type WorldState = z.infer<typeof worldState>

/** Meter history of one depot's charge points before the simulation began: energy per quarter-hour from local midnight, Wh. */
export const depotHistory = z.object({ depotId: z.string(), tradingDay, energyWh: z.array(z.number()) })
export type DepotHistory = z.infer<typeof depotHistory>

/** What a vehicle's telematics unit reports. */
export const vanReport = z.object({
  unit: z.string(),
  reportedAt: instant,
  /** State of charge, %. A number as agreed; a text where the simulated supplier is to have changed its format. */
  soc: z.union([z.number(), z.string()]),
  odometerMiles: z.number(),
  ignition: z.boolean(),
  pluggedIn: z.boolean(),
})
export type VanReport = z.infer<typeof vanReport>

const tags = ['Simulation']

/** What other simulators read from the simulated world, the demo when it imports a depot's history, and the feed of telematics. */
export const worldOperations = {
  readWorld: operation({
    method: 'get',
    path: '/world',
    access: anyone,
    tags,
    summary: 'The power on each feeder now',
    answer: worldState,
  }),
  readDepotHistory: operation({
    method: 'get',
    path: '/history',
    access: anyone,
    tags,
    summary: 'Meter history of a depot’s charge points on a day before the simulation began',
    query: z.object({ depotId: z.string(), day: tradingDay }),
    answer: depotHistory,
    problems: ['not-found'],
  }),
  readTelematics: operation({
    method: 'get',
    path: '/telematics',
    access: anyone,
    tags,
    summary: 'What the telematics units of all vehicles report now, as their supplier’s API answers it',
    answer: z.array(vanReport),
    problems: ['unavailable'],
  }),
}
