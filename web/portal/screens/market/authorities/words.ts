import type { Authority } from '../../../../../schemas/market/authorities.ts'
import { dayInWords } from '../../../../shared/format/time.ts'
import type { Wording } from '../../../../shared/format/words.ts'

export const authorityStateWords: Record<Authority['state'], Wording> = {
  applied: { word: 'Applied, to decide', tone: 'normal', shape: 'diamond' },
  approved: { word: 'Approved', tone: 'normal', shape: 'tick' },
  refused: { word: 'Refused', tone: 'quiet', shape: 'cross' },
  ended: { word: 'Ended', tone: 'quiet', shape: 'bar' },
}

export const giverWords: Record<Authority['givenBy'], string> = {
  'customer-letter': 'a letter of the customer',
  'own-connection': 'the FSP, which is the customer itself',
  'dno-approval': 'the DNO',
  'before-authorities': 'a registration from before authorities were kept',
}

/** The days of an authority in words. */
export function daysInWords({ from, until }: Pick<Authority, 'from' | 'until'>): string {
  return until === null ? `from ${dayInWords(from)}` : `from ${dayInWords(from)}, ended by ${dayInWords(until)}`
}
