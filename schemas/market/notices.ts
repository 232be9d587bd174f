import { z } from 'zod'
import { disputeOutcome, statementState } from '../settlement/statements.ts'
import { fsps, people, readers } from '../vocabulary/access.ts'
import { emailAddress } from '../vocabulary/bounds.ts'
import { noticeChannel, noticeState, signingKey } from '../vocabulary/notices.ts'
import { nothing, operation } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import { instant, instantOrNull, product, tradingDay, turnDownW, uuid } from '../vocabulary/units.ts'
import { submissionKind } from './submissions.ts'
import { offerOutcome, offerRejection } from './tenders.ts'

/** The most targets that an FSP may have: each gets every notice. */
export const mostNoticeTargets = 10

/** Where an FSP has its notices sent, instead of to its contact. */
export const noticeTarget = z
  .object({
    targetId: uuid,
    name: z.string().min(1).max(100),
    kind: noticeChannel,
    /** An e-mail address, or an https URL. */
    address: z.string().max(500),
    active: z.boolean(),
  })
  .meta({ id: 'NoticeTarget' })
export type NoticeTarget = z.infer<typeof noticeTarget>

/** Plain http is for a demo on one machine only, as for an FSP's control API. */
const webhookAddress = z.url({ protocol: /^https?$/ })

/** A new or changed target. `key` signs the requests to a webhook (HMAC-SHA256 of the body, in `x-ringmain-signature`). */
export const noticeTargetForm = noticeTarget
  .omit({ targetId: true })
  .extend({ key: signingKey.optional() })
  .refine((t) => (t.kind === 'email' ? emailAddress : webhookAddress).safeParse(t.address).success, {
    path: ['address'],
    message: 'must be an e-mail address for email, and an https URL for webhook',
  })
  .meta({
    id: 'NoticeTargetForm',
    example: {
      name: 'Trading desk',
      kind: 'webhook',
      address: 'https://flex.example/notices',
      active: true,
      key: 'a long key that both sides know',
    },
  })
export type NoticeTargetForm = z.infer<typeof noticeTargetForm>

const tenderNamed = z.object({ tenderId: uuid, title: z.string(), product })
const unitNamed = z.object({ fuId: uuid, fuName: z.string() })
const contractNamed = unitNamed.extend({
  contractId: uuid,
  product,
  turnDownW,
  validFrom: tradingDay,
  validTo: tradingDay,
})
const statementNamed = z.object({ statementId: uuid, number: z.string(), product, month: z.string() })
const disputeNamed = statementNamed.extend({ disputeId: uuid, lineNumber: z.number().int().nullable() })

/**
 * What a notice says: what has happened and to what. No price, sum or reason is in it, because a mail is open to whoever carries it: they
 * are read by its identifiers, with the FSP's own rights.
 */
export const fspNews = z
  .discriminatedUnion('event', [
    z.object({ event: z.literal('tender-published'), tender: tenderNamed.extend({ gateClosesAt: instant }) }),
    z.object({ event: z.literal('tender-withdrawn'), tender: tenderNamed }),
    z.object({
      event: z.literal('tender-awarded'),
      tender: tenderNamed,
      offers: z.array(unitNamed.extend({ outcome: offerOutcome, rejection: offerRejection.nullable() })),
    }),
    z.object({ event: z.literal('contract-made'), contracts: z.array(contractNamed) }),
    z.object({ event: z.literal('contract-ended'), contracts: z.array(contractNamed) }),
    z.object({
      event: z.literal('schedule-missing'),
      closesAt: instant,
      schedules: z.array(unitNamed.extend({ product, kinds: z.array(submissionKind), day: tradingDay })),
    }),
    z.object({ event: z.literal('statement-moved'), statement: statementNamed.extend({ state: statementState }) }),
    z.object({ event: z.literal('dispute-raised'), dispute: disputeNamed }),
    z.object({
      event: z.literal('dispute-decided'),
      dispute: disputeNamed.extend({ state: disputeOutcome.shape.state }),
    }),
  ])
  .meta({ id: 'FspNews' })
export type FspNews = z.infer<typeof fspNews>

/** As for every notice; `unaddressed` if its FSP had neither a target nor a contact address. */
export const fspNoticeState = z.enum([...noticeState.options, 'unaddressed'])
export type FspNoticeState = z.infer<typeof fspNoticeState>

/** A notice to an FSP. */
export const fspNotice = z
  .object({
    noticeId: uuid,
    fspId: uuid,
    fspName: z.string(),
    /** In words, as the subject of a mail. */
    title: z.string(),
    news: fspNews,
    state: fspNoticeState,
    /** The target that it goes to; `null` for the FSP's contact. */
    targetName: z.string().nullable(),
    owedAt: instant,
    attempts: z.number().int(),
    /** When it is sent next, while it is owed. */
    dueAt: instant,
    sentAt: instantOrNull,
    lastError: z.string().nullable(),
  })
  .meta({ id: 'FspNotice' })
export type FspNotice = z.infer<typeof fspNotice>

const targetParams = z.object({ id: uuid.meta({ description: 'As GET /notice-targets lists it.' }) })
const tags = ['Notices to FSPs']

/** Notices to FSPs, and where each FSP has its own sent. */
export const fspNoticeOperations = {
  listFspNotices: operation({
    method: 'get',
    path: '/notices',
    access: readers,
    tags,
    summary: 'Notices to FSPs, the latest first',
    description: 'A webhook gets the members of `news` and the `noticeId`, which is also its `idempotency-key`.',
    query: pageQuery(100).extend({ state: fspNoticeState.optional(), fspId: uuid.optional() }),
    answer: pageOf(fspNotice),
    problems: ['malformed'],
  }),
  sendFspNoticeAgain: operation({
    method: 'post',
    path: '/notices/{id}/sending',
    access: people('flexibility-engineer'),
    tags,
    summary: 'Send a notice again that was sent, given up or had no address',
    description: 'It keeps its identifier, so that a recipient who has it recognises it.',
    params: z.object({ id: uuid.meta({ description: 'As GET /notices lists it.' }) }),
    answer: nothing,
    problems: ['not-found', 'conflict'],
  }),
  listNoticeTargets: operation({
    method: 'get',
    path: '/notice-targets',
    access: fsps('market'),
    tags,
    summary: 'Where your notices are sent',
    description:
      'The whole list in one page. Without an active target, notices go by e-mail to the contact of your application.',
    answer: pageOf(noticeTarget),
  }),
  addNoticeTarget: operation({
    method: 'post',
    path: '/notice-targets',
    access: fsps('market'),
    tags,
    summary: 'Have your notices sent to an e-mail address or a webhook',
    description: `An FSP has ${mostNoticeTargets} targets at most. A webhook needs a key.`,
    body: noticeTargetForm,
    answer: noticeTarget,
    problems: ['conflict'],
    idempotent: true,
  }),
  changeNoticeTarget: operation({
    method: 'put',
    path: '/notice-targets/{id}',
    access: fsps('market'),
    tags,
    summary: 'Change one of your targets',
    description: 'Without a key, the present one stays.',
    params: targetParams,
    body: noticeTargetForm,
    answer: noticeTarget,
    problems: ['not-found'],
  }),
  removeNoticeTarget: operation({
    method: 'delete',
    path: '/notice-targets/{id}',
    access: fsps('market'),
    tags,
    summary: 'Remove one of your targets',
    description: 'What was still to be sent there is given up; the DNO can send it again, to your contact.',
    params: targetParams,
    answer: nothing,
    problems: ['not-found'],
  }),
}
