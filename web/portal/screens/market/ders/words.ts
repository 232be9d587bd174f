import type { Der } from '../../../../../schemas/market/parties.ts'
import { addDays, dayInWords, daySpanInWords } from '../../../../shared/format/time.ts'
import type { Wording } from '../../../../shared/format/words.ts'

/** What a DER is, in words. */
export const derKinds: Record<Der['kind'], string> = {
  'ev-charging': 'EV charging',
  battery: 'battery',
  generation: 'generation',
  load: 'load',
}

/** How the consent of a DER's owner stands on a day; without one that is recorded nothing is to be said. */
export function consentState({ consent }: Pick<Der, 'consent'>, today: string): Wording & { urgency: number } {
  if (consent === null) return { word: 'Not recorded', tone: 'quiet', shape: 'ring', urgency: 3 }
  if (today < consent.from) return { word: 'Not begun', tone: 'risk', shape: 'diamond', urgency: 1 }
  if (consent.until === null) return { word: 'In force', tone: 'normal', shape: 'tick', urgency: 2 }
  return today < consent.until
    ? { word: 'Ends', tone: 'risk', shape: 'diamond', urgency: 1 }
    : { word: 'Ended', tone: 'risk', shape: 'cross', urgency: 0 }
}

/** The days of a consent: `3 Jan to 31 Jan 2026`, or from a day on. */
export function consentInWords({ from, until }: NonNullable<Der['consent']>): string {
  if (until === null) return `from ${dayInWords(from)} on`
  const last = addDays(until, -1)
  return from === last ? dayInWords(from) : daySpanInWords(from, last)
}
