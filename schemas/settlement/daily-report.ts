import { z } from 'zod'
import { dispatchTotals } from '../dispatch/board.ts'
import { alarmPriority } from '../grid/alarms.ts'
import { people } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { amountGbp, instant, product, tradingDay, uuid } from '../vocabulary/units.ts'

/** The most names of one kind in a report: more are counted. */
export const dailyReportNames = 10

/** What happened on a local day, for those who come in the morning (report 5.2.4). */
export const dailyReport = z
  .object({
    day: tradingDay,
    /** When it was made: what happened on the day follows from what is known by then, what stands is as of then. */
    at: instant,
    feeds: z.object({
      registered: z.number().int(),
      /** Silent for longer than agreed, at present. */
      silent: z.array(z.string()),
      /** Deliveries and records that were refused on the day. */
      refused: z.number().int(),
    }),
    hubs: z.object({
      registered: z.number().int(),
      /** Silent beyond their time-out, at present: so many, and the first names. */
      silent: z.number().int(),
      silentNames: z.array(z.string()),
    }),
    alarms: z.object({
      raised: z.number().int(),
      /** Whose cause went on the day. */
      cleared: z.number().int(),
      /** Whose cause is there at present, by priority. */
      standing: z.record(alarmPriority, z.number().int()),
      /** Of those, the ones that nobody has acknowledged, the oldest first. */
      unacknowledged: z.array(z.object({ raisedAt: instant, message: z.string() })),
    }),
    breaches: z.object({
      /** That began on the day, in either direction, of connections and of FUs under dispatch. */
      begun: z.number().int(),
      /** Connections with the highest excess first. */
      worst: z.array(z.object({ connectionId: uuid, name: z.string(), peakExcessW: z.number(), excessWh: z.number() })),
    }),
    dispatch: z.array(dispatchTotals.extend({ product })),
    /** What the day is worth by what is known: an estimate until the month is settled. */
    money: z.array(
      z.object({
        fspId: uuid,
        fspName: z.string(),
        product,
        instructedWh: z.number(),
        deliveredWh: z.number(),
        amountGbp,
      }),
    ),
    totalGbp: amountGbp,
  })
  .meta({ id: 'DailyReport' })
export type DailyReport = z.infer<typeof dailyReport>

/** The report of a day. */
export const dailyReportOperations = {
  readDailyReport: operation({
    method: 'get',
    path: '/daily-report/{day}',
    access: people(),
    tags: ['Reports'],
    summary: 'Feeds, hubs, alarms, breaches, dispatch and money of a day that is over',
    description: 'The same report goes out by mail at 07:00 if the server has addresses for it (`RINGMAIN_REPORT_TO`).',
    params: z.object({ day: tradingDay }),
    answer: dailyReport,
    problems: ['malformed', 'contract-broken'],
  }),
}
