import { Instant } from '@js-joda/core'
import type { FspNews } from '../../../schemas/market/notices.ts'
import { localTimeOf } from '../../../schemas/vocabulary/time.ts'

/** A notice in words: the subject of a mail, and what follows it. */
export interface NoticeInWords {
  subject: string
  lines: readonly string[]
}

/** What a notice says to people. Times are local. */
export function inWords(news: FspNews): NoticeInWords {
  return words[news.event](news as never)
}

type Words = { [E in FspNews['event']]: (news: Extract<FspNews, { event: E }>) => NoticeInWords }

const words: Words = {
  'tender-published': ({ tender }) => ({
    subject: `Tender published: ${tender.title}`,
    lines: [`Product ${tender.product}. Responses are accepted until ${timeOf(tender.gateClosesAt)} (Europe/London).`],
  }),
  'tender-withdrawn': ({ tender }) => ({
    subject: `Tender withdrawn: ${tender.title}`,
    lines: [`Product ${tender.product}. Nothing is awarded.`],
  }),
  'tender-awarded': ({ tender, offers }) => ({
    subject: `Result of the tender: ${tender.title}`,
    lines:
      offers.length === 0
        ? ['The tender is awarded. You offered nothing in it.']
        : offers.map(
            ({ fuName, outcome, rejection }) =>
              `${fuName}: ${outcome}${rejection === null ? '' : `, ${plain(rejection)}`}`,
          ),
  }),
  'contract-made': ({ contracts }) => ({
    subject: `${countOf(contracts.length, 'contract')} made`,
    lines: contracts.map(contractLine),
  }),
  'contract-ended': ({ contracts }) => ({
    subject: `${countOf(contracts.length, 'contract')} ended`,
    lines: contracts.map(contractLine),
  }),
  'schedule-missing': ({ closesAt, schedules }) => ({
    subject: `Schedules missing before the gate at ${timeOf(closesAt)}`,
    lines: [
      ...schedules.map(
        ({ fuName, product, kinds, day }) => `${fuName}: ${kinds.join(', ')} for ${day}, product ${product}`,
      ),
      'Where nothing is submitted, the contract holds.',
    ],
  }),
  'statement-moved': ({ statement }) => ({
    subject: `Statement ${statement.number} ${movedTo[statement.state]}`,
    lines: [`Product ${statement.product}, ${statement.month}.`],
  }),
  'dispute-raised': ({ dispute }) => ({
    subject: `Dispute raised about statement ${dispute.number}`,
    lines: [disputeLine(dispute)],
  }),
  'dispute-decided': ({ dispute }) => ({
    subject: `Dispute about statement ${dispute.number} ${dispute.state}`,
    lines: [disputeLine(dispute)],
  }),
}

const movedTo = { draft: 'returned', checked: 'checked', approved: 'approved', issued: 'issued' } as const

type ContractNamed = Extract<FspNews, { event: 'contract-made' }>['contracts'][number]

function contractLine({ fuName, product, turnDownW, validFrom, validTo }: ContractNamed): string {
  return `${fuName}: product ${product}, ${turnDownW / 1000} kW, ${validFrom} to ${validTo}`
}

function disputeLine({ month, product, lineNumber }: { month: string; product: string; lineNumber: number | null }) {
  return `Product ${product}, ${month}, ${lineNumber === null ? 'the whole statement' : `line ${lineNumber}`}.`
}

const countOf = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`

/** An outcome as people write it: `price not attractive`. */
const plain = (name: string) => name.replaceAll('-', ' ')

function timeOf(at: string): string {
  return localTimeOf(Instant.parse(at)).toString().replace('T', ' ').slice(0, 16)
}
