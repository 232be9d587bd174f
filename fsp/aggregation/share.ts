import { type Horizon, laxityPeriods, type Stay } from './stays.ts'

/**
 * Shares what a unit draws now among the vehicles that are plugged in, W by key: those that must not be held back get all they can use, then
 * the others by least laxity. Nobody gets less than the least a charge point can be held at, but nothing: what would be too little goes to
 * the next who can use it.
 * @param stays as seen from the present: those that arrive in period 0.
 */
export function shareOut(stays: readonly Stay[], totalW: number, horizon: Horizon): Map<string, number> {
  const present = stays.filter(({ arrives, energyWh }) => arrives <= 0 && energyWh > 0)
  const laxity = Float64Array.from(present, (stay) =>
    stay.isUrgent ? Number.NEGATIVE_INFINITY : laxityPeriods(stay, horizon),
  )
  const order = Uint32Array.from(present, (_, i) => i)
  order.sort((a, b) => compare(laxity[a] ?? 0, laxity[b] ?? 0) || compare(present[a]?.key ?? '', present[b]?.key ?? ''))
  const shares = new Map<string, number>()
  let leftW = totalW
  for (const i of order) {
    const stay = present[i] as Stay
    // The last period of a charge takes what is left to do, but never less than the least.
    const usefulW = Math.max(stay.leastW, Math.min(stay.mostW, stay.energyWh / horizon.periodH))
    const shareW = stay.isUrgent ? usefulW : Math.min(usefulW, leftW)
    if (shareW < stay.leastW && !stay.isUrgent) continue
    shares.set(stay.key, shareW)
    leftW = Math.max(0, leftW - shareW)
  }
  return shares
}

function compare<T extends number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}
