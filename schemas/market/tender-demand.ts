import { z } from 'zod'
import { demandRequirement } from '../planning/demand-runs.ts'
import { uuid } from '../vocabulary/units.ts'

/** What a tender that was drafted from a run of EV demand asks for, and how that was worked out: kept as it was then. */
export const tenderDemand = z
  .object({
    runId: uuid,
    runTitle: z.string(),
    /** SHA-256 of the run’s result: a repeat of the run has the same. */
    runDigest: z.string(),
    /** Whether anything in the run was made up. */
    isSynthetic: z.boolean(),
    season: z.enum(['winter', 'summer']),
    requirement: demandRequirement,
  })
  .meta({ id: 'TenderDemand' })
export type TenderDemand = z.infer<typeof tenderDemand>
