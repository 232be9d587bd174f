import { z } from 'zod'
import { depotPeople, depotReaders } from '../vocabulary/access.ts'
import { identifier, shortText } from '../vocabulary/bounds.ts'
import { nothing, operation } from '../vocabulary/operation.ts'
import { instant, instantOrNull, tradingDay } from '../vocabulary/units.ts'
import { label, registerKey } from './registers/fields.ts'

/** What limits the import of a depot's site (domain section 6.3). */
export const limitSource = z.enum([
  'connection',
  'agreed-profile',
  'own-profile',
  'calendar',
  'dynamic-limit',
  'fail-safe',
  'flexibility-event',
])

/** One limit of the site's import, with its name where it has one. */
export const siteLimit = z.object({ source: limitSource, name: z.string().nullable(), limitW: z.number() })
export type SiteLimit = z.infer<typeof siteLimit>

/** What can be pretended to be broken at a depot in test mode (report, 3.3.4.1: failures cannot be provoked in production). */
export const faultKind = z.enum(['site-load-lost', 'charge-points-lost', 'telematics-lost', 'dno-silent'])
export type FaultKind = z.infer<typeof faultKind>

/** A fault that is pretended at a depot, until when, and who wants it. */
export const injectedFault = z
  .object({ depotId: z.string(), kind: faultKind, since: instant, until: instant, by: z.string() })
  .meta({ id: 'InjectedFault' })

/** Why each socket of a depot with a vehicle has the limit that the last decision gave it. */
export const depotExplanation = z
  .object({
    depotId: z.string(),
    at: instant,
    /** What the sockets share, A: a total counts the amperes of all phases. What cannot be commanded is taken off. */
    limits: z.array(z.object({ id: z.string(), capacityA: z.number() })),
    /** Which limit of the site's import the headroom comes from. */
    binding: limitSource,
    sockets: z.array(
      z.object({
        identity: z.string(),
        connector: z.number().int(),
        registration: z.string().nullable(),
        limitA: z.number(),
        /** Place in the order of urgency, from 1. */
        rank: z.number().int(),
        /** The shared limit that stops more, `plan`, or `one-socket-at-a-time`; `null`: it has all that it can use. */
        boundBy: z.string().nullable(),
        /** It cannot pause, and takes more of a limit than there is; or it cannot be commanded. */
        isForced: z.boolean(),
        isCommanded: z.boolean(),
        /** Its raise waits until others have taken their lower limits. */
        isWaiting: z.boolean(),
        priority: z.object({
          departureAt: instant,
          missingWh: z.number(),
          spareMinutes: z.number(),
          /** `schedule`: its own; `assumed`: the next working morning; `arrival`: priority is off, first come first served. */
          basis: z.enum(['schedule', 'assumed', 'arrival']),
          /** From 0 to 100; `null`: not known, which ranks as half. */
          socPercent: z.number().nullable(),
          socBasis: z.enum(['telematics', 'telematics-and-register', 'register', 'unknown']),
          socReportedAt: instantOrNull,
        }),
        sentence: z.string(),
      }),
    ),
  })
  .meta({ id: 'DepotExplanation' })
export type DepotExplanation = z.infer<typeof depotExplanation>

/** A quarter-hour ahead of a depot. */
const planPeriod = z.object({
  from: instant,
  capacityW: z.number(),
  binding: limitSource,
  limits: z.array(siteLimit),
  /** What the building is expected to take, W: its mean at that time of such days, else its typical load. */
  buildingW: z.number(),
  buildingBasis: z.enum(['history', 'typical']),
  headroomW: z.number(),
  pencePerKwh: z.number(),
  /** The name of the tariff period; `null`: none. */
  tariff: z.string().nullable(),
  /** Events in this quarter-hour: what is contracted with the DNO, instructed by it, or in the depot's own calendar. */
  events: z.array(
    z.object({
      kind: z.enum(['contracted', 'instructed', 'agreed', 'offered']),
      name: z.string(),
      turnDownW: z.number(),
    }),
  ),
  /** What the vehicles are expected to draw, W: what the plan gives them, else their mean at that time of such days; `null`: unknown. */
  evLoadW: z.number().nullable(),
  evLoadBasis: z.enum(['plan', 'history', 'unknown']),
})
export type PlanPeriod = z.infer<typeof planPeriod>

