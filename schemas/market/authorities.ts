import { z } from 'zod'
import { fsps, people, readers } from '../vocabulary/access.ts'
import { dryRunQuery, fileImport } from '../vocabulary/file-import.ts'
import { csvFile, operation } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import { instant, instantOrNull, mpan, tradingDay, uuid } from '../vocabulary/units.ts'

/** Life of an authority: applied for, then approved or refused; an approved one ends on its day. */
export const authorityState = z.enum(['applied', 'approved', 'refused', 'ended'])
export type AuthorityState = z.infer<typeof authorityState>

/**
 * Who gave the authority. `before-authorities`: taken over from a registration that predates this record. The customers' portal will
 * add `customer`: given by an account of the customer itself, without a letter.
 */
export const authorityGiver = z.enum(['customer-letter', 'own-connection', 'dno-approval', 'before-authorities'])

/** What shows that the customer wants the FSP to act: who gave the authority, and the reference of the document. */
const evidence = {
  givenBy: authorityGiver.exclude(['before-authorities']),
  reference: z.string().trim().min(3).max(500),
}

/** An application for authority over meter points. `until` is the first day without it; omitted, it has no end yet. */
export const authorityApplication = z
  .object({
    mpans: z
      .array(mpan)
      .min(1)
      .max(1_000)
      .refine((list) => new Set(list).size === list.length, 'names an MPAN twice'),
    from: tradingDay,
    until: tradingDay.optional(),
    ...evidence,
  })
  .refine((a) => a.until === undefined || a.from < a.until, { path: ['until'], message: 'must be after from' })
  .meta({
    id: 'AuthorityApplication',
    example: {
      mpans: ['1200000112345'],
      from: '2026-01-01',
      givenBy: 'customer-letter',
      reference: 'Letter of authority RM-2025-118 of 12 December 2025',
    },
  })

/** Another approved authority over the same MPAN in the same time. */
const clash = z.object({
  authorityId: uuid,
  fspId: uuid,
  fspName: z.string(),
  from: tradingDay,
  until: tradingDay.nullable(),
})

/**
 * An FSP's authority over one MPAN. What it may read, meter and be sent of that meter point is what falls on its days: from `from` to the
 * day before `until`.
 */
export const authority = z
  .object({
    authorityId: uuid,
    /** The application that named the MPAN, perhaps with others: a list, or a file. */
    applicationId: uuid,
    fspId: uuid,
    mpan,
    state: authorityState,
    from: tradingDay,
    until: tradingDay.nullable(),
    givenBy: authorityGiver,
    reference: z.string(),
    appliedAt: instant,
    decidedAt: instantOrNull,
    endedAt: instantOrNull,
    /** Why it was refused or ended, for the FSP to read. */
    reason: z.string().nullable(),
    /** What only the DNO sees; `null` for an FSP, which learns neither whether an MPAN exists nor who holds it. */
    atDno: z
      .object({
        fspName: z.string(),
        /** The connection that holds the MPAN; `null` if none does. */
        connection: z.object({ connectionId: uuid, name: z.string(), customer: z.string() }).nullable(),
        clashes: z.array(clash),
        appliedBy: z.string(),
        decidedBy: z.string().nullable(),
        endedBy: z.string().nullable(),
      })
      .nullable(),
  })
  .meta({ id: 'Authority' })
export type Authority = z.infer<typeof authority>

/** `handOverOn`: where another authority over the MPAN is in force, the day on which that one ends and this one begins. */
export const authorityDecision = z
  .discriminatedUnion('decision', [
    z.object({ decision: z.literal('approve'), handOverOn: tradingDay.optional() }),
    z.object({ decision: z.literal('refuse'), reason: z.string().trim().min(3).max(500) }),
  ])
  .meta({ id: 'AuthorityDecision', example: { decision: 'approve' } })
export type AuthorityDecision = z.infer<typeof authorityDecision>

/** A decision on every MPAN of an application that is undecided. */
export const applicationDecision = z
  .discriminatedUnion('decision', [
    z.object({ decision: z.literal('approve') }),
    z.object({ decision: z.literal('refuse'), reason: z.string().trim().min(3).max(500) }),
  ])
  .meta({ id: 'AuthorityApplicationDecision', example: { decision: 'approve' } })

