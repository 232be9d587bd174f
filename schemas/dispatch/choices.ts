import { z } from 'zod'
import { readers } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import { direction, instant, price, product, tradingDay, turnDownW, uuid } from '../vocabulary/units.ts'
import { closedBecause, leftBecause } from './optimisation.ts'

/** Why less of an FU was chosen than was offered: W were left, nothing could be chosen, or less counted than was offered. */
export const lessBecause = z.enum([...leftBecause.options, ...closedBecause.options, 'site-limit'])
export type LessBecause = z.infer<typeof lessBecause>

/** A quarter-hour of an FU in a run. Nothing in it is another FSP's. */
export const choicePeriod = z.object({
  from: instant,
  direction,
  /** What contract and FSP stated, before it was derated or held to its site's export limit; 0 where nothing could be chosen. */
  offeredW: turnDownW,
  chosenW: turnDownW,
  /** What a MWh of it costs by contract or submitted schedule; `null` where nothing could be chosen. */
  priceGbpPerMwh: price.nullable(),
  /** Why less was chosen than offered; `null` where all of it was, and in runs of earlier releases. */
  because: lessBecause.nullable(),
  /** The cost of one more kW at the FU's node where W were left; `null` where it could be told whose price that is, or there is none. */
  marginalPriceGbpPerMwh: z.number().nullable(),
})
export type ChoicePeriod = z.infer<typeof choicePeriod>

/** What a run chose of an FU and why no more. */
export const unitChoice = z
  .object({ runId: uuid, fuId: uuid, tradingDay, product, startedAt: instant, periods: z.array(choicePeriod) })
  .meta({ id: 'UnitChoice' })
export type UnitChoice = z.infer<typeof unitChoice>

/** How FSPs read why their offers were chosen or left, without seeing those of others. */
export const choiceOperations = {
  listLatestChoices: operation({
    method: 'get',
    path: '/choices',
    access: readers,
    tags: ['Optimisation'],
    summary: 'What the latest run of each product over a day chose of each FU, and why no more of it',
    description: 'As `GET /flexible-units/{id}/choices` has it, for all FUs that the caller may see.',
    query: pageQuery(100).extend({ day: tradingDay }),
    answer: pageOf(unitChoice),
  }),
  listUnitChoices: operation({
    method: 'get',
    path: '/flexible-units/{id}/choices',
    access: readers,
    tags: ['Optimisation'],
    summary: 'What runs over a day chose of an FU, and why no more of it; the latest run first',
    description:
      'The price of one more kW is shown only where several other FSPs had offers for the same need (the setting `dispatch.choices`). Neither the need nor the offers of others are shown.',
    params: z.object({ id: uuid }),
    query: pageQuery(100).extend({ day: tradingDay, product: product.optional() }),
    answer: pageOf(unitChoice),
    problems: ['not-found'],
  }),
}
