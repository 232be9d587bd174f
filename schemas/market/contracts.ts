import { z } from 'zod'
import { people, readers } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import { instant, price, product, tradingDay, turnDownW, uuid } from '../vocabulary/units.ts'
import { tenderWindow } from './windows.ts'

export const baselineMethod = z.enum(['recent-history'])

/** A contract for one FU, created from a selected offer when a second person awards the tender. */
export const contract = z
  .object({
    contractId: uuid,
    tenderId: uuid,
    fspId: uuid,
    fspName: z.string(),
    fuId: uuid,
    fuName: z.string(),
    product,
    turnDownW,
    availabilityGbpPerMwH: price,
    utilisationGbpPerMwh: price,
    validFrom: tradingDay,
    validTo: tradingDay,
    windows: z.array(tenderWindow),
    baselineMethod,
    /** Released days, on which the DNO does not need the reserve: nothing is instructed or paid, and the FSP is free. */
    releasedDays: z.array(tradingDay),
    awardedAt: instant,
    awardedBy: z.string(),
  })
  .meta({ id: 'Contract' })
export type Contract = z.infer<typeof contract>

/** Days of a contract for a forward option that the DNO releases. */
export const reserveRelease = z
  .object({ days: z.array(tradingDay).min(1).max(366), reason: z.string().min(3).max(500) })
  .meta({
    id: 'ReserveRelease',
    example: { days: ['2026-01-19', '2026-01-20'], reason: 'The primary is forecast to stay below its target' },
  })
export type ReserveRelease = z.infer<typeof reserveRelease>

const tags = ['Tenders']

/** The contracts that result from tenders, one for each FU. */
export const contractOperations = {
  listContracts: operation({
    method: 'get',
    path: '/contracts',
    access: readers,
    tags,
    summary: 'Contracts',
    query: pageQuery(),
    answer: pageOf(contract),
  }),
  releaseReserve: operation({
    method: 'post',
    path: '/contracts/{id}/releases',
    access: people('flexibility-engineer'),
    tags,
    summary: 'Release days of reserve that is not needed',
    params: z.object({ id: uuid }),
    body: reserveRelease,
    answer: contract,
    problems: ['not-found', 'conflict'],
  }),
}
