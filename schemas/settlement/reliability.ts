import { z } from 'zod'
import { readers } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { instant, uuid } from '../vocabulary/units.ts'

/** What an FU delivered of what it was instructed, over its latest settled quarter-hours with an instruction. */
export const unitReliability = z
  .object({
    fuId: uuid,
    /** Delivered ÷ instructed energy, from 0 to 1; `null` before anything was settled. */
    ratio: z.number().nullable(),
    instructedWh: z.number(),
    deliveredWh: z.number(),
    /** The quarter-hours behind it, the latest first, each with the statement that settled it last. */
    periods: z.array(
      z.object({ from: instant, statementNumber: z.string(), instructedWh: z.number(), deliveredWh: z.number() }),
    ),
  })
  .meta({ id: 'UnitReliability' })

/** Reliability of FUs, for the DNO and for the FSP concerned. */
export const reliabilityOperations = {
  readUnitReliability: operation({
    method: 'get',
    path: '/flexible-units/{id}/reliability',
    access: readers,
    tags: ['Settlement'],
    summary: 'How much an FU delivered of what it was instructed, by issued statements',
    params: z.object({ id: uuid }),
    answer: unitReliability,
    problems: ['not-found'],
  }),
}
