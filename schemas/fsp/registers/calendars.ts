import { z } from 'zod'
import { energyWh, instant, tradingDay, weekday } from '../../vocabulary/units.ts'
import { currentA, dailySteps, label, registerKey } from './fields.ts'

/** A local time at which something begins. */
const beginning = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a local time such as 16:00')

/** A local time at which something ends; a day ends at 24:00. */
const ending = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be a local time such as 19:30, or 24:00')

const weekdays = z
  .array(weekday)
  .min(1)
  .max(7)
  .refine((days) => new Set(days).size === days.length, 'must name each day once')

/** A cost of energy, pence per kWh. It only ranks the times of a day, so it need not be exact. */
const pencePerKwh = z.number().min(-1_000).max(10_000)

/**
 * A profiled connection in a depot's own calendar (report, 3.3.1 service 11): import limits of the site by local time on the days that it
 * covers. From and to are both covered, so that a single date has the same in both.
 */
export const profiledConnectionData = z.object({
  depotId: registerKey,
  name: label,
  from: tradingDay,
  to: tradingDay,
  /** The days of the week that it covers; bank holidays count as the day that they fall on. */
  weekdays,
  steps: dailySteps,
})
export type ProfiledConnectionData = z.infer<typeof profiledConnectionData>

/** Times of the week at which energy has a cost of its own (service 13): load is moved out of the dear ones. */
export const tariffPeriodData = z.object({
  depotId: registerKey,
  name: label,
  weekdays,
  from: beginning,
  to: ending,
  pencePerKwh,
})
export type TariffPeriodData = z.infer<typeof tariffPeriodData>

/**
 * A flexibility event of a depot that the DNO does not instruct through us (service 12), such as another market's. An agreed one takes its
 * reduction off the site's capacity while it lasts; one that is offered is only shown.
 */
export const flexibilityEventData = z.object({
  depotId: registerKey,
  name: label,
  from: instant,
  to: instant,
  reductionW: z.number().gt(0).max(1e9),
  state: z.enum(['offered', 'agreed']),
})
export type FlexibilityEventData = z.infer<typeof flexibilityEventData>

/** When a vehicle goes out, and what it then needs (service 14). The key is its registration. */
export const evScheduleData = z.object({
  depotId: registerKey,
  weekly: z
    .array(z.object({ weekday, leavesAt: beginning, needWh: energyWh.min(0) }))
    .max(21)
    .refine(
      (runs) => new Set(runs.map(({ weekday: day, leavesAt }) => `${day} ${leavesAt}`)).size === runs.length,
      'must name each departure once',
    ),
  /** Days that differ; no departures: it stays. */
  exceptions: z
    .array(
      z.object({ day: tradingDay, runs: z.array(z.object({ leavesAt: beginning, needWh: energyWh.min(0) })).max(3) }),
    )
    .max(400)
    .refine((all) => new Set(all.map(({ day }) => day)).size === all.length, 'must name each day once'),
  /** It shares a socket, and charges every other day: one charge is for the runs of two working days. */
  chargesEverySecondDay: z.boolean(),
  /** What is to be left in the battery at its return, percent. */
  reservePercent: z.number().min(0).max(100),
})
export type EvScheduleData = z.infer<typeof evScheduleData>

/** What the optimisation of a depot takes into account (service 16). The key is the depot. Without an entry everything is on. */
export const depotOptionsData = z.object({
  depotId: registerKey,
  /** The profile that was agreed with the DNO, and those of the own calendar. Limits that the DNO sends hold always. */
  profiledConnection: z.boolean(),
  /** Flexibility events of the own calendar and turn-downs that the DNO instructs. */
  flexibility: z.boolean(),
  /** Priority by schedule and state of charge; without it, first come first served. */
  priority: z.boolean(),
  /** Moving load out of dear times. */
  tariff: z.boolean(),
  /** What every vehicle gets before any gets more, A, in order of priority while it lasts; `null`: nothing is kept. */
  minimumPerVehicleA: currentA.min(6).nullable(),
  /** When to charge among times of equal cost: as early as possible, or as late as the departure allows. */
  timing: z.enum(['earliest', 'latest']),
  /** The cost of energy at times that no tariff period names. */
  otherPencePerKwh: pencePerKwh,
})
export type DepotOptionsData = z.infer<typeof depotOptionsData>

/** What holds for a depot without options of its own. */
export const defaultOptions: Omit<DepotOptionsData, 'depotId'> = {
  profiledConnection: true,
  flexibility: true,
  priority: true,
  tariff: true,
  minimumPerVehicleA: null,
  timing: 'earliest',
  otherPencePerKwh: 0,
}

/** How much a vehicle's schedule and its state of charge say in its priority, against each other (service 15). The key is `fleet`. */
export const priorityWeightsData = z.object({
  schedule: z.number().min(0).max(100),
  stateOfCharge: z.number().min(0).max(100),
})
export type PriorityWeightsData = z.infer<typeof priorityWeightsData>

/** Without an entry both say as much. */
export const defaultWeights: PriorityWeightsData = { schedule: 1, stateOfCharge: 1 }
