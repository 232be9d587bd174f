import { describe, expect, it } from 'vitest'
import { responses, tenders } from '../../../testing/market-fixtures.ts'
import { awardInWords, evaluationInWords, selectedW } from './evaluation.ts'
import { perHour, weekdaysInWords, windowInWords } from './words.ts'

const [evaluated, open] = tenders()
if (!evaluated || !open) throw new Error('the fixtures have no tenders')
const offers = responses(evaluated.tenderId)
const nbsp = (text: string | undefined) => text?.replaceAll('\u00a0', ' ')

describe('days of the week', () => {
  it('are a run where they follow each other, and a list where not', () => {
    expect(weekdaysInWords(['friday', 'monday', 'tuesday', 'wednesday', 'thursday'])).toBe('Mon–Fri')
    expect(weekdaysInWords(['saturday', 'sunday'])).toBe('Sat, Sun')
    expect(weekdaysInWords(['monday', 'wednesday', 'friday'])).toBe('Mon, Wed, Fri')
    expect(weekdaysInWords(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'])).toBe(
      'every day',
    )
    expect(windowInWords({ weekdays: ['monday'], from: '16:00', to: '20:00' })).toBe('Mon 16:00 to 20:00')
  })
})

describe('an evaluation', () => {
  it('counts an offer only in the windows that it is selected for', () => {
    expect(selectedW(evaluated, offers)).toEqual([165_000, 260_000])
  })
  it('names the shortfall by window, and lack of competition', () => {
    expect(nbsp(evaluationInWords(evaluated, offers)?.text)).toBe(
      '140.0 kW short on Sat, Sun 17:00 to 19:00; 4 offers selected. Evaluated by engineer-2.',
    )
    const single = {
      ...evaluated,
      evaluation: { evaluatedBy: 'x', shortfallW: [0, 0], isSingleProvider: true, isLeastCost: false },
    }
    expect(evaluationInWords(single, offers)).toEqual({
      tone: 'risk',
      text: 'Every window is met; 4 offers selected; a single provider, so a price without competition; not proved to be the cheapest choice. Evaluated by x.',
    })
    expect(evaluationInWords(open, offers)).toBeNull()
  })
  it('states what an award would cost, to the penny', () => {
    expect(nbsp(awardInWords(evaluated, offers))).toBe(
      'Makes 4 contracts with 1 FSP for up to 260.0 kW, costing at most £85.71 an hour, 2 Feb to 27 Mar 2026.',
    )
    expect(perHour('10.4825')).toBe('10.48')
  })
})
