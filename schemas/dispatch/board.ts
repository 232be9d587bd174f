import { z } from 'zod'
import { scheduleKind } from '../market/schedules.ts'
import { people } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import {
  direction,
  instant,
  instantOrNull,
  product,
  resolution,
  signedTurnDownW,
  tradingDay,
  turnDownW,
  uuid,
} from '../vocabulary/units.ts'
import { instructionState } from './instructions.ts'

/** One quarter-hour of one FU on the dispatch board. */
export const boardPeriod = z
  .object({
    from: instant,
    to: instant,
    /** What is contracted in this period, in the direction of the contract; `null` outside contracted windows. */
    contractedW: turnDownW.nullable(),
    /** The direction of the contract; absent for turn-down, and outside contracted windows. */
    direction: direction.optional(),
    /** What the selected schedule asks for, negative for a turn-up; `null` if nothing. */
    requestedW: signedTurnDownW.nullable(),
    /** When the timetable issues this period's instruction. */
    dueAt: instant,
    instruction: z
      .object({
        instructionId: uuid,
        state: instructionState,
        /** What the last instruction for the period asks at its end. */
        turnDownW: signedTurnDownW,
        /** Mean over the period of what was asked second by second: a stop or a new instruction inside it counts from then. */
        meanW: signedTurnDownW,
        issuedAt: instantOrNull,
        acknowledgedAt: instantOrNull,
        reason: z.string().nullable(),
        /** Why it asks for less than its schedule does; `null` where it asks for the same. */
        cutBecause: z.string().nullable().optional(),
      })
      .nullable(),
    /** Whether an emergency stop covers the period or its end. */
    isStopped: z.boolean(),
    /** Mean turn-down measured against the baseline, negative for a turn-up; `null` without meter data or baseline. */
    deliveredW: z.number().nullable(),
  })
  .meta({ id: 'BoardPeriod' })
export type BoardPeriod = z.infer<typeof boardPeriod>

export const boardRow = z
  .object({
    fuId: uuid,
    fuName: z.string(),
    fspId: uuid,
    fspName: z.string(),
    /** `null` for an FU over many connections. */
    connectionId: uuid.nullable(),
    inService: z.boolean(),
    /** Whether an emergency stop is in force for it now. */
    isStopped: z.boolean(),
    selected: scheduleKind.nullable(),
    manualVersion: z.number().int().nullable(),
    optimisedVersion: z.number().int().nullable(),
    periods: z.array(boardPeriod),
  })
  .meta({ id: 'BoardRow' })
export type BoardRow = z.infer<typeof boardRow>

export const dispatchTotals = z
  .object({
    /** Instructions that were due by now, without those that an emergency stop withheld. */
    due: z.number().int(),
    issued: z.number().int(),
    acknowledged: z.number().int(),
    refused: z.number().int(),
    unknown: z.number().int(),
    missed: z.number().int(),
    /** Instructions that emergency stops ended or kept from being sent. */
    stopped: z.number().int(),
  })
  .meta({ id: 'DispatchTotals' })
export type DispatchTotals = z.infer<typeof dispatchTotals>

/** The dispatch board of one trading day. Only FUs with a contract or a schedule on that day have a row. */
export const dispatchBoard = z
  .object({ tradingDay, product, resolution, at: instant, rows: z.array(boardRow), totals: dispatchTotals })
  .meta({ id: 'DispatchBoard' })
export type DispatchBoard = z.infer<typeof dispatchBoard>

/** An emergency stop: ends every turn-down that it covers, and blocks new ones until it is lifted. */
export const newEmergencyStop = z
  .object({
    /** `null` for every FSP. */
    fspId: uuid.nullable(),
    reason: z.string().min(3).max(500),
  })
  .meta({ id: 'NewEmergencyStop' })

export const emergencyStop = newEmergencyStop
  .extend({
    stopId: uuid,
    stoppedAt: instant,
    stoppedBy: z.string(),
    liftedAt: instantOrNull,
    liftedBy: z.string().nullable(),
  })
  .meta({ id: 'EmergencyStop' })

/** The dispatch board. */
export const boardOperations = {
  readDispatchBoard: operation({
    method: 'get',
    path: '/dispatch/board',
    access: people(),
    tags: ['Dispatch'],
    summary: 'Everything dispatched on a day',
    query: z.object({ day: tradingDay.optional(), product: product.default('A') }),
    answer: dispatchBoard,
  }),
}

const stopTags = ['Emergency stop']

/** Emergency stops. */
export const emergencyOperations = {
  stopDispatch: operation({
    method: 'post',
    path: '/dispatch/stops',
    access: people('flexibility-engineer', 'operator'),
    tags: stopTags,
    summary: 'Stop dispatch to one FSP or to all',
    body: newEmergencyStop,
    answer: emergencyStop,
    problems: ['conflict'],
    recent: true,
  }),
  listStops: operation({
    method: 'get',
    path: '/dispatch/stops',
    access: people(),
    tags: stopTags,
    summary: 'Emergency stops, the latest first',
    query: pageQuery(),
    answer: pageOf(emergencyStop),
  }),
  liftStop: operation({
    method: 'post',
    path: '/dispatch/stops/{id}/lift',
    access: people('flexibility-engineer', 'operator'),
    tags: stopTags,
    summary: 'Lift a stop',
    params: z.object({ id: uuid }),
    answer: emergencyStop,
    problems: ['not-found'],
    recent: true,
  }),
}