/** What a decision on an application came to. MPANs that no connection holds, or that an FSP already holds, stay undecided. */
export const decidedApplication = z
  .object({
    applicationId: uuid,
    decided: z.number().int(),
    /** The first of those that stay undecided, and why. */
    left: z.array(z.object({ authorityId: uuid, mpan, reason: z.string() })),
    leftCount: z.number().int(),
  })
  .meta({ id: 'DecidedAuthorityApplication' })
export type DecidedApplication = z.infer<typeof decidedApplication>

/** `until`: the first day without the authority; its first day, for one that should never have been. */
export const authorityEnd = z
  .object({ until: tradingDay, reason: z.string().trim().min(3).max(500) })
  .meta({ id: 'AuthorityEnd', example: { until: '2026-03-01', reason: 'The customer has withdrawn its letter.' } })

const params = z.object({ id: uuid })
const tags = ['Authorities']

/** FSPs' authority over meter points. */
export const authorityOperations = {
  applyForAuthorities: operation({
    method: 'post',
    path: '/mpan-authorities',
    access: fsps('market'),
    tags,
    summary: 'Apply for authority over MPANs',
    description:
      'Every MPAN becomes a pending application, whether or not it belongs to this network, and regardless of who holds it. A DER can be registered, and meter data read and uploaded, once the DNO has approved.',
    body: authorityApplication,
    answer: z.object({ items: z.array(authority) }),
    problems: ['conflict'],
    idempotent: true,
  }),
  importAuthorities: operation({
    method: 'post',
    path: '/mpan-authorities/csv',
    access: fsps('market'),
    tags,
    summary: 'Apply for authority over the MPANs of a file: all of it or, with a single flaw, nothing',
    description:
      'The body is the CSV file itself. Each row becomes a pending application, and the file is one application for the DNO to decide on. An MPAN whose application is undecided, and one that you hold on all of the days, is passed over, so that the same file again changes nothing. With dryRun=true the file gets the same checks and nothing changes.',
    query: dryRunQuery,
    body: csvFile('mpan,from,until,givenBy,reference', '1200000112345,2026-01-03,,customer-letter,Sign-up 88213'),
    answer: fileImport,
  }),
  decideOnAuthorityApplication: operation({
    method: 'post',
    path: '/mpan-authorities/applications/{id}/decision',
    access: people('planner', 'flexibility-engineer'),
    tags,
    summary: 'Approve or refuse every undecided MPAN of an application',
    description:
      'An approval leaves out the MPANs that no connection holds and those that an FSP, even the applicant, already holds on some of the days. They stay undecided: decide on each separately.',
    params: z.object({ id: uuid.meta({ description: 'The applicationId of an authority.' }) }),
    body: applicationDecision,
    answer: decidedApplication,
    problems: ['not-found'],
  }),
  listAuthorities: operation({
    method: 'get',
    path: '/mpan-authorities',
    access: readers,
    tags,
    summary: 'Authorities over MPANs and applications for them, newest first',
    query: pageQuery().extend({
      state: authorityState.optional(),
      mpan: mpan.optional(),
      fspId: uuid.optional(),
      applicationId: uuid.optional(),
    }),
    answer: pageOf(authority),
    problems: ['malformed'],
  }),
  decideOnAuthority: operation({
    method: 'post',
    path: '/mpan-authorities/{id}/decision',
    access: people('planner', 'flexibility-engineer'),
    tags,
    summary: 'Approve or refuse an application for authority over an MPAN',
    params,
    body: authorityDecision,
    answer: authority,
    problems: ['not-found', 'conflict'],
  }),
  endAuthority: operation({
    method: 'post',
    path: '/mpan-authorities/{id}/end',
    access: { ...people('planner', 'flexibility-engineer'), fsp: 'market' },
    tags,
    summary: 'End an authority over an MPAN',
    description: 'An FSP may end its own, from today or a later day. The DNO may also set an earlier day.',
    params,
    body: authorityEnd,
    answer: authority,
    problems: ['not-found', 'conflict'],
  }),
}
