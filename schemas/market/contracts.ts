import { z } from 'zod'
import { proposal } from '../access/proposals.ts'
import { baselineFallback, baselineMethod } from '../settlement/baselines.ts'
import { people, readers } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import {
  direction,
  directionOrTurnDown,
  instant,
  price,
  product,
  tradingDay,
  turnDownW,
  uuid,
} from '../vocabulary/units.ts'
import { apart, tenderWindow, weeklyWindow } from './windows.ts'

/** A contract for one FU: from a selected offer when a second person awards the tender, or a standing one, which two people entered. */
export const contract = z
  .object({
    contractId: uuid,
    /** `null` for a standing contract. */
    tenderId: uuid.nullable(),
    /** The agreement behind a standing contract; `null` for one from a tender. */
    reference: z.string().nullable(),
    fspId: uuid,
    fspName: z.string(),
    fuId: uuid,
    fuName: z.string(),
    product,
    direction,
    turnDownW,
    availabilityGbpPerMwH: price,
    utilisationGbpPerMwh: price,
    validFrom: tradingDay,
    validTo: tradingDay,
    windows: z.array(tenderWindow),
    /** How it is settled, unless settlement terms of its own say otherwise. */
    baselineMethod,
    baselineFallback,
    /** Released days, on which the DNO does not need the reserve: nothing is instructed or paid, and the FSP is free. */
    releasedDays: z.array(tradingDay),
    awardedAt: instant,
    awardedBy: z.string(),
  })
  .meta({ id: 'Contract' })
export type Contract = z.infer<typeof contract>

const longestDays = 3_660

/** A contract that stands without a tender: a framework agreement for a day-ahead or intraday product, entered when an FSP joins. */
export const standingContract = z
  .object({
    fuId: uuid,
    product,
    direction: directionOrTurnDown,
    turnDownW: turnDownW.refine((w) => w > 0, 'must be more than 0 W'),
    availabilityGbpPerMwH: price,
    utilisationGbpPerMwh: price,
    validFrom: tradingDay,
    /** Last trading day of service, inclusive. */
    validTo: tradingDay,
    windows: z.array(weeklyWindow).min(1).max(200).superRefine(apart),
    baselineMethod: baselineMethod.exclude(['fixed-reference']),
    baselineFallback: baselineFallback.exclude(['fixed-reference']),
    /** The agreement behind it, for people. */
    reference: z.string().trim().min(3).max(200),
  })
  .refine((c) => c.validFrom <= c.validTo, { path: ['validTo'], message: 'must not be before validFrom' })
  .refine((c) => Date.parse(c.validTo) - Date.parse(c.validFrom) <= longestDays * 86_400_000, {
    path: ['validTo'],
    message: `must lie at most ${longestDays} days after validFrom`,
  })
  .meta({
    id: 'StandingContract',
    example: {
      fuId: '5f0c1d1e-6f0e-4b7e-9a53-0d6a1f3c2b10',
      product: 'B',
      turnDownW: 40_000,
      availabilityGbpPerMwH: '0',
      utilisationGbpPerMwh: '180.00',
      validFrom: '2026-02-01',
      validTo: '2026-12-31',
      windows: [{ weekdays: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'], from: '00:00', to: '24:00' }],
      baselineMethod: 'recent-history',
      baselineFallback: 'nominated',
      reference: 'Framework agreement 2026/17',
    },
  })
export type StandingContract = z.infer<typeof standingContract>

/** Days of a contract for a forward option that the DNO releases. */
export const reserveRelease = z
  .object({ days: z.array(tradingDay).min(1).max(366), reason: z.string().min(3).max(500) })
  .meta({
    id: 'ReserveRelease',
    example: { days: ['2026-01-19', '2026-01-20'], reason: 'The primary is forecast to stay below its target' },
  })
export type ReserveRelease = z.infer<typeof reserveRelease>

const tags = ['Tenders']

/** The contracts, each for one FU: those that result from tenders, and standing ones. */
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
  enterStandingContract: operation({
    method: 'post',
    path: '/contracts',
    access: people('flexibility-engineer'),
    tags,
    summary: 'Propose a contract without a tender, which a second person approves',
    description:
      'For day-ahead and intraday products. It is in force from its first day, once it is approved. One contract of an FU may wait at a time.',
    body: standingContract,
    answer: proposal,
    problems: ['not-found', 'conflict'],
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
