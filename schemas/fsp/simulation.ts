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

const tags = ['Simulation']

/** What other simulators read from the simulated world, and the demo when it imports a depot's history. */
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
}
