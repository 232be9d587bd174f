import { z } from 'zod'
import { amountGbp, instant, month, price, product, turnDownW, uuid } from './units.ts'

export const newStatement = z.object({ fspId: uuid, product, month }).meta({ id: 'NewStatement' })

/** Flags on a line that a reader must know about. `no-meter-data`: unpaid for want of data; `no-baseline`: too few comparable days. */
export const lineFlag = z.enum(['no-meter-data', 'no-baseline', 'out-of-service'])

/** One FU and one quarter-hour of a contract window, with everything needed to redo it by hand. */
export const statementLine = z
  .object({
    lineId: uuid,
    number: z.number().int(),
    fuId: uuid,
    fuName: z.string(),
    from: instant,
    to: instant,
    contractedW: turnDownW,
    /** Turn-down instructed and accepted, `null` when nothing was instructed in this period. */
    instructedW: turnDownW.nullable(),
    baselineWh: z.number().nullable(),
    meteredWh: z.number().nullable(),
    deliveredWh: z.number(),
    /** delivered ÷ instructed energy, `null` when nothing was instructed. */
    deliveryRatio: z.number().nullable(),
    performanceFactor: z.number(),
    availabilityGbpPerMwH: price,
    utilisationGbpPerMwh: price,
    availabilityGbp: z.string(),
    utilisationGbp: z.string(),
    /** Rounded once, half-even, to the penny; lines sum exactly to the statement. */
    amountGbp,
    baselineDays: z.array(z.string()),
    meterRevision: z.number().int().nullable(),
    flags: z.array(lineFlag),
  })
  .meta({ id: 'StatementLine' })
export type StatementLine = z.infer<typeof statementLine>

export const statementSummary = z
  .object({
    statementId: uuid,
    number: z.string(),
    fspId: uuid,
    fspName: z.string(),
    product,
    month,
    state: z.enum(['draft', 'checked', 'approved', 'issued']),
    preparedAt: instant,
    preparedBy: z.string(),
    lineCount: z.number().int(),
    deliveredWh: z.number(),
    totalGbp: amountGbp,
  })
  .meta({ id: 'StatementSummary' })
export type StatementSummary = z.infer<typeof statementSummary>

export const statement = statementSummary
  .extend({
    baselineMethod: z.enum(['recent-history']),
    scheme: z.object({
      name: z.literal('grace-and-multiplier'),
      graceRatio: z.number(),
      slope: z.number(),
      floorRatio: z.number(),
    }),
    lines: z.array(statementLine),
  })
  .meta({ id: 'Statement' })
export type Statement = z.infer<typeof statement>
