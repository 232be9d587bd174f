import type { NewDemandTender } from '../../../../../schemas/market/tenders.ts'
import { addDays, instantOfLocal } from '../../../../shared/format/time.ts'

type Season = NewDemandTender['season']

/** What an engineer adds to a requirement to make it a tender, as the form holds it. */
export interface TenderDraft {
  title: string
  product: string
  validFrom: string
  validTo: string
  /** Local time, as its field gives it. */
  gateClosesAt: string
  /** Whether a tender that rests on made-up data is meant all the same. */
  isDemonstration: boolean
}

/** First and last day of a season of ratings that is still to come in a year, at least a week from today. */
export function seasonDays(season: Season, year: number, today: string): { validFrom: string; validTo: string } {
  const soonest = addDays(today, 7)
  const later = (day: string) => laterOf(day, soonest)
  if (season === 'summer') return { validFrom: later(`${year}-04-01`), validTo: `${year}-10-31` }
  // A winter has an end in one year and a beginning in the next: the earlier one, while there is one.
  if (soonest <= `${year}-03-31`) return { validFrom: later(`${year}-01-01`), validTo: `${year}-03-31` }
  return { validFrom: later(`${year}-11-01`), validTo: `${year + 1}-03-31` }
}

/** The later of two days. */
function laterOf(...days: [string, string]): string {
  return days.toSorted()[1] ?? days[1]
}

/** A draft with days in the season, and responses until a month before them. */
export function firstTender(nodeName: string, season: Season, year: number, today: string): TenderDraft {
  const days = seasonDays(season, year, today)
  const gate = laterOf(addDays(days.validFrom, -30), addDays(today, 5))
  return {
    title: `${nodeName}, ${season} ${year}`,
    product: 'A',
    ...days,
    gateClosesAt: `${gate}T17:00`,
    isDemonstration: false,
  }
}

/** What is wrong with a draft by field, in words; nothing where it can be sent. */
export function tenderFaults(draft: TenderDraft, isSynthetic: boolean): Partial<Record<keyof TenderDraft, string>> {
  const { title, validFrom, validTo, gateClosesAt, isDemonstration } = draft
  const faults: Partial<Record<keyof TenderDraft, string>> = {}
  if (title.trim().length < 3) faults.title = 'Enter a title of at least three characters.'
  else if (title.length > 200) faults.title = 'Enter at most 200 characters.'
  if (validFrom === '') faults.validFrom = 'Enter the first day of service.'
  if (validTo === '') faults.validTo = 'Enter the last day of service.'
  else if (validFrom !== '' && validTo < validFrom) faults.validTo = 'The last day must not be before the first.'
  if (gateClosesAt === '') faults.gateClosesAt = 'Enter when responses have to be there.'
  if (isSynthetic && !isDemonstration)
    faults.isDemonstration = 'The run rests on made-up data: say that this tender is for a trial or a demonstration.'
  return faults
}

/** The instant of a gate. */
export function gateOf({ gateClosesAt }: Pick<TenderDraft, 'gateClosesAt'>): string {
  return instantOfLocal(gateClosesAt)
}
