import { z } from 'zod'
import { depotPeople, depotReaders } from '../vocabulary/access.ts'
import { identifier } from '../vocabulary/bounds.ts'
import { csvFile, operation, parquetFile } from '../vocabulary/operation.ts'
import { instant, month, product, tradingDay, weekday } from '../vocabulary/units.ts'

/**
 * How a home charge point followed a turn-down: held back as asked; its driver asked for a charge at once; it could not be reached; it drew
 * on though it was told not to; its van did not come or was gone; or there was nothing left to charge.
 */
export const responseOutcome = z.enum(['paused', 'overridden', 'unreachable', 'drew-on', 'absent', 'full'])
export type ResponseOutcome = z.infer<typeof responseOutcome>

const spread = z.object({
  mean: z.number().nullable(),
  p10: z.number().nullable(),
  p50: z.number().nullable(),
  p90: z.number().nullable(),
})
/** Counts by hour of the local day, from 00:00. */
const byHour = z.array(z.number().int()).length(24)
const hourOfDay = z.number().nullable()

/** How vans have come, gone and charged. `null`: there is nothing to say it from. */
export const vanStatistics = z
  .object({
    sessions: z.number().int(),
    byWeekday: z.array(
      z.object({
        weekday,
        arrivals: byHour,
        departures: byHour,
        /** Hours after local midnight. */
        medianArrival: hourOfDay,
        medianDeparture: hourOfDay,
      }),
    ),
    energyKwh: spread,
    /** Hours for which a session could have been put off: its length less the time that its energy takes. */
    flexibleHours: spread,
    pluggedHours: spread,
  })
  .meta({ id: 'VanStatistics' })
export type VanStatistics = z.infer<typeof vanStatistics>

