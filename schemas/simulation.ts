import { z } from 'zod'
import { instant, powerW, tradingDay } from './units.ts'

/**
 * The simulated physical world, as one simulator tells it to another: the hub simulator asks the charge-point simulator
 * what its vehicles draw now. Simulators only; no operational process speaks this.
 */
export const depotPower = z.object({
  depotId: z.string(),
  /** Power drawn by the charge points on each EV feeder, by feeder number, W. */
  evFeedersW: z.record(z.string(), powerW),
})
export const worldState = z.object({ at: instant, depots: z.array(depotPower) })
export type WorldState = z.infer<typeof worldState>

/** Meter history of one depot's charge points before the simulation began, quarter-hour energy from local midnight. */
export const depotHistory = z.object({ depotId: z.string(), tradingDay, energyWh: z.array(z.number()) })
export type DepotHistory = z.infer<typeof depotHistory>
