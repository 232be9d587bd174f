import { describe, expect, test } from 'vitest'
import { unitConstraints } from '../../../../schemas/market/parties.ts'
import type { Tender, TenderResponse } from '../../../../schemas/market/tenders.ts'
import { Money } from '../../../../schemas/vocabulary/money.ts'
import { awardInWords, evaluationInWords, selectedW } from './tenders/evaluation.ts'
import { limitsInWords, perHour, weekdaysInWords, windowInWords } from './words.ts'

const evaluated = {
  validFrom: '2026-02-02',
  validTo: '2026-03-27',
  windows: [
    {
      weekdays: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
      from: '16:00',
      to: '20:00',
      requiredW: 160_000,
    },
    { weekdays: ['saturday', 'sunday'], from: '17:00', to: '19:00', requiredW: 400_000 },
  ],
  evaluation: {
    evaluatedBy: 'engineer-2',
    shortfallW: [0, 140_000],
    isSingleProvider: false,
    isLeastCost: true,
    derated: [],
    stacked: [],
  },
} as unknown as Tender
const open = { ...evaluated, evaluation: null }

/** Four offers that were selected, the last for the weekend only, and one that was not. */
const offers = [
  {
    fspId: 'depot-flex',
    fspName: 'Depot Flex Ltd',
    offers: [0, 1, 2, 3, 4].map((i) => {
      const turnDownW = 35_000 + i * 20_000
      const price = new Money(`${9 + i}.50`).plus(290 + i * 15)
      return {
        outcome: i < 4 ? 'selected' : 'rejected',
        turnDownW,
        selectedWindows: i < 3 ? [0, 1] : i < 4 ? [1] : [],
        costGbpPerHour: price.times(turnDownW).div(1_000_000).toString(),
        expectedCostGbpPerHour: price.times(turnDownW).div(1_000_000).toString(),
      }
    }),
  },
] as unknown as TenderResponse[]
const nbsp = (text: string | undefined) => text?.replaceAll('\u00a0', ' ')

describe('days of the week', () => {
  test('are a run where they follow each other, and a list where not', () => {
    expect(weekdaysInWords(['friday', 'monday', 'tuesday', 'wednesday', 'thursday'])).toBe('Mon–Fri')
    expect(weekdaysInWords(['saturday', 'sunday'])).toBe('Sat, Sun')
    expect(weekdaysInWords(['monday', 'wednesday', 'friday'])).toBe('Mon, Wed, Fri')
    expect(weekdaysInWords(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'])).toBe(
      'every day',
    )
    expect(windowInWords({ weekdays: ['monday'], from: '16:00', to: '20:00' })).toBe('Mon 16:00 to 20:00')
  })
})

describe('limits of an FU', () => {
  test('are said as far as they bind', () => {
    expect(limitsInWords(null)).toEqual([])
    expect(limitsInWords(unitConstraints.parse({}))).toEqual([])
    const rebound = { share: 0.8, delayMinutes: 60, overMinutes: 120 }
    const most = { minimumTurnDownW: 20_000, minimumRunMinutes: 60, maximumRunMinutes: 120, noticeMinutes: 30 }
    const limits = unitConstraints.parse({ ...most, activationsPerDay: 2, activationsPerContract: 40, rebound })
    expect(limitsInWords(limits).map(([label, words]) => [label, nbsp(words)])).toEqual([
      ['Minimum turn-down', '20.0 kW'],
      ['Minimum run', '1 h'],
      ['Maximum run', '2 h'],
      ['Notice', '30 min'],
      ['Runs per day', '2'],
      ['Runs per contract', '40'],
      ['Energy that returns', '80 % after 1 h, over 2 h'],
    ])
  })
})

describe('an evaluation', () => {
  test('counts an offer only in the windows that it is selected for', () => {
    expect(selectedW(evaluated, offers)).toEqual([165_000, 260_000])
  })
  test('names the shortfall by window, and lack of competition', () => {
    expect(nbsp(evaluationInWords(evaluated, offers)?.text)).toBe(
      '140.0 kW short on Sat, Sun 17:00 to 19:00; 4 offers selected. Evaluated by engineer-2.',
    )
    const single = {
      ...evaluated,
      evaluation: {
        evaluatedBy: 'x',
        shortfallW: [0, 0],
        isSingleProvider: true,
        isLeastCost: false,
        derated: [],
        stacked: [],
      },
    }
    expect(evaluationInWords(single, offers)).toEqual({
      tone: 'risk',
      text: 'Every window is met; 4 offers selected; a single provider, so no price competition; not proved to be the cheapest choice. Evaluated by x.',
    })
    expect(evaluationInWords(open, offers)).toBeNull()
  })
  test('states what an award would cost, to the penny', () => {
    expect(nbsp(awardInWords(evaluated, offers))).toBe(
      'Makes 4 contracts with 1 FSP for up to 260.0 kW, costing at most £85.71 an hour, 2 Feb to 27 Mar 2026.',
    )
    expect(perHour('10.4825')).toBe('10.48')
  })
})
