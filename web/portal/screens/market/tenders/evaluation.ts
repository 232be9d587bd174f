import type { Tender, TenderResponse } from '../../../../../schemas/market/tenders.ts'
import { Money } from '../../../../../schemas/vocabulary/money.ts'
import { count, gbp, power } from '../../../../shared/format/power.ts'
import { dayAndTime, daySpanInWords } from '../../../../shared/format/time.ts'
import type { Tone } from '../../../../shared/format/words.ts'
import { perHour, windowInWords } from '../words.ts'

/** Offers of all responses with whose they are. */
export function offersOf(responses: readonly TenderResponse[]) {
  return responses.flatMap(({ fspId, fspName, offers }) => offers.map((offer) => ({ ...offer, fspId, fspName })))
}

/** Turn-down selected in each window of a tender, W. */
export function selectedW(tender: Tender, responses: readonly TenderResponse[]): number[] {
  const selected = offersOf(responses).filter((offer) => offer.outcome === 'selected')
  return tender.windows.map((_, i) =>
    selected.reduce((sum, offer) => sum + (offer.selectedWindows.includes(i) ? offer.turnDownW : 0), 0),
  )
}

/** What an award would make: contracts, FSPs, and what they cost at most. */
export function awardInWords(tender: Tender, responses: readonly TenderResponse[]): string {
  const selected = offersOf(responses).filter((offer) => offer.outcome === 'selected')
  const fsps = new Set(selected.map((offer) => offer.fspId)).size
  const highest = Math.max(0, ...selectedW(tender, responses))
  const cost = selected.reduce((sum, offer) => sum.plus(offer.costGbpPerHour), new Money(0))
  return `Makes ${count(selected.length, 'contract')} with ${count(fsps, 'FSP')} for up to ${power(highest)}, costing at most ${gbp(perHour(cost.toString()))} an hour, ${daySpanInWords(tender.validFrom, tender.validTo)}.`
}

/** What an evaluation found, in a line; `null` before one. */
export function evaluationInWords(
  tender: Tender,
  responses: readonly TenderResponse[],
): { tone: Tone; text: string } | null {
  const { evaluation } = tender
  if (!evaluation) return null
  const short = evaluation.shortfallW.flatMap((w, i) => {
    const window = tender.windows[i]
    return w > 0 && window ? [`${power(w)} short on ${windowInWords(window)}`] : []
  })
  const selected = offersOf(responses).filter((offer) => offer.outcome === 'selected').length
  const parts = [
    short.length === 0 ? 'Every window is met' : short.join('; '),
    `${count(selected, 'offer')} selected`,
    ...(evaluation.isSingleProvider ? ['a single provider, so no price competition'] : []),
    ...evaluation.stacked.map(
      ({ fuName, buyer, service, from }) => `${fuName} serves ${buyer} (${service}) from ${dayAndTime(from)}`,
    ),
    ...(evaluation.derated.length === 0
      ? []
      : [`${count(evaluation.derated.length, 'offer')} derated by what the FU has delivered before`]),
    ...(evaluation.isLeastCost ? [] : ['not proved to be the cheapest choice']),
  ]
  return {
    tone: short.length > 0 || evaluation.isSingleProvider ? 'risk' : 'normal',
    text: `${parts.join('; ')}. Evaluated by ${evaluation.evaluatedBy}.`,
  }
}
