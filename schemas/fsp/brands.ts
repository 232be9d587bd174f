import { z } from 'zod'
import { depotPeople, depotReaders } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { instantOrNull } from '../vocabulary/units.ts'
import { label } from './registers/fields.ts'

/** Whether a token that charges at one charge point of a brand opens another of the same brand. */
export const sameTokenAgain = z.enum(['refused', 'accepted'])
export type SameTokenAgain = z.infer<typeof sameTokenAgain>

/** A brand of charge points and its rule. */
export const brand = z
  .object({
    /** As the register of models has it. */
    brand: z.string(),
    models: z.array(z.string()),
    sameTokenAgain,
    /** Who last set the rule, and when; `null`: it is the default. */
    changedBy: z.string().nullable(),
    changedAt: instantOrNull,
  })
  .meta({ id: 'ChargePointBrand' })

const tags = ['Charge points']

/** What back offices decided for their brands in the trial (DDB09–11): whether one token may charge at two charge points at once. */
export const brandOperations = {
  listBrands: operation({
    method: 'get',
    path: '/brands',
    access: depotReaders,
    tags,
    summary: 'Brands of charge points, each with its rule for a token that charges already',
    answer: z.array(brand),
  }),
  setBrandRule: operation({
    method: 'put',
    path: '/brands/{brand}/token-rule',
    access: depotPeople('fleet-admin'),
    tags,
    summary: 'State whether a token may charge at two charge points of a brand at once',
    description:
      '`refused`, the default: the second is answered ConcurrentTx. Never refused: a master card, a token whose other charge point has no link or whose charge seems to be over, and another brand. A warning follows either way.',
    params: z.object({ brand: label }),
    body: z.object({ sameTokenAgain }),
    answer: brand,
    problems: ['not-found'],
  }),
}
