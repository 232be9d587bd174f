/** A quarter-hour to which energy can be put off: what is still free in it, Wh, and what it costs. */
export interface LaterSlot {
  freeWh: number
  pencePerKwh: number
}

/** What it costs to charge later, in pounds per MWh that is put off, and what nobody could charge in time, Wh. */
export interface LaterCost {
  gbpPerMwh: number
  shortWh: number
}

/** 1 p/kWh is 10 £/MWh. */
const gbpPerMwhOfPence = 10

/**
 * The cost of charging later: energy that is not drawn now is bought in the cheapest quarter-hours before the vehicles leave, as far as the
 * site has room there; what has no room is short, at what a vehicle costs that is not full. Never below 0: a turn-down that saves money
 * would have been done without it.
 * @param nowPencePerKwh what it would have cost; `shortGbpPerMwh` the cost of energy that is missing at departure.
 */
export function laterCost(
  energyWh: number,
  nowPencePerKwh: number,
  later: readonly LaterSlot[],
  shortGbpPerMwh: number,
): LaterCost {
  if (energyWh <= 0) return { gbpPerMwh: 0, shortWh: 0 }
  let [leftWh, penceWh] = [energyWh, 0]
  for (const { freeWh, pencePerKwh } of later.toSorted((a, b) => a.pencePerKwh - b.pencePerKwh)) {
    const takenWh = Math.min(leftWh, Math.max(0, freeWh))
    leftWh -= takenWh
    penceWh += takenWh * (pencePerKwh - nowPencePerKwh)
  }
  const gbp = (penceWh * gbpPerMwhOfPence + leftWh * shortGbpPerMwh) / energyWh
  return { gbpPerMwh: Math.max(0, gbp), shortWh: leftWh }
}
