import { z } from 'zod'
import { depotReaders } from '../vocabulary/access.ts'
import { identifier } from '../vocabulary/bounds.ts'
import { operation } from '../vocabulary/operation.ts'
import { instant, powerW } from '../vocabulary/units.ts'

/** What a measured cable feeds. */
export const channelUse = z.enum(['building', 'ev', 'tenant', 'solar', 'incomer'])

/** The load of a depot's cables as last measured, and by the supplies that they are on. */
export const feederLoads = z
  .object({
    feeders: z.array(
      z.object({
        feeder: z.number().int(),
        /** `null`: neither the feeder nor the depot has one. */
        mpan: z.string().nullable(),
        uses: z.array(channelUse),
        /** Import positive, W. */
        loadW: powerW,
        /** Its part of what the site imports, W: 0 for a cable that another measured one feeds. */
        countedW: powerW,
        /** When the oldest of its channels was measured. */
        at: instant,
        /** Computed from currents with an assumed voltage and power factor. */
        isDerived: z.boolean(),
        /** Too old to rely on. */
        isStale: z.boolean(),
      }),
    ),
    mpans: z.array(
      z.object({ mpan: z.string(), /** What is imported through it, W. */ loadW: powerW, isStale: z.boolean() }),
    ),
  })
  .meta({ id: 'FeederLoads' })

export const feederOperations = {
  readFeederLoads: operation({
    method: 'get',
    path: '/depots/{depotId}/feeder-loads',
    access: depotReaders,
    tags: ['Depots'],
    summary: 'The load of each cable of a depot, and of each supply, as last measured',
    description: 'Only cables that a feed of site load measures; one whose clamps have not all reported has no load.',
    params: z.object({ depotId: identifier }),
    answer: feederLoads,
    problems: ['not-found'],
  }),
}
