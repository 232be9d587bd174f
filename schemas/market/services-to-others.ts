import { z } from 'zod'
import { people, readers } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import { instant, instantOrNull, product, uuid } from '../vocabulary/units.ts'

/** Longest span of one service, days: a longer one is registered by the month. */
export const longestServiceDays = 31

const span = z
  .object({ from: instant, to: instant })
  .refine((s) => Date.parse(s.from) < Date.parse(s.to), { path: ['to'], message: 'must be later than from' })
  .refine((s) => Date.parse(s.to) - Date.parse(s.from) <= longestServiceDays * 86_400_000, {
    path: ['to'],
    message: `must lie at most ${longestServiceDays} days after from`,
  })

/** What an FU does for somebody else, and when. Its days are event days of the FU's baselines (domain section 12). */
export const newServiceToOthers = z
  .object({
    fuId: uuid,
    /** Who buys it: the system operator, or another DNO. */
    buyer: z.string().trim().min(2).max(200),
    /** What it is called there: `Demand Flexibility Service`. */
    service: z.string().trim().min(2).max(200),
    times: z.array(span).min(1).max(400),
    /** What shows it: a contract, or the buyer's instruction. */
    reference: z.string().trim().min(3).max(500),
  })
  .meta({
    id: 'NewServiceToOthers',
    example: {
      fuId: '5f0c1d1e-6f0e-4b7e-9a53-0d6a1f3c2b10',
      buyer: 'NESO',
      service: 'Demand Flexibility Service',
      times: [{ from: '2026-12-15T17:00:00Z', to: '2026-12-15T18:00:00Z' }],
      reference: 'DFS service requirement 12 December 2026',
    },
  })

/** A service in one span of time. */
export const serviceToOthers = z
  .object({
    serviceId: uuid,
    fuId: uuid,
    fspId: uuid,
    buyer: z.string(),
    service: z.string(),
    from: instant,
    /** The first instant after it. Equal to `from`, it was never in force. */
    to: instant,
    reference: z.string(),
    registeredAt: instant,
    registeredBy: z.string(),
    endedAt: instantOrNull,
    /** Why it was ended before its time. */
    reason: z.string().nullable(),
    /** Contracts of the FU whose windows it runs into, each with the first quarter-hour that both cover. */
    conflicts: z.array(z.object({ contractId: uuid, product, from: instant })),
  })
  .meta({ id: 'ServiceToOthers' })
export type ServiceToOthers = z.infer<typeof serviceToOthers>

export const serviceEnd = z
  .object({ at: instant, reason: z.string().trim().min(3).max(500) })
  .meta({ id: 'ServiceEnd', example: { at: '2026-12-15T17:30:00Z', reason: 'The system operator stood it down.' } })

const tags = ['Services to others']
const registrars = { ...people('flexibility-engineer'), fsp: 'market' } as const

/** Services that FUs give to others than this DNO. */
export const serviceToOthersOperations = {
  registerServiceToOthers: operation({
    method: 'post',
    path: '/services-to-others',
    access: registrars,
    tags,
    summary: 'Register what an FU does for others, and when',
    description:
      'An FSP registers what is yet to begin; the DNO also what is past. Whether a service that runs into a contract’s window is refused or flagged is a setting.',
    body: newServiceToOthers,
    answer: z.object({ items: z.array(serviceToOthers) }),
    problems: ['not-found', 'conflict'],
    idempotent: true,
  }),
  listServicesToOthers: operation({
    method: 'get',
    path: '/services-to-others',
    access: readers,
    tags,
    summary: 'What FUs do for others, the latest first',
    query: pageQuery().extend({ fuId: uuid.optional(), fspId: uuid.optional() }),
    answer: pageOf(serviceToOthers),
    problems: ['malformed'],
  }),
  endServiceToOthers: operation({
    method: 'post',
    path: '/services-to-others/{id}/end',
    access: registrars,
    tags,
    summary: 'End a service to others before its time',
    description: 'An FSP may end its own from now or from a later instant. The DNO may also set an earlier one.',
    params: z.object({ id: uuid }),
    body: serviceEnd,
    answer: serviceToOthers,
    problems: ['not-found', 'conflict'],
  }),
}
