import type { DayOfWeek, Instant, LocalDate } from '@js-joda/core'
import type { z } from 'zod'
import type { offerRejection, TenderWindow } from '../../../schemas/market/tenders.ts'
import { Money } from '../../../schemas/vocabulary/money.ts'
import { dayStart, localTimeOf, periodStarts, tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { cheapestCover } from './selection.ts'

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
  fspId: string
  fuName: string
  turnDownW: number
  availability: string
  utilisation: string
  insideZone: boolean
  /** Whether another contract of its FU already covers part of the same time: it cannot be paid twice for one turn-down. */
  isContracted: boolean
}

export type OfferRejection = z.infer<typeof offerRejection>

export interface OfferOutcome {
  outcome: 'selected' | 'rejected'
  rejection: OfferRejection | null
  /** Indices of the tender's windows that it is selected for. */
  selectedWindows: number[]
}

export interface Evaluation {
  outcomes: Map<string, OfferOutcome>
  /** What the offers leave unmet in each window, W. */
  shortfallW: number[]
  isLeastCost: boolean
  /** Whether all offers that could be selected come from one FSP: a price without competition. */
  isSingleProvider: boolean
}

/** £ per hour of an offer at full utilisation: W ÷ 10⁶ × (availability + utilisation). Exact. */
export function costPerHour(offer: Pick<RankedOffer, 'turnDownW' | 'availability' | 'utilisation'>): Money {
  return priceOf(offer).times(offer.turnDownW).div(1_000_000)
}

/** £ per MW and hour at full utilisation. */
function priceOf(offer: Pick<RankedOffer, 'availability' | 'utilisation'>): Money {
  return new Money(offer.availability).plus(offer.utilisation)
}

interface Ceilings {
  availability: string
  utilisation: string
}

/** Why an offer cannot be selected at all; `null` when it can. */
function rejectionOf(offer: RankedOffer, ceilings: Ceilings): OfferRejection | null {
  if (!offer.insideZone) return 'outside-zone'
  if (offer.isContracted) return 'already-contracted'
  const isTooDear =
    new Money(offer.availability).gt(ceilings.availability) || new Money(offer.utilisation).gt(ceilings.utilisation)
  return isTooDear ? 'price-not-attractive' : null
}

/**
 * Least-cost evaluation: for each window the cheapest set of whole offers, inside the zone and under the ceilings, that meets what the
 * window requires. Ties go to the larger offer, then by FU name, so that the same offers always give the same result.
 */
export function evaluateOffers(
  offers: readonly RankedOffer[],
  windows: readonly Pick<TenderWindow, 'requiredW'>[],
  ceilings: Ceilings,
): Evaluation {
  const outcomes = new Map<string, OfferOutcome>()
  const eligible = offers.filter((offer) => {
    const rejection = rejectionOf(offer, ceilings)
    outcomes.set(offer.offerId, { outcome: 'rejected', rejection: rejection ?? 'not-needed', selectedWindows: [] })
    return rejection === null
  })
  const candidates = rank(eligible).map((offer) => ({
    id: offer.offerId,
    power: milliwatts(offer.turnDownW),
    price: BigInt(priceOf(offer).times(10_000).toFixed(0)),
  }))
  const selections = windows.map((window) => cheapestCover(candidates, milliwatts(window.requiredW)))
  for (const [index, { ids }] of selections.entries()) {
    for (const id of ids) {
      const before = outcomes.get(id)?.selectedWindows ?? []
      outcomes.set(id, { outcome: 'selected', rejection: null, selectedWindows: [...before, index] })
    }
  }
  return {
    outcomes,
    shortfallW: selections.map((s) => Number(s.shortfall) / 1_000),
    isLeastCost: selections.every((s) => s.isLeastCost),
    isSingleProvider: new Set(eligible.map((o) => o.fspId)).size === 1,
  }
}

function milliwatts(powerW: number): bigint {
  return BigInt(Math.round(powerW * 1_000))
}

function rank(offers: readonly RankedOffer[]): RankedOffer[] {
  return [...offers].sort(
    (a, b) =>
      priceOf(a).cmp(priceOf(b)) ||
      b.turnDownW - a.turnDownW ||
      (a.fuName < b.fuName ? -1 : a.fuName > b.fuName ? 1 : 0) ||
      (a.offerId < b.offerId ? -1 : 1),
  )
}

/** A span of local time on some days of the week. */
export type WeeklyWindow = Pick<TenderWindow, 'weekdays' | 'from' | 'to'>

/** Whether two weekly windows share a moment. */
export function doWindowsMeet(a: WeeklyWindow, b: WeeklyWindow): boolean {
  return a.weekdays.some((day) => b.weekdays.includes(day)) && a.from < b.to && b.from < a.to
}

/**
 * Whether an instant lies in one of the windows, by local weekday and wall-clock time. On clock-change days the rule stays the same:
 * a window over the missing hour is shorter, one over the repeated hour longer, by that hour (FM02).
 */
export function isInWindow(windows: readonly WeeklyWindow[], at: Instant): boolean {
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
  windows: readonly WeeklyWindow[]
  /** Days inside it that were given back. */
  releasedDays?: readonly string[]
}

/** Whether two contracts cover a moment in common, as far as whole weeks tell. */
export function doTermsMeet(a: ContractTerm, b: ContractTerm): boolean {
  if (a.validTo.isBefore(b.validFrom) || b.validTo.isBefore(a.validFrom)) return false
  return a.windows.some((own) => b.windows.some((other) => doWindowsMeet(own, other)))
}

/** Whether a contract holds on a day: inside its term, and not given back. */
function doesHoldOn(term: ContractTerm, day: LocalDate): boolean {
  if (day.isBefore(term.validFrom) || day.isAfter(term.validTo)) return false
  return !term.releasedDays?.includes(day.toString())
}

/** Why a day of a contract cannot be given back at an instant; `null` when it can. An FSP has to know before the day begins. */
export function releaseFault(term: ContractTerm, day: LocalDate, now: Instant): 'not-contracted' | 'begun' | null {
  const whole = { ...term, releasedDays: [] }
  if (contractedPeriods(whole, day).length === 0) return 'not-contracted'
  return dayStart(day).isAfter(now) ? null : 'begun'
}

/** Whether a contract covers an instant. */
export function isContracted(term: ContractTerm, at: Instant): boolean {
  const day = tradingDayOf(at)
  return doesHoldOn(term, day) && isInWindow(term.windows, at)
}

/** Starts of the contracted quarter-hours of a trading day. */
export function contractedPeriods(term: ContractTerm, day: LocalDate): Instant[] {
  if (!doesHoldOn(term, day)) return []
  return periodStarts(day, 'PT15M').filter((start) => isInWindow(term.windows, start))
}
