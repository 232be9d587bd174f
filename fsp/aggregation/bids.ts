import { envelopeOf } from './envelope.ts'
import { mostTurnDownW, urgentW, type Window } from './plan.ts'
import { groupStays, type Horizon, type Stay } from './stays.ts'

/** So much turn-down at such a price: nobody who asks for more is held back for it. */
export interface Bid {
  costGbpPerMwh: number
  turnDownW: number
}

/**
 * What a unit can offer in a window at each of several prices, the least first, made one by one as they are asked for: only vehicles whose
 * delay costs no more are held back, the others charge as they would have. Amounts never fall with the price, because whoever is in a
 * cheaper bid is in a dearer one too.
 * @param mostW what the unit may draw by period; its vehicles' own baseline is that of charging as soon as possible.
 */
export function biddingFor(
  stays: readonly Stay[],
  prices: readonly number[],
  mostW: Float64Array,
  horizon: Horizon,
): (window: Window) => Generator<Bid> {
  // A day is asked for window by window: who is willing at a price is the same in all of them.
  const steps = [...prices]
    .sort((a, b) => a - b)
    .map((costGbpPerMwh) => {
      const willing = stays.filter((stay) => !stay.isUrgent && stay.costGbpPerMwh <= costGbpPerMwh)
      const others = stays.filter((stay) => stay.isUrgent || stay.costGbpPerMwh > costGbpPerMwh)
      const othersW = urgentW(
        others.map((stay) => ({ ...stay, isUrgent: true })),
        horizon,
      )
      const groups = groupStays(willing, horizon)
      const baselineW = envelopeOf(groups, horizon).soonestW
      const roomW = mostW.map((w, t) => Math.max(0, w - (othersW[t] ?? 0)))
      return { costGbpPerMwh, groups, baselineW, roomW }
    })
  return function* (window) {
    let before = 0
    for (const { costGbpPerMwh, groups, baselineW, roomW } of steps) {
      before = Math.max(before, mostTurnDownW(groups, baselineW, window, roomW, horizon))
      yield { costGbpPerMwh, turnDownW: Math.floor(before) }
    }
  }
}

/** Every bid of a unit for one window, as in `biddingFor`. */
export function bidsFor(
  stays: readonly Stay[],
  prices: readonly number[],
  window: Window,
  mostW: Float64Array,
  horizon: Horizon,
): Bid[] {
  return [...biddingFor(stays, prices, mostW, horizon)(window)]
}