/** The capacity of a depot from now to the end of the second working day ahead (H8, TDB13). */
export const depotPlan = z
  .object({
    depotId: z.string(),
    madeAt: instant,
    until: instant,
    periods: z.array(planPeriod),
    /** How the energy was planned; `null`: it was not, and vehicles are served by their spare time alone. */
    energy: z
      .object({
        plannedAt: instant,
        /** What the vehicles need that the plan cannot give them in time, Wh. */
        shortWh: z.number(),
        costPence: z.number(),
        /** Starts of the quarter-hours that the vehicles' energies are of. */
        slots: z.array(instant),
        vehicles: z.array(
          z.object({ identity: z.string(), connector: z.number().int(), energyWh: z.array(z.number()) }),
        ),
      })
      .nullable(),
    /** Why there is no plan of the energy; `null` where there is one. */
    reason: z.string().nullable(),
  })
  .meta({ id: 'DepotPlan' })
export type DepotPlan = z.infer<typeof depotPlan>

/** A depot in a span of time, as recorded: means of the minutes in it, W. */
const historyPoint = z.object({
  from: instant,
  minutes: z.number().int(),
  demandW: z.number().nullable(),
  buildingW: z.number(),
  evLoadW: z.number().nullable(),
  headroomW: z.number(),
  capacityW: z.number(),
  /** Of the last minute in it. */
  binding: limitSource,
  flexibilityCapW: z.number().nullable(),
  setpoints: z.number().int(),
  staleMinutes: z.number().int(),
})

export const depotHistoryView = z
  .object({ depotId: z.string(), stepMinutes: z.number().int(), points: z.array(historyPoint) })
  .meta({ id: 'DepotHistoryView' })

/** The mean of a time of day over past days. */
const dayAverage = z.object({
  /** Local time. */
  time: z.string(),
  days: z.number().int(),
  demandW: z.number().nullable(),
  buildingW: z.number(),
  evLoadW: z.number().nullable(),
  headroomW: z.number(),
  capacityW: z.number(),
})

export const depotAverages = z
  .object({
    depotId: z.string(),
    from: tradingDay,
    to: tradingDay,
    dayType: z.enum(['weekday', 'weekend']),
    times: z.array(dayAverage),
  })
  .meta({ id: 'DepotAverages' })

/** How the buffer of a depot served (H21): how often, and how far, the site took more than it may. */
export const bufferAdequacy = z
  .object({
    depotId: z.string(),
    from: instant,
    to: instant,
    bufferW: z.number(),
    /** Minutes with a measured load. */
    minutes: z.number().int(),
    /** Of these, with a load above the capacity, and how far above at most, W. */
    minutesOver: z.number().int(),
    mostOverW: z.number(),
    /** Those in which the load reached into the buffer. */
    minutesInBuffer: z.number().int(),
    mostOfBufferW: z.number(),
    /** The buffer that would have been enough in 99.9 of 100 minutes, W. */
    enoughW: z.number(),
  })
  .meta({ id: 'BufferAdequacy' })

/** The power of one charge by the minute, with the limit that it had. */
export const sessionPower = z
  .object({
    transactionId: z.number().int(),
    identity: z.string(),
    connector: z.number().int(),
    minutes: z.array(z.object({ at: instant, powerW: z.number().nullable(), limitA: z.number().nullable() })),
  })
  .meta({ id: 'SessionPower' })

const params = z.object({ depotId: identifier })
const tags = ['Depots']
const reads = { method: 'get', access: depotReaders, tags, params, problems: ['not-found'] } as const

