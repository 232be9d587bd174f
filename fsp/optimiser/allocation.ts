import type { ChargePointModel } from '../../schemas/fsp/depots.ts'
import { leastA } from '../chargepoints/rules.ts'

/** A socket with a vehicle, as the allocation sees it. */
export interface Claim {
  /** Breaks ties, so that equal inputs give equal results. */
  key: string
  model: Pick<ChargePointModel, 'maxCurrentA' | 'canPause'>
  /** What the vehicle can use, A; never below 6. */
  usefulA: number
  /** Spare time: until departure, less the time to charge at full current, ms. The least is served first. */
  laxityMs: number
}

/**
 * Shares a current among vehicles in whole amperes: every socket gets 0, or at least 6 A and at most what it can use. Units that cannot pause
 * get 6 A first, whatever the capacity; then the most urgent, first 6 A each, then as much as they can use. Nothing that a vehicle could use
 * is left over, except less than 6 A. The total exceeds `capacityA` only if units that cannot pause need it.
 */
export function allocate(claims: readonly Claim[], capacityA: number): Map<string, number> {
  const order = [...claims].sort((a, b) => a.laxityMs - b.laxityMs || (a.key < b.key ? -1 : 1))
  const limits = new Map(order.map(({ key }) => [key, 0]))
  let left = Math.floor(capacityA)
  const give = (key: string, ampere: number) => {
    limits.set(key, (limits.get(key) ?? 0) + ampere)
    left -= ampere
  }
  for (const { key, model } of order) if (!model.canPause) give(key, leastA)
  for (const { key, model } of order) if (model.canPause && left >= leastA) give(key, leastA)
  for (const { key, model, usefulA } of order) {
    const had = limits.get(key) ?? 0
    if (had === 0) continue
    const more = Math.min(Math.floor(Math.min(usefulA, model.maxCurrentA)) - had, left)
    if (more > 0) give(key, more)
  }
  return limits
}