/** A unit of homes as it stands. */
export const homeUnitView = z
  .object({
    depotId: z.string(),
    product,
    homes: z.number().int(),
    drivers: z.number().int(),
    vans: z.number().int(),
    pluggedIn: z.number().int(),
    /** Drivers without off-street parking or without a home that is known: counted in demand, and left out of flexibility. */
    withoutParking: z.number().int(),
    topUpInPublic: z.number().int(),
    byAreaClass: z.record(z.string(), z.number().int()),
    byLocalAuthority: z.record(z.string(), z.number().int()),
    clusters: z.array(
      z.object({ lvFeeder: z.string(), homes: z.number().int(), ratedW: z.number(), isFlagged: z.boolean() }),
    ),
    drawnW: z.number().nullable(),
    /** What the unit may draw now, W, and why; `null`: it is not held. */
    capW: z.number().nullable(),
    by: z.enum(['turn-down', 'spread']).nullable(),
    /** What vans that must not wait draw beyond the cap, W. */
    overW: z.number(),
    vehicles: z.array(
      z.object({
        vehicleId: z.string(),
        driverId: z.string(),
        identity: z.string(),
        missingWh: z.number(),
        readyAt: instant,
        shareW: z.number(),
        powerW: z.number().nullable(),
        isOverridden: z.boolean(),
        isReachable: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'HomeUnit' })
export type HomeUnitView = z.infer<typeof homeUnitView>

/** What a unit can do in a day ahead, by quarter-hour, and in a window of it at each price. */
export const homeEnvelope = z
  .object({
    depotId: z.string(),
    at: instant,
    /** Vans that the envelope is made of: plugged in, and expected. */
    pluggedIn: z.number().int(),
    expected: z.number().int(),
    points: z.array(
      z.object({
        from: instant,
        /** What is drawn if nobody is held back, and the most that could be, W. */
        soonestW: z.number(),
        mostW: z.number(),
        /** Cumulative energy at the end of the quarter-hour: charged as soon, and as late, as may be, Wh. */
        mostWh: z.number(),
        leastWh: z.number(),
      }),
    ),
    window: z.object({ from: instant, to: instant }),
    /** What would be drawn in the window, and what of it can wait until after it, Wh. */
    soonestWh: z.number(),
    deferrableWh: z.number(),
    reliability: z.number(),
    /** What can be held back in every quarter-hour of the window at each price, and what may be relied on of it, W. */
    bids: z.array(z.object({ costGbpPerMwh: z.number(), turnDownW: z.number(), offeredW: z.number() })),
  })
  .meta({ id: 'HomeEnvelope' })
export type HomeEnvelope = z.infer<typeof homeEnvelope>

const vanForecast = z
  .object({
    depotId: z.string(),
    day: tradingDay,
    comparableDays: z.array(tradingDay),
    vans: z.number().int(),
    points: z.array(
      z.object({
        from: instant,
        p10: z.number().int(),
        p50: z.number().int(),
        p90: z.number().int(),
        mean: z.number(),
      }),
    ),
  })
  .meta({ id: 'VanForecast' })

const homeReliability = z
  .object({
    depotId: z.string(),
    share: z.number(),
    prior: z.object({ share: z.number(), weightWh: z.number() }),
    windows: z.number().int(),
    responses: z.number().int(),
    expectedWh: z.number(),
    heldBackWh: z.number(),
    byOutcome: z.partialRecord(responseOutcome, z.number().int()),
    latest: z.array(
      z.object({
        identity: z.string(),
        vehicleId: z.string().nullable(),
        from: instant,
        to: instant,
        outcome: responseOutcome,
        expectedWh: z.number(),
        drawnWh: z.number(),
      }),
    ),
  })
  .meta({ id: 'HomeReliability' })

const homeLocationView = z
  .object({
    vehicleId: z.string(),
    month,
    driverId: z.string().nullable(),
    lsoa: z.string().nullable(),
    nights: z.number().int(),
    nightsSeen: z.number().int(),
    nightsExcluded: z.number().int(),
    confidence: z.enum(['high', 'medium', 'low', 'none']),
    /** The area that the register has for the driver's home; a move shows as a difference. `null`: none. */
    registeredLsoa: z.string().nullable(),
    computedAt: instant,
  })
  .meta({ id: 'HomeLocation' })

const params = z.object({ depotId: identifier })
const span = z.object({ from: tradingDay, to: tradingDay })
const tags = ['Vans at homes']
const access = depotReaders

/** What people see of the units of homes, with the figures behind it. */
export const vanOperations = {
  readHomeUnit: operation({
    method: 'get',
    path: '/depots/{depotId}/home-unit',
    access,
    tags,
    summary: 'A unit of homes: its homes and drivers, clusters behind LV feeders, and what each van does now',
    params,
    answer: homeUnitView,
    problems: ['not-found'],
  }),
  readHomeEnvelope: operation({
    method: 'get',
    path: '/depots/{depotId}/home-envelope',
    access,
    tags,
    summary: 'What a unit of homes can do in the day ahead, and could offer in a window of it at each price',
    params,
    query: z.object({ from: instant, to: instant }),
    answer: homeEnvelope,
    problems: ['not-found'],
  }),
  readVanStatistics: operation({
    method: 'get',
    path: '/depots/{depotId}/van-statistics',
    access,
    tags,
    summary: 'Arrivals and departures by weekday, energy and hours of flexibility per session',
    params,
    query: span,
    answer: vanStatistics,
    problems: ['not-found'],
  }),
  readVanForecast: operation({
    method: 'get',
    path: '/depots/{depotId}/van-forecast',
    access,
    tags,
    summary: 'How many vans will be plugged in by quarter-hour of a day, by quantile',
    description: 'From the comparable days before it, working or not; each van counts by itself.',
    params,
    query: z.object({ day: tradingDay }),
    answer: vanForecast,
    problems: ['not-found'],
  }),
  readHomeReliability: operation({
    method: 'get',
    path: '/depots/{depotId}/home-reliability',
    access,
    tags,
    summary: 'How a unit of homes has followed turn-downs in the last 90 days',
    params,
    answer: homeReliability,
    problems: ['not-found'],
  }),
  listHomeLocations: operation({
    method: 'get',
    path: '/depots/{depotId}/home-locations',
    access: depotPeople(),
    tags,
    summary: 'Where each van’s home is by its nights of a month, with the evidence',
    params,
    query: z.object({ month }),
    answer: z.array(homeLocationView),
    problems: ['not-found'],
  }),
  exportSessionMinutes: operation({
    method: 'get',
    path: '/depots/{depotId}/session-minutes.csv',
    access: depotPeople(),
    tags,
    summary: 'Power and limit of each charge by the minute, as CSV',
    description: 'Up to 31 days at a time. Minutes are kept for 400 days. A limit of 0 A is a van that was held back.',
    params,
    query: span,
    answer: csvFile(
      'transactionId,vehicleId,identity,at,powerW,limitA',
      '4711,VANS-001,vans-01,2026-01-15T17:01:00Z,0,0',
    ),
    problems: ['not-found'],
  }),
  exportSessionMinutesParquet: operation({
    method: 'get',
    path: '/depots/{depotId}/session-minutes.parquet',
    access: depotPeople(),
    tags,
    summary: 'The same as Apache Parquet',
    params,
    query: span,
    answer: parquetFile,
    problems: ['not-found'],
  }),
}