/** State, plan and history of the depots' optimisation. */
export const depotPlanOperations = {
  explainDepot: operation({
    ...reads,
    path: '/depots/{depotId}/explanation',
    summary: 'Why each socket has its limit: what bound it, and its priority',
    answer: depotExplanation.nullable(),
  }),
  readDepotPlan: operation({
    ...reads,
    path: '/depots/{depotId}/plan',
    summary: 'Capacity, expected load and tariff from now to the end of the second working day ahead',
    description: 'Each quarter-hour has every limit of the site with its source, and which is the least.',
    answer: depotPlan,
  }),
  readDepotHistory: operation({
    ...reads,
    path: '/depots/{depotId}/history',
    summary: 'Demand, headroom and capacity as recorded',
    description:
      'By default the last 24 hours. Minutes are kept for 400 days and given as means of a step: at most 2,000 steps an answer.',
    query: z.object({
      from: instant.optional(),
      to: instant.optional(),
      stepMinutes: z.coerce.number().int().min(1).max(1_440).default(5),
    }),
    answer: depotHistoryView,
    problems: ['not-found', 'contract-broken'],
  }),
  readDepotAverages: operation({
    ...reads,
    path: '/depots/{depotId}/averages',
    summary: 'Mean demand, headroom and capacity by time of day',
    query: z.object({
      days: z.coerce.number().int().min(1).max(400).default(28),
      dayType: z.enum(['weekday', 'weekend']).default('weekday'),
    }),
    answer: depotAverages,
  }),
  readBufferAdequacy: operation({
    ...reads,
    path: '/depots/{depotId}/buffer',
    summary: 'How often and how far the site took more than its capacity, or reached into its buffer',
    query: z.object({ days: z.coerce.number().int().min(1).max(400).default(28) }),
    answer: bufferAdequacy,
  }),
  readSessionPower: operation({
    ...reads,
    path: '/depots/{depotId}/sessions/{transactionId}/power',
    params: params.extend({ transactionId: z.coerce.number().int().min(1).max(2_147_483_647) }),
    summary: 'Power and limit of one charge by the minute',
    description: 'Kept for 40 days.',
    answer: sessionPower,
  }),
  viewProfiledConnection: operation({
    ...reads,
    path: '/depots/{depotId}/profiled-connections/{key}/graph',
    params: params.extend({ key: registerKey }),
    summary: 'A profiled connection of the calendar on one day, as a line to draw',
    query: z.object({ day: tradingDay.optional() }),
    answer: z.object({
      key: z.string(),
      name: z.string(),
      day: tradingDay,
      /** Whether it covers that day; it limits nothing on another. */
      isCovered: z.boolean(),
      points: z.array(z.object({ from: instant, limitW: z.number().nullable(), connectionW: z.number() })),
    }),
  }),
  duplicateProfiledConnection: operation({
    method: 'post',
    path: '/depots/{depotId}/profiled-connections/{key}/copy',
    access: depotPeople('fleet-admin', 'depot-admin'),
    tags,
    params: params.extend({ key: registerKey }),
    summary: 'Add a profiled connection like another, with a name and days of its own',
    body: z.object({ key: registerKey, name: label, from: tradingDay, to: tradingDay, reason: shortText.optional() }),
    answer: z.object({ key: z.string(), version: z.number().int() }),
    problems: ['not-found', 'conflict'],
  }),
  injectFault: operation({
    method: 'post',
    path: '/depots/{depotId}/faults',
    access: depotPeople('fleet-admin', 'depot-admin'),
    tags,
    params,
    summary: 'Pretend that something is broken, in test mode only',
    description:
      'Decisions are made and recorded as if it were so, and nothing is enacted. It ends by itself, when it is ended, and when the depot leaves test mode.',
    body: z.object({ kind: faultKind, minutes: z.number().int().min(1).max(1_440) }),
    answer: injectedFault,
    problems: ['not-found', 'conflict'],
  }),
  endFault: operation({
    method: 'delete',
    path: '/depots/{depotId}/faults/{kind}',
    access: depotPeople('fleet-admin', 'depot-admin'),
    tags,
    params: params.extend({ kind: faultKind }),
    summary: 'End a fault that is pretended',
    answer: nothing,
    problems: ['not-found'],
  }),
  listFaults: operation({
    ...reads,
    path: '/depots/{depotId}/faults',
    summary: 'The faults that are pretended at a depot now',
    answer: z.array(injectedFault),
  }),
}
