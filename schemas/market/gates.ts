import { z } from 'zod'
import { readers } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import { instant, product, quarterHourTime, tradingDay, uuid } from '../vocabulary/units.ts'
import { submissionKind } from './submissions.ts'

/**
 * Until when a kind of schedule is accepted: a local time some days before its trading day, or some minutes before the dispatch that issues
 * a window, so that each window of a day has a gate of its own.
 */
export const gateSettings = z
  .union([
    z.strictObject({ daysBefore: z.number().int().min(0).max(7), at: quarterHourTime }),
    z.strictObject({ minutesBeforeDispatch: z.number().int().min(0).max(10_080) }),
  ])
  .meta({ id: 'GateSettings' })
export type GateSettings = z.infer<typeof gateSettings>

/** The gates of a timetable, by kind of schedule. */
export const gatesByKind = z
  .object({ baseline: gateSettings, cost: gateSettings, deviation: gateSettings, availability: gateSettings })
  .meta({ id: 'GatesByKind' })
export type GatesByKind = z.infer<typeof gatesByKind>

/** The part of a trading day whose schedules are accepted until one instant. */
export const gateClosing = z
  .object({
    closesAt: instant,
    /** What it is for; from several windows that close at once, the first begins at `from` and the last ends at `to`. */
    from: instant,
    to: instant,
  })
  .meta({ id: 'GateClosing' })

/** Until when each kind of schedule is accepted for a contract and a trading day. */
export const contractGates = z
  .object({
    contractId: uuid,
    fuId: uuid,
    fuName: z.string(),
    product,
    tradingDay,
    gates: z.array(
      z.object({
        kind: submissionKind,
        settings: gateSettings,
        /** In order of time; none where nothing is contracted or issued on the day. */
        closings: z.array(gateClosing),
      }),
    ),
  })
  .meta({ id: 'ContractGates' })
export type ContractGates = z.infer<typeof contractGates>

/** Until when schedules are accepted. */
export const gateOperations = {
  listScheduleGates: operation({
    method: 'get',
    path: '/schedule-gates',
    access: readers,
    tags: ['Timetables'],
    summary: 'When the gates of contracts close for a trading day',
    description:
      'By the timetable in force now: that of the contract, else of its zone, else of its product. An FSP sees those of its own contracts.',
    query: pageQuery().extend({ day: tradingDay }),
    answer: pageOf(contractGates),
  }),
}
