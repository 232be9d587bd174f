import { z } from 'zod'
import { statementState } from '../settlement/statements.ts'
import { depotPeople } from '../vocabulary/access.ts'
import { csvFile, operation } from '../vocabulary/operation.ts'
import { amountGbp, energyWh, month, product, uuid } from '../vocabulary/units.ts'

/** What one service of a unit earned in a month. */
export const earnedService = z.object({
  /** `dno`: paid by the DNO's statements; `tariff`: saved by charging when it is cheap. */
  source: z.enum(['dno', 'tariff']),
  depotId: z.string(),
  name: z.string(),
  /** `null` for a tariff. */
  product: product.nullable(),
  fuId: uuid.nullable(),
  availabilityGbp: amountGbp,
  utilisationGbp: amountGbp,
  /** What is earned: rounded by the DNO line by line, so that it need not be the sum of the two before. */
  amountGbp,
  instructedWh: energyWh,
  deliveredWh: energyWh,
  /** The statements that it is from, deltas among them. */
  statements: z.array(z.object({ number: z.string(), state: statementState })),
  /** Whether all of them are issued; a tariff's saving is final once the month is over. */
  isFinal: z.boolean(),
})
export type EarnedService = z.infer<typeof earnedService>

export const earnings = z
  .object({
    month,
    services: z.array(earnedService),
    totalGbp: amountGbp,
    /** Why the DNO's statements are missing; `null`: they are not. */
    withoutStatements: z.string().nullable(),
  })
  .meta({ id: 'FspEarnings' })

const asked = {
  method: 'get',
  access: depotPeople('fleet-admin', 'depot-admin'),
  tags: ['Market'],
  query: z.object({ month }),
} as const

/** What each service earned. */
export const earningsOperations = {
  readEarnings: operation({
    ...asked,
    path: '/market/earnings',
    summary: 'What each service earned in a month, by unit and product, and what the tariff saved',
    description:
      'From the DNO’s statements, drafts included, as the DNO shows them now. A tariff’s saving is the energy that was charged times the difference between the mean price if every vehicle had charged as soon as it came, and the mean price that was paid. Of the depots that the caller may see.',
    answer: earnings,
  }),
  exportEarnings: operation({
    ...asked,
    path: '/market/earnings/csv',
    summary: 'The same as a CSV file',
    answer: csvFile(
      'month,source,depotId,name,product,fuId,availabilityGbp,utilisationGbp,amountGbp,instructedWh,deliveredWh,statements,isFinal',
      '2026-01,dno,islington,Islington depot,A,5f0c1d1e-6f0e-4b7e-9a53-0d6a1f3c2b10,12.40,3.10,15.50,40000,39200,A-2026-01-1,true',
    ),
  }),
}
