import { envelopeOf } from './envelope.ts'
import { mostTurnDownW, urgentW, type Window } from './plan.ts'
import { groupStays, type Horizon, type Stay } from './stays.ts'

/** So much turn-down at such a price: nobody who asks for more is held back for it. */
export interface Bid {
  costGbpPerMwh: number
  turnDownW: number
}

/**
 * What a unit can offer in a window at each of several prices: only vehicles whose delay costs no more are held back, the others charge as
 * they would have. Amounts never fall with the price, because whoever is in a cheaper bid is in a dearer one too.
 * @param mostW what the unit may draw by period; its vehicles' own baseline is that of charging as soon as possible.
 */
export function bidsFor(
  stays: readonly Stay[],
  prices: readonly number[],
  window: Window,
  mostW: Float64Array,
  horizon: Horizon,
): Bid[] {
  const bids: Bid[] = []
  let before = 0
  for (const costGbpPerMwh of [...prices].sort((a, b) => a - b)) {
    const willing = stays.filter((stay) => !stay.isUrgent && stay.costGbpPerMwh <= costGbpPerMwh)
    const others = stays.filter((stay) => stay.isUrgent || stay.costGbpPerMwh > costGbpPerMwh)
    const othersW = urgentW(
      others.map((stay) => ({ ...stay, isUrgent: true })),
      horizon,
    )
    const groups = groupStays(willing, horizon)
    const baselineW = envelopeOf(groups, horizon).soonestW
    const roomW = mostW.map((w, t) => Math.max(0, w - (othersW[t] ?? 0)))
    before = Math.max(before, mostTurnDownW(groups, baselineW, window, roomW, horizon))
    bids.push({ costGbpPerMwh, turnDownW: Math.floor(before) })
  }
  return bids
}
