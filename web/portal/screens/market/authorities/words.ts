import type { Authority } from '../../../../../schemas/market/authorities.ts'
import { dayInWords } from '../../../../shared/format/time.ts'
import type { Wording } from '../../../../shared/format/words.ts'

export const authorityStateWords: Record<Authority['state'], Wording> = {
  applied: { word: 'Applied, awaiting decision', tone: 'normal', shape: 'diamond' },
  approved: { word: 'Approved', tone: 'normal', shape: 'tick' },
  refused: { word: 'Refused', tone: 'quiet', shape: 'cross' },
  ended: { word: 'Ended', tone: 'quiet', shape: 'bar' },
}

export const giverWords: Record<Authority['givenBy'], string> = {
  'customer-letter': 'a letter from the customer',
  'own-connection': 'the FSP itself, as the customer',
  'dno-approval': 'the DNO',
  'before-authorities': 'a registration that predates authorities',
}

/** The days of an authority in words. */
export function daysInWords({ from, until }: Pick<Authority, 'from' | 'until'>): string {
  return until === null ? `from ${dayInWords(from)}` : `from ${dayInWords(from)}, ended by ${dayInWords(until)}`
}
