import type { DayOfWeek, Instant, LocalDate } from '@js-joda/core'
import type { TenderWindow } from '../../../schemas/market.ts'
import { Money } from '../../../schemas/money.ts'
import { localTimeOf, periodStarts, tradingDayOf } from '../../../schemas/time.ts'

export type TenderState = 'draft' | 'open' | 'evaluated' | 'awarded' | 'withdrawn'
export type TenderEvent = 'publish' | 'respond' | 'evaluate' | 'award' | 'withdraw'

/**
 * Life of a tender: the state after each event, `null` where the event is refused. An evaluation may be made again until the award.
 *
 *     draft ─publish→ open ─evaluate→ evaluated ─award→ awarded
 *       └──────────────┴───withdraw──────┴→ withdrawn
 */
export const tenderStates: Record<TenderState, Record<TenderEvent, TenderState | null>> = {
  draft: { publish: 'open', respond: null, evaluate: null, award: null, withdraw: 'withdrawn' },
  open: { publish: null, respond: 'open', evaluate: 'evaluated', award: null, withdraw: 'withdrawn' },
  evaluated: { publish: null, respond: null, evaluate: 'evaluated', award: 'awarded', withdraw: 'withdrawn' },
  awarded: { publish: null, respond: null, evaluate: null, award: null, withdraw: null },
  withdrawn: { publish: null, respond: null, evaluate: null, award: null, withdraw: null },
}

/** An offer as the evaluation sees it. Prices are decimal strings in £/MW/h and £/MWh. */
export interface RankedOffer {
  offerId: string
  fuName: string
  turnDownW: number
  availability: string
  utilisation: string
  insideZone: boolean
}

export type OfferOutcome =
  | { outcome: 'selected'; rejection: null }
  | { outcome: 'rejected'; rejection: 'outside-zone' | 'price-not-attractive' | 'not-needed' }

/** £ per hour of an offer at full utilisation: W ÷ 10⁶ × (availability + utilisation). Exact. */
export function costPerHour(offer: Pick<RankedOffer, 'turnDownW' | 'availability' | 'utilisation'>): Money {
  return new Money(offer.availability).plus(offer.utilisation).times(offer.turnDownW).div(1_000_000)
}

/** Whether an offer is priced above what the tender allows. */
function isTooDear(offer: RankedOffer, ceilings: { availability: string; utilisation: string }): boolean {
  return (
    new Money(offer.availability).gt(ceilings.availability) || new Money(offer.utilisation).gt(ceilings.utilisation)
  )
}

/**
 * Least-cost evaluation: offers inside the zone and under the ceilings, cheapest per MW first, whole, until the largest window's
 * requirement is met. Ties go to the larger offer, then by FU name, so that the same offers always give the same result.
 */
export function evaluateOffers(
  offers: readonly RankedOffer[],
  requiredW: number,
  ceilings: { availability: string; utilisation: string },
): Map<string, OfferOutcome> {
  const outcomes = new Map<string, OfferOutcome>()
  const price = (o: RankedOffer) => new Money(o.availability).plus(o.utilisation)
  const ranked = [...offers].sort(
    (a, b) =>
      price(a).cmp(price(b)) ||
      b.turnDownW - a.turnDownW ||
      (a.fuName < b.fuName ? -1 : a.fuName > b.fuName ? 1 : 0) ||
      (a.offerId < b.offerId ? -1 : 1),
  )
  let selectedW = 0
  for (const offer of ranked) {
    if (!offer.insideZone) outcomes.set(offer.offerId, { outcome: 'rejected', rejection: 'outside-zone' })
    else if (isTooDear(offer, ceilings))
      outcomes.set(offer.offerId, { outcome: 'rejected', rejection: 'price-not-attractive' })
    else if (selectedW >= requiredW) outcomes.set(offer.offerId, { outcome: 'rejected', rejection: 'not-needed' })
    else {
      selectedW += offer.turnDownW
      outcomes.set(offer.offerId, { outcome: 'selected', rejection: null })
    }
  }
  return outcomes
}

/**
 * Whether an instant lies in one of the windows, by local weekday and wall-clock time. On clock-change days the rule stays the same:
 * a window over the missing hour is shorter, one over the repeated hour longer, by that hour (FM02).
 */
export function isInWindow(windows: readonly TenderWindow[], at: Instant): boolean {
  const local = localTimeOf(at)
  const time = local.toLocalTime().toString().slice(0, 5)
  const day = weekdayName(local.dayOfWeek())
  return windows.some((w) => w.weekdays.includes(day) && w.from <= time && time < w.to)
}

function weekdayName(day: DayOfWeek): TenderWindow['weekdays'][number] {
  return day.name().toLowerCase() as TenderWindow['weekdays'][number]
}

/** Span in which a contract holds and the windows inside it. */
export interface ContractTerm {
  validFrom: LocalDate
  validTo: LocalDate
  windows: readonly TenderWindow[]
}

/** Whether a contract covers an instant. */
export function isContracted(term: ContractTerm, at: Instant): boolean {
  const day = tradingDayOf(at)
  return !day.isBefore(term.validFrom) && !day.isAfter(term.validTo) && isInWindow(term.windows, at)
}

/** Starts of the contracted quarter-hours of a trading day. */
export function contractedPeriods(term: ContractTerm, day: LocalDate): Instant[] {
  if (day.isBefore(term.validFrom) || day.isAfter(term.validTo)) return []
  return periodStarts(day, 'PT15M').filter((start) => isInWindow(term.windows, start))
}
