import { z } from 'zod'
import { readers } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { instant, tradingDay, uuid } from '../vocabulary/units.ts'

/** How an FU's expected import is calculated (domain section 5). */
export const baselineMethod = z.enum(['nominated', 'recent-history', 'mid-8-in-10', 'bl01', 'fixed-reference', 'zero'])
export type BaselineMethod = z.infer<typeof baselineMethod>

/** What stands in where a method finds too few comparable days; without data of its own, the outturn, by which nothing is delivered. */
export const baselineFallback = z.enum(['nominated', 'fixed-reference', 'zero', 'outturn'])

/** A baseline for one FU and trading day: what it would have imported, per quarter-hour. */
export const baseline = z
  .object({
    fuId: uuid,
    tradingDay: z.string(),
    method: baselineMethod,
    /** The days that it averages, latest first. */
    days: z.array(z.string()),
    periods: z.array(z.object({ from: instant, to: instant, energyWh: z.number().nullable() })),
  })
  .meta({ id: 'Baseline' })
export type Baseline = z.infer<typeof baseline>

/** How well each method predicted days without events: bias and mean absolute percentage error, both as fractions. */
export const baselineAccuracy = z
  .object({
    fuId: uuid,
    methods: z.array(
      z.object({
        method: baselineMethod,
        days: z.number().int(),
        bias: z.number().nullable(),
        mape: z.number().nullable(),
      }),
    ),
  })
  .meta({ id: 'BaselineAccuracy' })

const params = z.object({ id: uuid })
const tags = ['Metering']

/** Baselines of an FU, for the DNO and for the FSP concerned. */
export const baselineOperations = {
  readBaseline: operation({
    method: 'get',
    path: '/flexible-units/{id}/baseline',
    access: readers,
    tags,
    summary: 'Baseline of an FU on a day, by any method that needs no contract; as known at an instant, if given',
    params,
    query: z.object({
      day: tradingDay,
      method: baselineMethod.exclude(['fixed-reference']).default('recent-history'),
      asOf: instant.optional(),
    }),
    answer: baseline,
    problems: ['not-found'],
  }),
  readBaselineAccuracy: operation({
    method: 'get',
    path: '/flexible-units/{id}/baseline-accuracy',
    access: readers,
    tags,
    summary: 'Bias and mean absolute error of each method over days without events',
    params,
    query: z.object({ from: tradingDay, to: tradingDay }),
    answer: baselineAccuracy,
    problems: ['not-found'],
  }),
}
