import type { ChargePointModel } from '../../schemas/fsp/depots.ts'
import { leastA } from '../chargepoints/rules.ts'

/** A socket with a vehicle, as the allocation sees it. */
export interface Claim {
  /** Breaks ties, so that equal inputs give equal results. */
  key: string
  model: Pick<ChargePointModel, 'maxCurrentA' | 'canPause'>
  /** What the vehicle can use, A; never below 6. */
  usefulA: number
  /** Spare time: until departure, less the time to charge at full power, ms. The least is served first. */
  laxityMs: number
}

/** What currents a socket may be given, A: 0, or at least `leastA`; in multiples of `stepA`, or anything where that is 0. */
export interface CurrentRule {
  leastA: number
  stepA: number
}

/** What charge points take: whole amperes, and none below the least of the standard (IEC 61851-1). */
const ampereRule: CurrentRule = { leastA, stepA: 1 }

/**
 * Shares a current among vehicles by least laxity: units that cannot pause get the least current first, whatever the capacity; then each in
 * the order of its urgency gets as much as it can use. Spreading the least current over all would starve the urgent ones. A rest that is too
 * small for the next vehicle is made up by those before it, so that nothing is left over that a vehicle could use, unless all have their
 * least. The total exceeds `capacityA` only if units that cannot pause need it.
 */
export function allocate(
  claims: readonly Claim[],
  capacityA: number,
  rule: CurrentRule = ampereRule,
): Map<string, number> {
  const order = [...claims].sort((a, b) => a.laxityMs - b.laxityMs || (a.key < b.key ? -1 : 1))
  const limits = Float64Array.from(order, ({ model }) => (model.canPause ? 0 : rule.leastA))
  let left = down(capacityA, rule) - limits.reduce((sum, limit) => sum + limit, 0)
  for (const [i, { usefulA, model }] of order.entries()) {
    if (left <= 0) break
    const had = limits[i] as number
    const mostA = Math.max(rule.leastA, down(Math.min(usefulA, model.maxCurrentA), rule))
    if (had === 0) left += makeRoom(limits.subarray(0, i), rule.leastA - left, rule)
    const limit = Math.min(mostA, had + left)
    if (limit < rule.leastA) continue
    limits[i] = limit
    left -= limit - had
  }
  return new Map(order.map(({ key }, i) => [key, limits[i] as number]))
}

/** Takes a current from those who have more than the least, the least urgent first, if together they can spare it; returns what it took. */
function makeRoom(limits: Float64Array, missingA: number, { leastA }: CurrentRule): number {
  const spareA = limits.reduce((sum, limit) => sum + Math.max(0, limit - leastA), 0)
  if (missingA <= 0 || spareA < missingA) return 0
  let still = missingA
  for (let i = limits.length - 1; still > 0; i--) {
    const taken = Math.min(still, Math.max(0, (limits[i] as number) - leastA))
    limits[i] = (limits[i] as number) - taken
    still -= taken
  }
  return missingA
}

function down(ampere: number, { stepA }: CurrentRule): number {
  return stepA === 0 ? ampere : Math.floor(ampere / stepA) * stepA
}
